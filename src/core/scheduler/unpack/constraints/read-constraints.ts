/** <constraints>, in the order in which they are written. */
import { attribute, type XmlElement } from "../../../../formats/xml/xml-element.ts";
import { pingNodeBans } from "../../../cib/upgrade/latest-constraints.ts";
import { configError } from "../../model/issues.ts";
import type { Cluster } from "../../model/types.ts";
import { sectionNamed } from "../status.ts";
import { readColocation } from "./colocation.ts";
import { readLocation } from "./location.ts";
import { readOrdering } from "./ordering.ts";
import { readTicketConstraint } from "./ticket.ts";

type Reader = (cluster: Cluster, constraint: XmlElement) => void;

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["rsc_order", readOrdering],
  ["rsc_colocation", readColocation],
  ["rsc_location", readLocation],
  ["rsc_ticket", readTicketConstraint],
]);

export function readConstraints(cluster: Cluster): void {
  const configuration = sectionNamed(cluster.input, "configuration");
  const section = sectionNamed(configuration, "constraints");
  for (const constraint of section?.children ?? []) {
    const read = readers.get(constraint.name);
    if (read === undefined || attribute(constraint, "id") === undefined) {
      configError(cluster, `<${constraint.name}> is no valid constraint`);
    } else {
      read(cluster, constraint);
    }
  }
  if (configuration === undefined) return;
  for (const ban of pingNodeBans(configuration)) readLocation(cluster, ban);
}
