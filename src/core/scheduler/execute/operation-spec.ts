/** RESOURCE_TASK_INTERVAL@NODE=RC, as crm_simulate's --op-inject and --op-fail name an operation and its result. */
import { err, ok, type Result } from "../../../base/result.ts";
import { parseOperationKey } from "../../../formats/cib/operation-key.ts";

export type OperationSpec = {
  readonly resource: string;
  readonly task: string;
  readonly intervalMs: number;
  readonly node: string;
  /** OCF return code. */
  readonly rc: number;
  readonly text: string;
};

/** The error is a clause for people. */
export function parseOperationSpec(text: string): Result<OperationSpec> {
  const parts = /^(.+)@(.+)=(\d{1,3})$/s.exec(text);
  const [, keyText = "", node = "", rc = ""] = parts ?? [];
  const key = parseOperationKey(keyText);
  if (parts === null || key === undefined)
    return err(`"${text}" is not RESOURCE_TASK_INTERVAL@NODE=RC, such as vm_monitor_10000@xen1=7`);
  return ok({
    ...{ resource: key.resource, task: key.action, intervalMs: key.intervalMs },
    ...{ node, rc: Number(rc), text },
  });
}
