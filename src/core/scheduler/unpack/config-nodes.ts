/** <nodes>: the members and remote nodes that the configuration lists. */
import { scoreOr } from "../../../decision/score.ts";
import { attribute, childrenNamed, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { configError } from "../model/issues.ts";
import { addNode } from "../model/nodes.ts";
import type { Cluster, ClusterNode } from "../model/types.ts";
import { readNodeAttributes } from "./node-attributes.ts";

export function readConfigNodes(cluster: Cluster, section: XmlElement | undefined): void {
  if (section === undefined) return;
  for (const entry of childrenNamed(section, "node")) {
    const id = attribute(entry, "id");
    if (id === undefined) {
      configError(cluster, "a <node> has no id");
      continue;
    }
    const given = (attribute(entry, "type") ?? "member").toLowerCase();
    // A node that only answered pings is a member where nothing may run (constraints/read-constraints.ts bans it).
    const type = given === "ping" ? "member" : given;
    if (type !== "member" && type !== "remote") {
      // Nothing after an entry of unknown type is read: Pacemaker's rule.
      configError(cluster, `node ${id}: type '${type}' is not known`);
      return;
    }
    const node = addNode(cluster, {
      id,
      name: attribute(entry, "uname") ?? id,
      kind: type,
      score: scoreOr(attribute(entry, "score"), 0),
    });
    presumeLost(cluster, node);
    readNodeAttributes(cluster, node, entry, false);
  }
}

/**
 * Safety: a node of which nothing has been heard may run anything. It stays unclean until its state is read, unless
 * startup-fencing is off. A remote node without a connection resource is a leftover entry and nothing to fence.
 */
export function presumeLost(cluster: Cluster, node: ClusterNode): void {
  if (node.kind === "remote" && node.connection === undefined) return;
  node.unclean = cluster.settings.startupFencing;
  if (node.unclean) node.whyUnclean = "nothing has been heard of it";
}
