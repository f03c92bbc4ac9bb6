/** The remote nodes, and guests that are nodes: by the resources that connect to them, and by what was connected to. */
import { attribute, childrenNamed, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { sectionChildren } from "../sections.ts";
import type { StatusNode } from "../status/operation-result.ts";
import { resourcesOf } from "./resource-lookup.ts";

/** Each goes by its name alone. */
export function remoteNodesOf(cib: XmlElement): readonly StatusNode[] {
  const configured = resourcesOf(cib).flatMap(({ element }) => nodeOf(element) ?? []);
  const connected = sectionChildren(cib, "status")
    .filter((state) => attribute(state, "remote_node") === "true")
    .map((state) => attribute(state, "uname") ?? "");
  return [...new Set([...configured, ...connected])].map((name) => ({ id: name, uname: name }));
}

/** Names of those that were fenced and have not been connected to since. */
export function fencedRemotes(cib: XmlElement): readonly string[] {
  return sectionChildren(cib, "status").flatMap((state) => {
    const name = attribute(state, "uname");
    return name !== undefined && attribute(state, "node_fenced") === "1" ? [name] : [];
  });
}

/** The node that a resource makes: a connection the one of its name, a guest the one that its `remote-node` says. */
function nodeOf(resource: XmlElement): string | undefined {
  const { class: agentClass, provider, type } = resource.attributes;
  if (agentClass === "ocf" && provider === "pacemaker" && type === "remote") {
    return attribute(resource, "id");
  }
  const pairs = childrenNamed(resource, "meta_attributes").flatMap((set) => set.children);
  const meant = pairs.find((pair) => attribute(pair, "name") === "remote-node");
  return meant && attribute(meant, "value");
}
