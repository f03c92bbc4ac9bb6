/** The CIB of a cluster as the how-to makes it: options and guests in the language of Heartbeat 2. */
import type { CibChange } from "../../src/core/cib/change.ts";
import { translateChange } from "../../src/core/cib/upgrade/translate-change.ts";
import { type MemoryCluster, xml } from "./memory-cluster.ts";

export function howto(...guests: readonly string[]): CibChange {
  return { kind: "sequence", changes: [options, ...guests.map(guest)] };
}

/** Starts all hosts, loads it on the first one, and waits until everything runs. */
export function startedHowto(cluster: MemoryCluster, ...guests: readonly string[]): void {
  cluster.startAll();
  const { name } = cluster.untilDc();
  load(cluster, howto(...guests));
  cluster.settle(name);
}

/** Translated, as the shell does it. */
export function load(cluster: MemoryCluster, change: CibChange): void {
  const host = cluster.hosts.find((each) => each.isRunning);
  if (host === undefined) throw new Error("nobody runs");
  const reply = cluster.change(host.name, translateChange(host.node.cib, change).change);
  if (!reply.ok) throw new Error(reply.error.message);
}

const options: CibChange = {
  kind: "create",
  at: { section: "crm_config" },
  xml: xml(`<cluster_property_set id="bootstrap"><attributes>
    <nvpair id="bootstrap04" name="stonith_enabled" value="false"/>
    <nvpair id="bootstrap06" name="symmetric_cluster" value="true"/>
    <nvpair id="bootstrap07" name="no_quorum_policy" value="stop"/>
  </attributes></cluster_property_set>`),
};

function guest(id: string): CibChange {
  return {
    kind: "create",
    at: { section: "resources" },
    xml: xml(`<resources><primitive id="${id}" class="ocf" type="Xen" provider="heartbeat"><operations>
      <op id="${id}-op01" name="monitor" interval="10s" timeout="60s" prereq="nothing"/>
      <op id="${id}-op02" name="start" timeout="60s" start_delay="0"/>
      <op id="${id}-op03" name="stop" timeout="300s"/></operations>
      <instance_attributes id="${id}"><attributes>
        <nvpair id="${id}-attr01" name="xmfile" value="/etc/xen/${id}.dom"/>
        <nvpair id="${id}-attr02" name="target_role" value="started"/>
      </attributes></instance_attributes>
      <meta_attributes id="${id}-meta01"><attributes>
        <nvpair id="${id}-meta-attr01" name="allow_migrate" value="true"/>
      </attributes></meta_attributes></primitive></resources>`),
  };
}

/** A cluster option, as crm_attribute sets it. */
export function option(name: string, value: string): CibChange {
  // The how-to's own pair of that meaning, where it has one.
  const id = name === "stonith-enabled" ? "bootstrap04" : `test-${name}`;
  return {
    kind: "modify",
    at: { section: "crm_config" },
    allowCreate: true,
    xml: xml(
      `<cluster_property_set id="bootstrap"><nvpair id="${id}" name="${name}" value="${value}"/></cluster_property_set>`,
    ),
  };
}

/** A fence device that can switch all nodes, and fencing on. */
export const fencingOn: CibChange = {
  kind: "sequence",
  changes: [
    {
      kind: "create",
      at: { section: "resources" },
      xml: xml(`<primitive id="pdu" class="stonith" type="fence_lab"><instance_attributes id="pdu-ia">
        <nvpair id="pdu-hosts" name="pcmk_host_list" value="xen1 xen2 xen3"/></instance_attributes></primitive>`),
    },
    option("stonith-enabled", "true"),
  ],
};

/** What crm_resource --move writes. */
export function move(resource: string, node: string): CibChange {
  return {
    kind: "modify",
    at: { section: "constraints" },
    allowCreate: true,
    xml: xml(
      `<rsc_location id="cli-prefer-${resource}" rsc="${resource}" node="${node}" score="INFINITY"/>`,
    ),
  };
}

/** What crm_resource --meta --parameter-name target-role writes. */
export function targetRole(resource: string, role: "Started" | "Stopped"): CibChange {
  return {
    kind: "modify",
    at: { section: "resources" },
    xml: xml(`<nvpair id="${resource}-attr02" name="target-role" value="${role}"/>`),
  };
}

/** What crm_attribute --node and crm_standby write. */
export function nodeAttribute(node: string, name: string, value: string): CibChange {
  return {
    kind: "modify",
    at: { section: "nodes" },
    xml: xml(
      `<node id="${node}" uname="${node}"><instance_attributes id="nodes-${node}"><nvpair id="nodes-${node}-${name}" name="${name}" value="${value}"/></instance_attributes></node>`,
    ),
  };
}
