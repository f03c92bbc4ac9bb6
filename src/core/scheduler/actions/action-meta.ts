/**
 * The meta-attributes of actions. A large cluster has tens of thousands of actions that differ in little: those that begin
 * alike and are changed alike share one map.
 */
import type { Action } from "../model/types.ts";

export function setMeta(action: Action, name: string, value: string): void {
  const { meta, cluster } = action;
  if (meta.get(name) === value) return;
  const change = `${name}=${value}`;
  let changed = cluster.changedMeta.get(meta);
  if (changed === undefined) {
    changed = new Map();
    cluster.changedMeta.set(meta, changed);
  }
  let result = changed.get(change);
  if (result === undefined) {
    result = new Map(meta).set(name, value);
    changed.set(change, result);
  }
  action.meta = result;
}

/** For what no other action has, like the lists of a notification. */
export function addOwnMeta(action: Action, values: Iterable<readonly [string, string]>): void {
  action.meta = new Map([...action.meta, ...values]);
}

/** The return code that counts as success, where it is not 0. */
export function expectResult(action: Action, returnCode: number): void {
  setMeta(action, "op_target_rc", String(returnCode));
}
