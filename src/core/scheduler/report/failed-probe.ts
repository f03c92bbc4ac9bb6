/** Probes that could not tell whether the resource runs, because its agent is missing or wrongly configured. */
import { parseOperationKey } from "../../../formats/cib/operation-key.ts";
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
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
    if (!isMaskedProbe(failed.xml) || !ranOn(failed.xml, node)) continue;
    const key = historyKey(failed.xml);
    if (key === undefined || parseOperationKey(key)?.resource !== id) continue;
    return scanInteger(attribute(failed.xml, "rc-code")) ?? 0;
  }
  return undefined;
}

/** By what the entry itself says: one that does not say where it ran is not shown. */
function ranOn(entry: XmlElement, node: ClusterNode | undefined): boolean {
  const name = attribute(entry, "on_node");
  return (
    name !== undefined && (node === undefined || name.toLowerCase() === node.name.toLowerCase())
  );
}
