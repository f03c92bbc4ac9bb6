/** The how-to's cluster as a change of the CIB: its options, its guests, and fence devices where there are some. */

import { assert, present } from "../../../src/base/assert.ts";
import { err, ok, type Result } from "../../../src/base/result.ts";
import type { CibChange } from "../../../src/core/cib/change.ts";
import type { CibSection } from "../../../src/core/cib/sections.ts";
import { parseXml } from "../../../src/formats/xml/parse-xml.ts";
import type { XmlElement } from "../../../src/formats/xml/xml-element.ts";
import type { ClusterShape } from "./cluster-shape.ts";

/** The fence device of clusters that say no more than that fencing is on. */
export const usualDevice = "pdu";

export type ClusterSettings = {
  readonly fencing: boolean;
  /** Fence devices for all nodes; one, pdu, with fencing on and nothing else said. */
  readonly devices?: readonly string[];
  /** Options beside the how-to's. */
  readonly options?: Readonly<Record<string, string>>;
  /** Resources without disks. */
  readonly dummies?: readonly string[];
  /** Of rsc_defaults. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** Further elements, each into the section where its kind stands. */
  readonly more?: readonly XmlElement[];
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
  const guests = shape.guests.map(({ name, nodeInside }) => guestXml(name, nodeInside));
  const dummies = (settings.dummies ?? []).map(dummyXml);
  const remotes = (shape.remotes ?? []).map(remoteXml);
  const outlets = [...shape.nodes, ...(shape.remotes ?? [])];
  const devices = (settings.devices ?? (settings.fencing ? [usualDevice] : [])).map((id) =>
    deviceXml(id, outlets),
  );
  const resources = [...guests, ...remotes, ...dummies, ...devices].map(
    (text): CibChange => ({ kind: "create", at: { section: "resources" }, xml: xml(text) }),
  );
  const options: CibChange = {
    kind: "create",
    at: { section: "crm_config" },
    xml: xml(optionsXml(settings)),
  };
  const { defaults = {}, more = [] } = settings;
  const changes = [options, ...defaultsChange(defaults), ...resources, ...more.map(creation)];
  return { kind: "sequence", changes };
}

/** Puts an element where such elements stand in a configuration. */
export function creation(element: XmlElement): CibChange {
  return { kind: "create", at: { section: sectionOf(element) }, xml: element };
}

function sectionOf({ name }: XmlElement): CibSection {
  if (name.startsWith("rsc_")) return "constraints";
  if (name === "fencing-level") return "fencing-topology";
  if (name === "tag") return "tags";
  if (name === "acl_role" || name === "acl_target") return "acls";
  return name === "node" ? "nodes" : "resources";
}

function defaultsChange(defaults: Readonly<Record<string, string>>): readonly CibChange[] {
  const pairs = Object.entries(defaults).map(
    ([name, value]) => `<nvpair id="defaults-${name}" name="${name}" value="${value}"/>`,
  );
  if (pairs.length === 0) return [];
  const set = xml(`<meta_attributes id="defaults">${pairs.join("")}</meta_attributes>`);
  return [{ kind: "create", at: { section: "rsc_defaults" }, xml: set }];
}

function guestXml(name: string, nodeInside: string | undefined): string {
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
      ${nodeInside === undefined ? "" : `<nvpair id="${name}-node" name="remote-node" value="${nodeInside}"/>`}
    </meta_attributes>
  </primitive>`;
}

function remoteXml(name: string): string {
  return `<primitive id="${name}" class="ocf" provider="pacemaker" type="remote">
    <operations>
      <op id="${name}-monitor" name="monitor" interval="10s" timeout="5s"/>
      <op id="${name}-start" name="start" interval="0" timeout="20s"/>
    </operations>
    <meta_attributes id="${name}-meta">
      <nvpair id="${name}-allow-migrate" name="allow-migrate" value="true"/>
    </meta_attributes>
  </primitive>`;
}

function dummyXml(name: string): string {
  return `<primitive id="${name}" class="ocf" provider="heartbeat" type="Dummy">
    <operations><op id="${name}-monitor" name="monitor" interval="10s" timeout="20s"/></operations>
  </primitive>`;
}

function deviceXml(id: string, nodes: readonly string[]): string {
  return `<primitive id="${id}" class="stonith" type="fence_pdu">
    <operations><op id="${id}-monitor" name="monitor" interval="60s" timeout="20s"/></operations>
    <instance_attributes id="${id}-params">
      <nvpair id="${id}-hosts" name="pcmk_host_list" value="${nodes.join(" ")}"/>
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
