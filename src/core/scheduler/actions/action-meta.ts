/**
 * The meta-attributes of actions. A large cluster has tens of thousands of actions that differ in little: those that begin
 * alike and are changed alike share one map.
 */
import type { Action } from "../model/types.ts";

export function setMeta(action: Action, name: string, value: string): void {
  const { meta, cluster } = action;
  if (meta.get(name) === value) return;
  const byValue = mapIn(mapIn(cluster.changedMeta, meta), name);
  let changed = byValue.get(value);
  if (changed === undefined) {
    changed = new Map(meta).set(name, value);
    byValue.set(value, changed);
  }
  action.meta = changed;
}

function mapIn<K, L, V>(maps: Map<K, Map<L, V>>, key: K): Map<L, V> {
  const known = maps.get(key);
  if (known !== undefined) return known;
  const made = new Map<L, V>();
  maps.set(key, made);
  return made;
}

/** For what no other action has, like the lists of a notification. */
export function addOwnMeta(action: Action, values: Iterable<readonly [string, string]>): void {
  action.meta = new Map([...action.meta, ...values]);
}

/** The return code that counts as success, where it is not 0. */
export function expectResult(action: Action, returnCode: number): void {
  setMeta(action, "op_target_rc", String(returnCode));
}
