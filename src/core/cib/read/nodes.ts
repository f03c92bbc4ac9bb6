/** The configured nodes. */
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { sectionChildren } from "../sections.ts";
import type { StatusNode } from "../status/operation-result.ts";

/** In the order in which they are configured. */
export function nodesOf(cib: XmlElement): readonly StatusNode[] {
  return sectionChildren(cib, "nodes")
    .filter((each) => each.name === "node")
    .map((each) => ({
      id: attribute(each, "id") ?? "",
      uname: attribute(each, "uname") ?? attribute(each, "id") ?? "",
    }));
}

/** By name, in any case. */
export function nodeNamed(cib: XmlElement, name: string): StatusNode | undefined {
  const wanted = name.toLowerCase();
  return nodesOf(cib).find((node) => node.uname.toLowerCase() === wanted);
}
