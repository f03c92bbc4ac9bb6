/** An operation's end in words, for the log. */
import { formatOperationKey } from "../../formats/cib/operation-key.ts";
import { isDegraded, opStatus, saidToFail } from "../cib/status/operation-result.ts";
import type { OperationReport } from "../executor/types.ts";
import { isFailed } from "./status-changes.ts";
import type { ControllerNotice } from "./world.ts";

/** What changes the resource's state, and is worth a line when it goes well. */
const telling: Readonly<Record<string, string>> = {
  start: "runs",
  stop: "is stopped",
  promote: "is promoted",
  demote: "is demoted",
  migrate_to: "has left",
  migrate_from: "has arrived",
};

export type DescribedReport = {
  /** "host1_start_0 on xen1". */
  readonly changed: string;
  /** What has happened, as a clause: why the scheduler is asked. */
  readonly news: string;
  readonly notice: ControllerNotice | undefined;
};

export function describeReport(node: string, report: OperationReport): DescribedReport {
  const { resource, action, intervalMs } = report;
  const changed = `${formatOperationKey({ resource, action, intervalMs })} on ${node}`;
  const news =
    action === saidToFail ? `${resource} is said to have failed on ${node}` : `${changed} ended`;
  return { changed, news, notice: noticeOf(node, report, changed) };
}

function noticeOf(
  node: string,
  report: OperationReport,
  changed: string,
): ControllerNotice | undefined {
  const { resource, action, intervalMs, rc, opStatus: status } = report;
  const fields = { resource, node, action, intervalMs, rc, opStatus: status };
  if (status === opStatus.cancelled || status === opStatus.pending) {
    return undefined;
  }
  // A probe that finds something is no failure of anything.
  if (isFailed(report) && !(action === "monitor" && intervalMs === 0)) {
    const why =
      report.exitReason === undefined || report.exitReason === "" ? "" : `: ${report.exitReason}`;
    if (action === saidToFail) {
      const message = `${resource} on ${node}: ${report.exitReason}.`;
      return { kind: "notice", level: "warn", code: "HF4411", message, fields };
    }
    const how = status === opStatus.timeout ? "ran out of time" : `ended with ${rc}`;
    const message = `${changed} ${how}${why}.`;
    return { kind: "notice", level: "warn", code: "HF4411", message, fields };
  }
  if (isDegraded(report)) {
    const told = report.exitReason ?? "";
    const message = `${changed}: ${resource} runs, but may fail soon${told === "" ? "" : ` (${told})`}.`;
    return { kind: "notice", level: "warn", code: "HF4417", message, fields };
  }
  const word = Object.hasOwn(telling, action) ? telling[action] : undefined;
  if (word === undefined || isFailed(report)) return undefined;
  const said = report.exitReason ?? "";
  if (said !== "") {
    const message = `${resource} ${word} on ${node}, but not as it should: ${said}.`;
    return { kind: "notice", level: "warn", code: "HF4417", message, fields };
  }
  const seconds = ((report.execMs ?? 0) / 1000).toFixed(1);
  const message = `${resource} ${word} on ${node} (${seconds} s).`;
  return { kind: "notice", level: "info", code: "operation", message, fields };
}
