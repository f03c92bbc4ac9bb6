/** What the DC itself writes into the configuration: every node of the cluster, and what software it is. */
import { attribute, element, type XmlElement } from "../../formats/xml/xml-element.ts";
import type { CibChange } from "../cib/change.ts";
import { nodeNamed } from "../cib/read/nodes.ts";
import { sectionChildren } from "../cib/sections.ts";

/** The set that Pacemaker writes its own options into. */
const setId = "cib-bootstrap-options";

/** Undefined when all of it is there. @param version of Holdfast; "" writes none. */
export function ownConfiguration(
  cib: XmlElement,
  nodes: readonly string[],
  version: string,
): CibChange | undefined {
  const missing = nodes.filter((name) => nodeNamed(cib, name) === undefined);
  const changes = missing.map(
    (name): CibChange => ({
      kind: "create",
      at: { section: "nodes" },
      xml: element("node", { id: name, uname: name }),
    }),
  );
  const options = version === "" ? [] : softwareOptions(cib, version);
  return changes.length + options.length === 0
    ? undefined
    : { kind: "sequence", changes: [...changes, ...options] };
}

function softwareOptions(cib: XmlElement, version: string): readonly CibChange[] {
  const wanted = { "dc-version": version, "cluster-infrastructure": "holdfast" };
  const set = sectionChildren(cib, "crm_config").find((each) => attribute(each, "id") === setId);
  const written = new Map(
    set?.children.map((pair) => [attribute(pair, "name"), attribute(pair, "value")]),
  );
  const pairs = Object.entries(wanted)
    .filter(([name, value]) => written.get(name) !== value)
    .map(([name, value]) => element("nvpair", { id: `${setId}-${name}`, name, value }));
  if (pairs.length === 0) return [];
  const xml = element("cluster_property_set", { id: setId }, pairs);
  return [{ kind: "modify", at: { section: "crm_config" }, xml, allowCreate: true }];
}
