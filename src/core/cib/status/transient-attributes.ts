/** <transient_attributes>: what holds for a node until it leaves the cluster. */
import { sanitizedId } from "../../../formats/cib/sanitized-id.ts";
import { xpathLiteral } from "../../../formats/cib/xpath/literal.ts";
import {
  attribute,
  childrenNamed,
  element,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import type { CibChange } from "../change.ts";
import { sectionChildren } from "../sections.ts";
import { inStatus } from "./node-state.ts";
import type { StatusNode } from "./operation-result.ts";

/** `value` may be "value++" or "value+=N", which count from what is there. Undefined takes the attribute out. */
export function transientAttributeChange(
  node: StatusNode,
  name: string,
  value: string | undefined,
): CibChange {
  if (value === undefined) {
    const pair = `nvpair[@name=${xpathLiteral(name)}]`;
    const sets = `/cib/status/node_state[@id=${xpathLiteral(node.id)}]/transient_attributes/*`;
    return { kind: "delete", at: { xpath: `${sets}/${pair}` }, everyMatch: true };
  }
  const state = element("node_state", { id: node.id, uname: node.uname }, [
    attributeSet(node, { [name]: value }),
  ]);
  return inStatus(state);
}

export function attributeSet(
  node: StatusNode,
  values: Readonly<Record<string, string>>,
): XmlElement {
  const setId = `status-${node.id}`;
  const pairs = Object.entries(values).map(([name, value]) =>
    element("nvpair", { id: `${setId}-${sanitizedId(name)}`, name, value }),
  );
  const set = element("instance_attributes", { id: setId }, pairs);
  return element("transient_attributes", { id: node.id }, [set]);
}

/** What is set for a node, by its id; empty where nothing is known of it. */
export function transientAttributes(cib: XmlElement, nodeId: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const state of sectionChildren(cib, "status")) {
    if (state.name !== "node_state" || attribute(state, "id") !== nodeId) continue;
    for (const outer of childrenNamed(state, "transient_attributes")) {
      for (const pair of outer.children.flatMap((set) => childrenNamed(set, "nvpair"))) {
        const [name, value] = [attribute(pair, "name"), attribute(pair, "value")];
        if (name !== undefined && value !== undefined && !values.has(name)) values.set(name, value);
      }
    }
  }
  return values;
}
