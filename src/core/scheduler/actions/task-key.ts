/** The key of a resource's one-off action, which is asked for again and again and made once. */
import type { Resource } from "../model/types.ts";
import { opKey } from "../values/op-key.ts";

export function taskKey({ id, taskKeys }: Resource, task: string): string {
  const known = taskKeys.get(task);
  if (known !== undefined) return known;
  const key = opKey(id, task, 0);
  taskKeys.set(task, key);
  return key;
}
