/** What keeps resources from nodes, and what commands wish: location constraints, evaluated. */
import type { LocationNote } from "../../../api/cluster-snapshot.ts";
import { endOf, markOf } from "../../../core/cib/edit/cli-constraints.ts";
import { sectionChildren } from "../../../core/cib/sections.ts";
import type { Cluster } from "../../../core/scheduler/model/types.ts";
import { role, roleName } from "../../../core/scheduler/values/role.ts";
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";

export function locationNotes(cib: XmlElement, cluster: Cluster): readonly LocationNote[] {
  const constraints = new Map(
    sectionChildren(cib, "constraints").map((each) => [attribute(each, "id") ?? "", each]),
  );
  const notes: LocationNote[] = [];
  for (const { id, resource, role: forRole, nodes } of cluster.locations.toReversed()) {
    const constraint = constraints.get(id);
    const byCommand = /^cli-(prefer|ban)-/.test(id);
    for (const { node, score } of nodes.toReversed()) {
      if (score >= 0 && !byCommand) continue;
      notes.push({
        id,
        resource: resource.id,
        node: node.name,
        nodeId: node.id,
        score,
        role: forRole === role.unknown ? undefined : roleName(forRole),
        byCommand,
        until: constraint && endOf(constraint),
        mark: constraint && markOf(constraint),
      });
    }
  }
  return notes;
}
