/** Schedules a CIB from a file and simulates the transition: what crm_simulate -S does. */
import type { Reasons } from "../../api/reasons.ts";
import type { SimulationClock, SimulationReport } from "../../api/transition.ts";
import { simulate } from "../../core/scheduler/execute/simulate.ts";
import type { TransitionGraph } from "../../core/scheduler/graph/transition-graph.ts";
import { findResource } from "../../core/scheduler/model/find-resource.ts";
import type { ScoreLine } from "../../core/scheduler/model/types.ts";
import { readCluster } from "../../core/scheduler/plan.ts";
import { clusterStatus } from "../../core/scheduler/report/cluster-status.ts";
import { scheduleCluster } from "../../core/scheduler/schedule.ts";
import { parseDate, utcText } from "../../core/scheduler/values/date.ts";
import { attribute, type XmlElement } from "../../formats/xml/xml-element.ts";

export type SimulateOptions = {
  /** Taken for now, whatever the CIB or the clock says. */
  readonly date?: string | undefined;
  /** The clock: seconds since 1970. */
  readonly now: number;
};

export type SimulatedCib = {
  readonly report: SimulationReport;
  readonly reasons: Reasons;
  readonly graph: TransitionGraph;
  readonly scores: readonly ScoreLine[];
  /** What the CIB would be. */
  readonly cib: XmlElement;
};

export function simulateCib(cib: XmlElement, options: SimulateOptions): SimulatedCib {
  const { clock, now } = clockOf(cib, options);
  const cluster = readCluster({ cib, now, sanitized: true });
  const { graph, changes, status, reasons, scores } = scheduleCluster(cluster);
  const isKnown = (id: string): boolean => findResource(cluster, id) !== undefined;
  const run = simulate({ cib, graph, now, isKnown });
  const revised = readCluster({ cib: run.cib, now, sanitized: true });
  const after = clusterStatus(revised, { pending: false });
  const { steps, outcome } = run;
  const report = { clock, before: status, changes, steps, outcome, after };
  return { report, reasons, graph, scores, cib: run.cib };
}

function clockOf(
  cib: XmlElement,
  { date, now }: SimulateOptions,
): { readonly clock: SimulationClock; readonly now: number } {
  if (date !== undefined) {
    return { clock: { kind: "given", text: date }, now: parseDate(date) ?? now };
  }
  const recorded = Number(attribute(cib, "execution-date") ?? "");
  if (!Number.isInteger(recorded) || recorded === 0) return { clock: { kind: "real" }, now };
  return { clock: { kind: "recorded", date: utcText(recorded) }, now: recorded };
}
