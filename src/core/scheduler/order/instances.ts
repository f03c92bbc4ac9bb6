/** The actions of a collective (clone or bundle) as a whole, and what its instances' actions make of them. */

import { infinity } from "../../../decision/score.ts";
import { parseOperationKey } from "../../../formats/cib/operation-key.ts";
import { firstByTask } from "../actions/find-actions.ts";
import { resourcePseudoAction } from "../actions/resource-action.ts";
import { actionFlag, has, hasAny } from "../model/flags.ts";
import { rulesOf } from "../model/rules-of.ts";
import type { Action, ClusterNode, Resource } from "../model/types.ts";
import { memberTask } from "./complex-task.ts";

export type CollectiveActions = {
  readonly start: Action;
  readonly started: Action;
  readonly stop: Action;
  readonly stopped: Action;
};

type State = { active: boolean; starting: boolean; stopping: boolean; restarting: boolean };

export function createInstanceActions(
  collective: Resource,
  instances: readonly Resource[],
): CollectiveActions {
  const state: State = { active: false, starting: false, stopping: false, restarting: false };
  for (const instance of instances) {
    rulesOf(instance).createActions(instance);
    addState(instance, state);
  }
  const start = resourcePseudoAction(collective, "start", !state.starting, true);
  const started = resourcePseudoAction(collective, "running", !state.starting, false);
  started.priority = infinity;
  if (state.active || state.starting) started.flags |= actionFlag.runnable;
  const stop = resourcePseudoAction(collective, "stop", !state.stopping, true);
  const stopped = resourcePseudoAction(collective, "stopped", !state.stopping, true);
  stopped.priority = infinity;
  if (!state.restarting) stop.flags |= actionFlag.migratable;
  return { start, started, stop, stopped };
}

function addState(instance: Resource, state: State): void {
  if (instance.variant !== "primitive") {
    for (const child of instance.children) addState(child, state);
    return;
  }
  if (instance.active.length > 0) state.active = true;
  let starting = false;
  let stopping = false;
  for (const action of instance.actions) {
    if (has(action.flags, actionFlag.optional)) continue;
    if (action.task === "start" && has(action.flags, actionFlag.runnable)) starting = true;
    // A stop that is only a point in the order is implied by fencing.
    const willStop = hasAny(action.flags, actionFlag.pseudo | actionFlag.runnable);
    if (action.task === "stop" && willStop) stopping = true;
  }
  state.starting ||= starting;
  state.stopping ||= stopping;
  state.restarting ||= starting && stopping;
}

/** The collective's action is required if any instance's is, and can run if any instance's can. */
export function collectiveActionFlags(
  action: Action,
  instances: readonly Resource[],
  node: ClusterNode | undefined,
): number {
  const task = instanceTask(action);
  let flags = actionFlag.optional | actionFlag.runnable | actionFlag.pseudo;
  let anyRunnable = false;
  for (const instance of instances) {
    const where = instance.variant === "primitive" ? node : undefined;
    const own = firstByTask(instance, task, where);
    if (own === undefined) continue;
    const ownFlags = rulesOf(instance).actionFlags(own, node);
    if (has(flags, actionFlag.optional) && !has(ownFlags, actionFlag.optional)) {
      flags &= ~actionFlag.optional;
      action.flags &= ~actionFlag.optional;
    }
    if (has(ownFlags, actionFlag.runnable)) anyRunnable = true;
  }
  if (!anyRunnable) {
    flags &= ~actionFlag.runnable;
    if (node === undefined) action.flags &= ~actionFlag.runnable;
  }
  return flags;
}

/** What the instances do when the collective's action is this; a notification stands for what it announces. */
export function instanceTask(action: Action): string {
  const instance = action.resource?.children[0];
  let { task } = action;
  if (task === "notify" || task === "notified") {
    const announced = parseOperationKey(action.key)?.action.split("_notify_")[1];
    if (announced === undefined) return "no_action";
    task = announced;
  }
  return instance === undefined ? task : memberTask(instance, task);
}
