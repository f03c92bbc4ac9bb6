/** Keys of operations: RESOURCE_TASK_INTERVAL, the interval in milliseconds. */
import { formatOperationKey } from "../../../formats/cib/operation-key.ts";

export function opKey(resource: string, task: string, intervalMs: number): string {
  return formatOperationKey({ resource, action: task, intervalMs });
}

/** Keys of the notifications around a task. */
export function notifyKey(resource: string, when: string, task: string): string {
  return opKey(resource, `${when}_notify_${task}`, 0);
}
