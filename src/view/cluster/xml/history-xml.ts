/** Operations, fail counts and failures in the XML of crm_mon and crm_simulate. */
import type {
  FailedAction,
  NodeHistory,
  OperationRecord,
  ResourceHistory,
} from "../../../api/cluster-snapshot.ts";
import { exitText } from "../../scheduler/exit-text.ts";
import { isProbe, shownOperations } from "../crm-mon/history-list.ts";
import { executionText } from "../execution-text.ts";
import type { TimeTexts } from "../time-texts.ts";
import type { XmlText } from "../xml-text.ts";

/** @param what all operations, or only what failed. */
export function historyXml(
  all: readonly NodeHistory[],
  what: "operations" | "failcounts",
  times: TimeTexts,
): XmlText {
  const children = all.flatMap(({ node, resources }): readonly XmlText[] => {
    const shown = resources.flatMap((each) => resourceHistory(each, what, times));
    return shown.length === 0
      ? []
      : [{ name: "node", attributes: { name: node }, children: shown }];
  });
  return { name: "node_history", attributes: {}, children };
}

function resourceHistory(
  of: ResourceHistory,
  what: "operations" | "failcounts",
  times: TimeTexts,
): readonly XmlText[] {
  const operations = what === "operations" ? shownOperations(of) : [];
  const isShown = what === "operations" ? operations.length > 0 : of.failCount > 0;
  if (!isShown) return [];
  return [
    {
      name: "resource_history",
      attributes: {
        id: what === "operations" ? of.name : of.id,
        orphan: !of.known,
        ...(of.known && {
          "migration-threshold": of.migrationThreshold,
          "fail-count": of.failCount > 0 ? of.failCount : undefined,
          "last-failure": of.lastFailureS > 0 ? times.full(of.lastFailureS * 1000) : undefined,
        }),
      },
      children: operations.map((operation) => operationXml(operation, times)),
    },
  ];
}

function operationXml(operation: OperationRecord, times: TimeTexts): XmlText {
  const { callId, action, intervalMs, rc, lastRcChangeS, execMs, queueMs } = operation;
  const changed = lastRcChangeS !== undefined && lastRcChangeS > 0;
  return {
    name: "operation_history",
    attributes: {
      call: callId,
      task: isProbe(operation) ? "probe" : action,
      rc,
      rc_text: exitText(rc),
      interval: intervalMs > 0 ? `${intervalMs}ms` : undefined,
      "last-rc-change": changed ? times.full(lastRcChangeS * 1000) : undefined,
      "exec-time": execMs === undefined ? undefined : `${execMs}ms`,
      "queue-time": queueMs === undefined ? undefined : `${queueMs}ms`,
    },
  };
}

/** Undefined where there is none. */
export function failuresXml(
  failures: readonly FailedAction[],
  times: TimeTexts,
): XmlText | undefined {
  if (failures.length === 0) return undefined;
  const children = failures.map((each) => failureXml(each, times));
  return { name: "failures", attributes: {}, children };
}

function failureXml(failed: FailedAction, times: TimeTexts): XmlText {
  const { lastRcChangeS } = failed;
  const isTimed = lastRcChangeS !== undefined;
  return {
    name: "failure",
    attributes: {
      [failed.byId ? "id" : "op_key"]: failed.key,
      node: failed.node,
      exitstatus: exitText(failed.rc),
      exitreason: failed.hasReason ? failed.exitReason : "none",
      exitcode: failed.rc,
      call: failed.callId,
      status: executionText(failed.opStatus),
      ...(isTimed && {
        "last-rc-change": times.iso(lastRcChangeS * 1000),
        queued: failed.queueMs,
        exec: failed.execMs,
        interval: failed.intervalMs,
        task: failed.action,
      }),
    },
  };
}
