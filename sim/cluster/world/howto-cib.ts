/** The how-to's cluster as a change of the CIB: its options, its guests, and fence devices where there are some. */

import { assert, present } from "../../../src/base/assert.ts";
import { err, ok, type Result } from "../../../src/base/result.ts";
import type { CibChange } from "../../../src/core/cib/change.ts";
import { parseXml } from "../../../src/formats/xml/parse-xml.ts";
import type { XmlElement } from "../../../src/formats/xml/xml-element.ts";
import type { ClusterShape } from "./cluster-shape.ts";

export type ClusterSettings = {
  readonly fencing: boolean;
  /** Options beside the how-to's. */
  readonly options?: Readonly<Record<string, string>>;
  /** Resources without disks. */
  readonly dummies?: readonly string[];
};

/** Domain files, by path. */
export function domainFiles(shape: ClusterShape): ReadonlyMap<string, string> {
  return new Map(
    shape.guests.map(({ name, drbdResources }) => {
      const disks = drbdResources.map((each, i) => `'drbd:${each},xvd${"ab"[i] ?? "c"},w'`);
      const text = `name = "${name}"\nmemory = 64\nkernel = "/boot/vmlinuz"\ndisk = [${disks.join(", ")}]\n`;
      return [`/etc/xen/${name}.dom`, text];
    }),
  );
}

/** What an administrator loads into a new cluster. */
export function clusterChange(shape: ClusterShape, settings: ClusterSettings): CibChange {
  const guests = shape.guests.map(({ name }) => guestXml(name));
  const dummies = (settings.dummies ?? []).map(dummyXml);
  const devices = settings.fencing ? [deviceXml(shape.nodes)] : [];
  const resources = [...guests, ...dummies, ...devices].map(
    (text): CibChange => ({ kind: "create", at: { section: "resources" }, xml: xml(text) }),
  );
  const options: CibChange = {
    kind: "create",
    at: { section: "crm_config" },
    xml: xml(optionsXml(settings)),
  };
  return { kind: "sequence", changes: [options, ...resources] };
}

export function guestXml(name: string): string {
  return `<primitive id="${name}" class="ocf" provider="heartbeat" type="Xen">
    <operations>
      <op id="${name}-op01" name="monitor" interval="10s" timeout="60s"/>
      <op id="${name}-op02" name="start" interval="0" timeout="60s"/>
      <op id="${name}-op03" name="stop" interval="0" timeout="300s"/>
    </operations>
    <instance_attributes id="${name}-params">
      <nvpair id="${name}-xmfile" name="xmfile" value="/etc/xen/${name}.dom"/>
    </instance_attributes>
    <meta_attributes id="${name}-meta">
      <nvpair id="${name}-allow-migrate" name="allow-migrate" value="true"/>
      <nvpair id="${name}-target-role" name="target-role" value="Started"/>
    </meta_attributes>
  </primitive>`;
}

function dummyXml(name: string): string {
  return `<primitive id="${name}" class="ocf" provider="heartbeat" type="Dummy">
    <operations><op id="${name}-monitor" name="monitor" interval="10s" timeout="20s"/></operations>
  </primitive>`;
}

function deviceXml(nodes: readonly string[]): string {
  return `<primitive id="pdu" class="stonith" type="fence_pdu">
    <operations><op id="pdu-monitor" name="monitor" interval="60s" timeout="20s"/></operations>
    <instance_attributes id="pdu-params">
      <nvpair id="pdu-hosts" name="pcmk_host_list" value="${nodes.join(" ")}"/>
    </instance_attributes>
  </primitive>`;
}

function optionsXml({ fencing, options = {} }: ClusterSettings): string {
  const all = {
    "stonith-enabled": String(fencing),
    "symmetric-cluster": "true",
    "no-quorum-policy": "stop",
    ...options,
  };
  const pairs = Object.entries(all).map(
    ([name, value]) => `<nvpair id="bootstrap-${name}" name="${name}" value="${value}"/>`,
  );
  return `<cluster_property_set id="bootstrap">${pairs.join("")}</cluster_property_set>`;
}

function xml(text: string): XmlElement {
  const read: Result<XmlElement> = readXml(text);
  assert(read.ok, "the configuration is well-formed");
  return present(read.ok ? read.value : undefined, "the configuration");
}

function readXml(text: string): Result<XmlElement> {
  const read = parseXml(text);
  return read.ok ? ok(read.value) : err(read.error.message);
}
