/** Operations that failed and were not cleaned up, as crm_mon lists them. */
import type { FailedAction } from "../../../api/cluster-snapshot.ts";
import type { Cluster } from "../../../core/scheduler/model/types.ts";
import { isMaskedProbe } from "../../../core/scheduler/unpack/history/operation.ts";
import { parseOperationKey } from "../../../formats/cib/operation-key.ts";
import { attribute } from "../../../formats/xml/xml-element.ts";
import { operationRecord } from "./operation-record.ts";

export function failuresOf(cluster: Cluster): readonly FailedAction[] {
  return cluster.failed
    .filter((failed) => !isMaskedProbe(failed.xml))
    .map(({ node, xml }) => {
      const record = operationRecord(xml);
      const { resource, action: keyAction } = parseOperationKey(record.key) ?? {};
      const byId = attribute(xml, "operation_key") === undefined;
      const hasReason = attribute(xml, "exit-reason") !== undefined;
      return { ...record, byId, hasReason, node: node.name, resource, keyAction };
    })
    .filter((failed) => failed.resource !== undefined);
}
