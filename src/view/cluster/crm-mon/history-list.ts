/** Operations and fail counts, node by node. */
import type {
  ClusterSnapshot,
  OperationRecord,
  ResourceHistory,
} from "../../../api/cluster-snapshot.ts";
import { exitText } from "../../scheduler/exit-text.ts";
import type { ListItem } from "../../scheduler/list-text.ts";
import type { TimeTexts } from "../time-texts.ts";
import type { MonOptions } from "./mon-options.ts";
import { detailOf, isMeant, isMeantResource, shownName } from "./node-list.ts";

type List = { readonly title: string; readonly items: readonly ListItem[] };

export function historySection(
  snapshot: ClusterSnapshot,
  options: MonOptions,
  times: TimeTexts,
): List | undefined {
  const all = options.sections.has("operations");
  const nodes = snapshot.history.filter(({ node }) => isMeant(node, options.onlyNode));
  if (nodes.length === 0) return undefined;
  const items = nodes.flatMap(({ node, resources }): readonly ListItem[] => {
    const shown = resources
      .filter(({ name }) => isMeantResource(name, options.onlyResource))
      .flatMap((each) => (all ? operationsItem(each, options, times) : failCountItem(each, times)));
    const name = shownName(detailOf(snapshot, node), node, options.detail);
    return shown.length === 0 ? [] : [{ title: `Node: ${name}`, items: shown }];
  });
  return { title: all ? "Operations" : "Migration Summary", items };
}

function failCountItem(history: ResourceHistory, times: TimeTexts): readonly ListItem[] {
  if (history.failCount <= 0) return [];
  return [head(history, history.id, times)];
}

function operationsItem(
  history: ResourceHistory,
  { timing }: MonOptions,
  times: TimeTexts,
): readonly ListItem[] {
  const operations = shownOperations(history);
  if (operations.length === 0) return [];
  const items = operations.map((each) => operationText(each, timing ? times : undefined));
  return [{ title: head(history, history.name, times), items }];
}

function head(history: ResourceHistory, name: string, times: TimeTexts): string {
  if (!history.known) return `${name}: orphan`;
  const { migrationThreshold, failCount, lastFailureS } = history;
  const failed = failCount > 0 ? ` fail-count=${failCount}` : "";
  const last = lastFailureS > 0 ? ` last-failure='${times.full(lastFailureS * 1000)}'` : "";
  return `${name}: migration-threshold=${migrationThreshold}${failed}${last}`;
}

export function isProbe({ action, intervalMs }: OperationRecord): boolean {
  return action === "monitor" && intervalMs === 0;
}

export function shownOperations({ operations }: ResourceHistory): readonly OperationRecord[] {
  return operations.filter(isShown);
}

/** Notifications, and probes that found nothing, tell nobody anything. */
function isShown(operation: OperationRecord): boolean {
  return operation.action !== "notify" && !(isProbe(operation) && operation.rc === 7);
}

function operationText(operation: OperationRecord, times: TimeTexts | undefined): string {
  const { callId, action, intervalMs, rc, lastRcChangeS, execMs, queueMs } = operation;
  const task = isProbe(operation) ? "probe" : action;
  const interval = intervalMs > 0 ? ` interval="${intervalMs}ms"` : "";
  if (times === undefined) return `(${callId}) ${task}${interval === "" ? "" : `:${interval}`}`;
  const changed =
    lastRcChangeS === undefined || lastRcChangeS <= 0
      ? ""
      : ` last-rc-change="${times.full(lastRcChangeS * 1000)}"`;
  const took = execMs === undefined ? "" : ` exec-time="${execMs}ms"`;
  const waited = queueMs === undefined ? "" : ` queue-time="${queueMs}ms"`;
  return `(${callId}) ${task}:${interval}${changed}${took}${waited} rc=${rc} (${exitText(rc)})`;
}
