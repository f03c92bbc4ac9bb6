/**
 * What a joining node has told of its operations, and what it reports until it has joined: a report that was dropped in
 * between would leave an operation under way for ever, and the DC waiting for its end.
 */
import { opStatus } from "../cib/status/operation-result.ts";
import type { OperationReport } from "../executor/types.ts";

export function withReport(
  history: readonly OperationReport[],
  report: OperationReport,
): readonly OperationReport[] {
  const { resource, action, intervalMs } = report;
  const others = history.filter(
    (each) =>
      each.resource !== resource || each.action !== action || each.intervalMs !== intervalMs,
  );
  // A recurring operation that was ended leaves nothing.
  return report.opStatus === opStatus.cancelled ? others : [...others, report];
}
