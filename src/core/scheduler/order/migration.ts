/** Live migration: migrate_to on the source, migrate_from on the target, stop on the source; the start is only a point in the order. */
import { setMeta } from "../actions/action-meta.ts";
import { taskAction } from "../actions/resource-action.ts";
import { actionFlag, edge } from "../model/flags.ts";
import type { Action, ClusterNode, Resource } from "../model/types.ts";
import { orderTasks } from "./new-ordering.ts";

export function canMigrate(resource: Resource, current: ClusterNode): boolean {
  return (
    resource.migratable &&
    resource.managed &&
    !resource.failed &&
    !resource.startPending &&
    !current.unclean &&
    resource.assigned !== undefined &&
    !resource.assigned.unclean
  );
}

export function createMigration(resource: Resource, current: ClusterNode): void {
  const { assigned, partialMigrationTarget } = resource;
  if (assigned === undefined) return;
  const start = taskAction(resource, "start", assigned, true);
  const stop = taskAction(resource, "stop", current, true);
  const underWay = partialMigrationTarget !== undefined;
  const to = underWay ? undefined : taskAction(resource, "migrate_to", current, true);
  const from = taskAction(resource, "migrate_from", assigned, true);
  start.flags |= actionFlag.migratable | actionFlag.pseudo;
  stop.flags |= actionFlag.migratable;
  from.flags |= actionFlag.migratable;
  const blocks = edge.order | edge.unmigratableNextBlocks;
  if (to === undefined) {
    from.needs = start.needs;
    orderTasks(resource, "monitor", resource, "migrate_from", edge.order);
  } else {
    to.flags |= actionFlag.migratable;
    to.needs = start.needs;
    orderTasks(resource, "monitor", resource, "migrate_to", edge.order);
    orderTasks(resource, "migrate_to", resource, "migrate_from", blocks);
  }
  orderTasks(resource, "migrate_from", resource, "stop", blocks);
  orderTasks(resource, "migrate_from", resource, "start", blocks | edge.firstElseNext);
  if (to !== undefined) {
    nameEnds(to, current, assigned);
    // If the source is lost meanwhile, the target may have the guest: the record must tell.
    if (!resource.remoteConnection) setMeta(to, "record-pending", "true");
  }
  nameEnds(from, current, assigned);
}

/** Both migration actions succeeded, but the source was never stopped. */
export function stopDanglingSource(resource: Resource, source: ClusterNode): void {
  taskAction(resource, "stop", source, false).flags |= actionFlag.migrationAbort;
}

function nameEnds(action: Action, source: ClusterNode, target: ClusterNode): void {
  setMeta(action, "migrate_source", source.name);
  setMeta(action, "migrate_target", target.name);
}
