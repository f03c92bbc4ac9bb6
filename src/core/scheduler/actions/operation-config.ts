/** The <op> elements of a resource: which one configures an operation. */
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import { intervalMsOr } from "../../../formats/cib/interval.ts";
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { Resource } from "../model/types.ts";

export type OperationQuery = {
  readonly task: string;
  readonly intervalMs: number;
  readonly disabledToo: boolean;
};

/** migrate_to and migrate_from may be configured together, as "migrate". */
export function findOperation(resource: Resource, query: OperationQuery): XmlElement | undefined {
  const exact = findExact(resource, query);
  if (exact !== undefined) return exact;
  if (query.task !== "migrate_to" && query.task !== "migrate_from") return undefined;
  return findExact(resource, { ...query, task: "migrate", intervalMs: 0 });
}

export function findExact(resource: Resource, query: OperationQuery): XmlElement | undefined {
  return resource.operations.find(
    (operation) =>
      attribute(operation, "name") === query.task &&
      intervalOf(operation) === query.intervalMs &&
      (query.disabledToo || isEnabled(operation)),
  );
}

/** The enabled recurring monitor with the shortest interval. */
export function mostFrequentMonitor(resource: Resource): XmlElement | undefined {
  let best: XmlElement | undefined;
  let shortest = Number.POSITIVE_INFINITY;
  for (const operation of resource.operations) {
    const interval = intervalOf(operation);
    if (attribute(operation, "name") !== "monitor" || interval === 0) continue;
    if (!isEnabled(operation) || interval >= shortest) continue;
    shortest = interval;
    best = operation;
  }
  return best;
}

export function intervalOf(operation: XmlElement): number {
  return intervalMsOr(attribute(operation, "interval"), 0);
}

export function isEnabled(operation: XmlElement): boolean {
  return booleanOr(attribute(operation, "enabled"), true);
}
