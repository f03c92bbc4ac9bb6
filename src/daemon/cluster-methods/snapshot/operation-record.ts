/** <lrm_rsc_op> -> a line of the history. */
import type { OperationRecord } from "../../../api/cluster-snapshot.ts";
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";

export function operationRecord(op: XmlElement): OperationRecord {
  const changed = Number(attribute(op, "last-rc-change") ?? Number.NaN);
  return {
    key: attribute(op, "operation_key") ?? attribute(op, "id") ?? "",
    action: attribute(op, "operation") ?? "",
    intervalMs: whole(attribute(op, "interval")),
    callId: attribute(op, "call-id") ?? "",
    rc: whole(attribute(op, "rc-code")),
    opStatus: whole(attribute(op, "op-status")),
    exitReason: attribute(op, "exit-reason") ?? "",
    lastRcChangeS: Number.isFinite(changed) ? changed : undefined,
    execMs: attribute(op, "exec-time"),
    queueMs: attribute(op, "queue-time"),
  };
}

function whole(text: string | undefined): number {
  const value = Number.parseInt(text ?? "0", 10);
  return Number.isNaN(value) ? 0 : value;
}
