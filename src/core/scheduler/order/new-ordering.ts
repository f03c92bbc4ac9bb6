/**
 * Orderings between actions that may not exist yet. They are kept in the order of their making and applied together
 * (apply-orderings.ts). An ordering that concerns a start or stop also concerns the migration that may replace it.
 */
import { parseOperationKey } from "../../../formats/cib/operation-key.ts";
import { taskKey } from "../actions/task-key.ts";
import { edge } from "../model/flags.ts";
import { isAncestor } from "../model/resources.ts";
import type { Action, Cluster, Ordering, Resource } from "../model/types.ts";

export type OrderingWish = {
  readonly firstResource?: Resource | undefined;
  readonly firstKey?: string;
  readonly first?: Action | undefined;
  readonly nextResource?: Resource | undefined;
  readonly nextKey?: string;
  readonly next?: Action | undefined;
  readonly flags: number;
};

export function newOrdering(cluster: Cluster, wish: OrderingWish): void {
  const { first, next } = wish;
  const ordering: Ordering = {
    flags: wish.flags,
    firstResource: wish.firstResource ?? first?.resource,
    firstKey: wish.firstKey ?? first?.key,
    first,
    nextResource: wish.nextResource ?? next?.resource,
    nextKey: wish.nextKey ?? next?.key,
    next,
  };
  cluster.orderings.push(ordering);
  orderMigrations(ordering);
}

/** The one-off action of one resource before that of another. */
export function orderTasks(
  first: Resource,
  firstTask: string,
  next: Resource,
  nextTask: string,
  flags: number,
): void {
  newOrdering(first.cluster, {
    firstResource: first,
    firstKey: taskKey(first, firstTask),
    nextResource: next,
    nextKey: taskKey(next, nextTask),
    flags,
  });
}

function orderMigrations(ordering: Ordering): void {
  const { firstResource: first, nextResource: next } = ordering;
  if (first === undefined || next === undefined || first === next) return;
  if (!first.migratable && !next.migratable) return;
  if (isAncestor(next, first) || isAncestor(first, next)) return;
  const firstTask = ordering.first?.task ?? taskOf(ordering.firstKey);
  const nextTask = ordering.next?.task ?? taskOf(ordering.nextKey);
  const add = (a: string, b: string, flags: number): void => orderTasks(first, a, next, b, flags);
  const unlessMigrating = first.migratable ? edge.unlessFirstMigrates : 0;
  const continuing = next.partialMigrationTarget !== undefined;
  switch (`${firstTask} then ${nextTask}`) {
    case "start then start":
      if (first.migratable && next.migratable) add("migrate_from", "migrate_to", edge.order);
      if (next.migratable) add("start", "migrate_to", edge.order | unlessMigrating);
      return;
    case "stop then stop":
      if (!next.migratable) return;
      add("stop", "migrate_to", edge.order | unlessMigrating);
      if (continuing) add("stop", "migrate_from", edge.order | unlessMigrating);
      return;
    case "promote then start":
      if (next.migratable) add("promote", "migrate_to", edge.order);
      return;
    case "demote then stop":
      if (!next.migratable) return;
      add("demote", "migrate_to", edge.order);
      if (continuing) add("demote", "migrate_from", edge.order);
      return;
    default:
  }
}

function taskOf(key: string | undefined): string | undefined {
  return key === undefined ? undefined : parseOperationKey(key)?.action;
}
