import type { Operation } from "./operation.ts";
import { historyKey } from "./operation.ts";

/** Keeps the failure for the status display, once for an operation and node; offline nodes' are not shown. */
export function recordFailure({ resource, node, xml, key }: Operation): void {
  if (!node.online) return;
  const { failed } = resource.cluster;
  if (failed.some((known) => historyKey(known.xml) === key && known.node === node)) return;
  failed.push({ resource, node, xml });
}
