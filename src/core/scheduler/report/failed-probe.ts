/** Probes that could not tell whether the resource runs, because its agent is missing or wrongly configured. */
import { parseOperationKey } from "../../../formats/cib/operation-key.ts";
import { attribute } from "../../../formats/xml/xml-element.ts";
import { isClone, topResource } from "../model/resources.ts";
import type { ClusterNode, Resource } from "../model/types.ts";
import { historyKey, isMaskedProbe } from "../unpack/history/operation.ts";
import { scanInteger } from "../values/number.ts";

/** The probe's exit code on the node (or anywhere), if one failed so. */
export function failedProbeOf(
  resource: Resource,
  node: ClusterNode | undefined,
): number | undefined {
  const top = topResource(resource);
  const id =
    isClone(top) && top.clone !== undefined ? attribute(top.clone.child, "id") : resource.id;
  for (const failed of resource.cluster.failed) {
    if (!isMaskedProbe(failed.xml) || (node !== undefined && failed.node !== node)) continue;
    const key = historyKey(failed.xml);
    if (key === undefined || parseOperationKey(key)?.resource !== id) continue;
    return scanInteger(attribute(failed.xml, "rc-code")) ?? 0;
  }
  return undefined;
}
