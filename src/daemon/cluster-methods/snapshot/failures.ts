/** Operations that failed and were not cleaned up, as crm_mon lists them. */
import type { FailedAction } from "../../../api/cluster-snapshot.ts";
import type { Cluster } from "../../../core/scheduler/model/types.ts";
import { isMaskedProbe } from "../../../core/scheduler/unpack/history/operation.ts";
import { parseOperationKey } from "../../../formats/cib/operation-key.ts";
import { operationRecord } from "./operation-record.ts";

export function failuresOf(cluster: Cluster): readonly FailedAction[] {
  return cluster.failed
    .filter((failed) => !isMaskedProbe(failed.xml))
    .map(({ node, xml }) => {
      const record = operationRecord(xml);
      return { ...record, node: node.name, resource: parseOperationKey(record.key)?.resource };
    })
    .filter((failed) => failed.resource !== undefined);
}
