/**
 * The actions of a primitive: down to stopped and up again on the way it has to go. Most are created as optional;
 * what needs them makes them required. A restart is planned even where it is not needed now, because orderings may
 * come to need it.
 */

import { setReason } from "../actions/create-action.ts";
import { fenceAction } from "../actions/fencing.ts";
import { taskActions } from "../actions/find-actions.ts";
import { link } from "../actions/link.ts";
import { taskAction } from "../actions/resource-action.ts";
import { actionFlag, edge } from "../model/flags.ts";
import { activityOf } from "../model/resources.ts";
import type { ClusterNode, Resource } from "../model/types.ts";
import { type Role, role } from "../values/role.ts";
import { canMigrate, createMigration, stopDanglingSource } from "./migration.ts";
import { createRecurring } from "./recurring.ts";
import { orderAfterUnfencing } from "./unfencing.ts";

type Step = (resource: Resource, node: ClusterNode | undefined, optional: boolean) => void;

/** The next role on the way from one role (row) to another (column). */
const nextRole: readonly (readonly Role[])[] = [
  [role.unknown, role.stopped, role.stopped, role.stopped, role.stopped],
  [role.stopped, role.stopped, role.started, role.unpromoted, role.unpromoted],
  [role.stopped, role.stopped, role.started, role.unpromoted, role.promoted],
  [role.stopped, role.stopped, role.stopped, role.unpromoted, role.promoted],
  [role.stopped, role.unpromoted, role.unpromoted, role.unpromoted, role.promoted],
];

/** What it takes from one role (row) directly to another (column); nothing where they are as good as the same. */
const steps: readonly (readonly (Step | undefined)[])[] = [
  [undefined, stop, undefined, undefined, undefined],
  [undefined, undefined, start, start, undefined],
  [undefined, stop, undefined, undefined, promote],
  [undefined, stop, stop, undefined, promote],
  [undefined, demote, demote, demote, undefined],
];

export function createPrimitiveActions(resource: Resource): void {
  if (resource.nextRole === role.unknown) {
    resource.nextRole = resource.assigned === undefined ? role.stopped : role.started;
  }
  const { node: current, all, clean } = activityOf(resource);
  for (let i = resource.danglingSources.length - 1; i >= 0; i--) {
    stopDanglingSource(resource, resource.danglingSources[i] as ClusterNode);
  }
  const moving =
    current !== undefined &&
    resource.assigned !== undefined &&
    current !== resource.assigned &&
    resource.nextRole >= role.started;
  const need: Need = {
    stop: moving,
    promote: false,
    migrate: moving && canMigrate(resource, current),
  };
  judgeActivity(resource, current, { all, clean }, need);
  if (resource.startPending) {
    taskAction(resource, "start", resource.assigned, true).flags |= actionFlag.alwaysInGraph;
  }
  if (!moving) judgeStaying(resource, current, need);
  scheduleRestart(resource, current, need);
  scheduleRoleChange(resource);
  createRecurring(resource);
  if (need.migrate && current !== undefined) createMigration(resource, current);
}

type Need = { stop: boolean; promote: boolean; migrate: boolean };

/** A migration under way goes on if it still leads where the resource shall be; else all is stopped first. */
function judgeActivity(
  resource: Resource,
  current: ClusterNode | undefined,
  { all, clean }: { readonly all: number; readonly clean: number },
  need: Need,
): void {
  const { partialMigrationSource: source, partialMigrationTarget: target } = resource;
  let multiplyActive = false;
  const underWay = source !== undefined && target !== undefined;
  if (underWay && need.migrate && all === 2 && current === source && resource.assigned === target) {
    // It goes on.
  } else if (source !== undefined || target !== undefined) {
    need.stop = true;
    resource.partialMigrationSource = undefined;
    resource.partialMigrationTarget = undefined;
    need.migrate = false;
  } else {
    // What needs no fencing does not count as active on an unclean node.
    multiplyActive = (resource.needsFencing ? all : clean) > 1;
  }
  resource.stopUnexpected = multiplyActive && resource.multipleActive === "stop_unexpected";
  const restart = resource.multipleActive === "stop_start" || resource.stopUnexpected;
  if (multiplyActive && restart) need.stop = true;
}

function judgeStaying(resource: Resource, current: ClusterNode | undefined, need: Need): void {
  if (resource.failed) {
    if (resource.stopIfFailed) need.stop = true;
    else if (resource.nextRole === role.promoted) need.promote = true;
  } else if (resource.blocked) {
    need.stop = true;
  } else if (
    resource.role > role.started &&
    current !== undefined &&
    resource.assigned !== undefined
  ) {
    const again = taskAction(resource, "start", resource.assigned, true);
    if ((again.flags & actionFlag.optional) === 0) need.stop = true;
  }
}

function scheduleRestart(resource: Resource, current: ClusterNode | undefined, need: Need): void {
  resource.restarting = true;
  let at = resource.role;
  while (at !== role.stopped) {
    const next = nextRole[at]?.[role.stopped] as Role;
    const step = steps[at]?.[next];
    if (step === undefined) break;
    step(resource, current, !need.stop);
    at = next;
  }
  while (resource.role <= resource.nextRole && at !== resource.role && !resource.blocked) {
    const next = nextRole[at]?.[resource.role] as Role;
    const step = steps[at]?.[next];
    if (step === undefined) break;
    const required = need.stop || (next === role.promoted && need.promote);
    step(resource, resource.assigned, !required);
    at = next;
  }
  resource.restarting = false;
}

function scheduleRoleChange(resource: Resource): void {
  let at = resource.role;
  while (at !== resource.nextRole) {
    const next = nextRole[at]?.[resource.nextRole] as Role;
    const step = steps[at]?.[next];
    if (step === undefined) return;
    step(resource, resource.assigned, false);
    at = next;
  }
}

/** With multiple-active=stop_unexpected the resource is left alone where it should be. */
function isExpectedNode(resource: Resource, node: ClusterNode | undefined): boolean {
  return (
    resource.stopUnexpected &&
    resource.restarting &&
    resource.nextRole > role.stopped &&
    node !== undefined &&
    resource.assigned === node
  );
}

function stop(resource: Resource, _node: ClusterNode | undefined, given: boolean): void {
  let optional = given;
  for (const node of resource.active) {
    if (isExpectedNode(resource, node)) continue;
    const { partialMigrationTarget: target } = resource;
    if (target !== undefined) {
      if (node === target && node === resource.assigned) continue;
      optional = false;
    }
    stopOn(resource, node, optional);
  }
}

function stopOn(resource: Resource, node: ClusterNode, optional: boolean): void {
  const { cluster } = resource;
  const action = taskAction(resource, "stop", node, optional);
  if (resource.assigned === undefined) setReason(action, "node availability", true);
  else if (resource.restarting && resource.stopUnexpected) {
    setReason(action, "being multiply active", true);
  }
  if (!resource.managed) action.flags &= ~actionFlag.runnable;
  if (resource.needsUnfencing) {
    const unfence = fenceAction(cluster, node, { how: "on", optional: true });
    link(action, unfence, edge.nextNeedsFirst);
  }
}

function start(resource: Resource, node: ClusterNode | undefined, optional: boolean): void {
  const action = taskAction(resource, "start", node, true);
  if (node !== undefined) orderAfterUnfencing(resource, node, action, edge.firstForcesNext);
  if ((action.flags & actionFlag.runnable) !== 0 && !optional) action.flags &= ~actionFlag.optional;
  if (isExpectedNode(resource, node)) action.flags |= actionFlag.pseudo;
}

function promote(resource: Resource, node: ClusterNode | undefined, optional: boolean): void {
  const runnable = taskActions(resource, "start", node, true).every(
    (action) => (action.flags & actionFlag.runnable) !== 0,
  );
  if (runnable) {
    const action = taskAction(resource, "promote", node, optional);
    if (isExpectedNode(resource, node)) action.flags |= actionFlag.pseudo;
    return;
  }
  for (const action of taskActions(resource, "promote", node, true)) {
    action.flags &= ~actionFlag.runnable;
  }
}

/** On every node where it is active, whichever is the one it shall be on. */
function demote(resource: Resource, _node: ClusterNode | undefined, optional: boolean): void {
  for (const node of resource.active) {
    if (!isExpectedNode(resource, node)) taskAction(resource, "demote", node, optional);
  }
}
