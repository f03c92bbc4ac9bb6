/** Schedules a CIB and simulates the transition: what crm_simulate -S does. */

import { UserError } from "../../api/user-error.ts";
import { ok } from "../../base/result.ts";
import { upgradeCib } from "../../core/cib/upgrade/upgrade-cib.ts";
import {
  type OperationSpec,
  parseOperationSpec,
} from "../../core/scheduler/execute/operation-spec.ts";
import { simulate } from "../../core/scheduler/execute/simulate.ts";
import { suppose } from "../../core/scheduler/execute/suppose.ts";
import type { TransitionGraph } from "../../core/scheduler/graph/transition-graph.ts";
import { findResource } from "../../core/scheduler/model/find-resource.ts";
import type { Cluster } from "../../core/scheduler/model/types.ts";
import { readCluster } from "../../core/scheduler/plan.ts";
import { clusterStatus } from "../../core/scheduler/report/cluster-status.ts";
import { scheduleCluster } from "../../core/scheduler/schedule.ts";
import { parseDate, utcText } from "../../core/scheduler/values/date.ts";
import type { Reasons } from "../../decision/reasons.ts";
import type {
  ScoreLine,
  SimulationClock,
  SimulationReport,
  Supposition,
  UtilizationLine,
} from "../../decision/transition.ts";
import { attribute, type XmlElement } from "../../formats/xml/xml-element.ts";

export type SimulateOptions = {
  /** Taken for now, whatever the CIB or the clock says. */
  readonly date?: string | undefined;
  /** The clock: seconds since 1970. */
  readonly now: number;
  /** Happens before anything is decided. */
  readonly suppositions?: readonly Supposition[] | undefined;
  /** Operations that fail if they are run: RESOURCE_TASK_INTERVAL@NODE=RC. */
  readonly failing?: readonly string[] | undefined;
};

export type SimulatedCib = {
  readonly report: SimulationReport;
  readonly reasons: Reasons;
  readonly graph: TransitionGraph;
  readonly scores: readonly ScoreLine[];
  readonly utilization: readonly UtilizationLine[];
  /** What was taken for now: seconds since 1970. */
  readonly now: number;
  /** What was decided about: the given CIB with what was supposed. */
  readonly input: XmlElement;
  /** As it was planned for. */
  readonly cluster: Cluster;
  /** What the CIB would be. */
  readonly cib: XmlElement;
};

/** @throws UserError HF4607 when what is supposed cannot be. */
export function simulateCib(asked: XmlElement, options: SimulateOptions): SimulatedCib {
  const given = isOfOlderSchema(asked) ? upgradeCib(asked).cib : asked;
  const { clock, now } = clockOf(given, options);
  const { suppositions = [] } = options;
  const failing = (options.failing ?? []).map(specOf);
  const read = (cib: XmlElement): Cluster => readCluster({ cib, now, sanitized: true });
  const first = read(given);
  const isAsItIs = suppositions.length === 0;
  const supposed = isAsItIs ? ok({ cib: given, done: [] }) : suppose(given, first, suppositions);
  if (!supposed.ok) throw impossible(supposed.error);
  const { cib, done } = supposed.value;
  const shown = isAsItIs ? undefined : clusterStatus(first, { pending: true });
  const cluster = isAsItIs ? first : read(cib);
  const { graph, changes, status, reasons, scores, utilization } = scheduleCluster(cluster);
  const isKnown = (id: string): boolean => findResource(cluster, id) !== undefined;
  const run = simulate({ cib, graph, now, isKnown, failing });
  const after = clusterStatus(read(run.cib), { pending: false });
  const { steps, times, outcome } = run;
  const report: SimulationReport = {
    ...{
      clock,
      before: shown ?? status,
      suppositions: done,
      changes,
      steps,
      times,
      outcome,
      after,
    },
  };
  return {
    ...{ report, reasons, graph, scores, utilization, cluster },
    ...{ input: cib, cib: run.cib, now },
  };
}

/** What such a CIB has in other places than today is read as a cluster that loads it reads it. */
function isOfOlderSchema(cib: XmlElement): boolean {
  const schema = attribute(cib, "validate-with");
  return schema === undefined || /^pacemaker-[12]\./.test(schema);
}

function specOf(text: string): OperationSpec {
  const spec = parseOperationSpec(text);
  if (!spec.ok) throw impossible(spec.error);
  return spec.value;
}

function impossible(message: string): UserError {
  const remedy = "Correct it: crm_mon -1 has the names of nodes and resources.";
  return new UserError("HF4607", message, { exit: 64, remedy });
}

function clockOf(
  cib: XmlElement,
  { date, now }: SimulateOptions,
): { readonly clock: SimulationClock; readonly now: number } {
  if (date !== undefined) {
    const given = parseDate(date, now);
    if (given === undefined) throw impossible(`"${date}" is no date and time of ISO 8601`);
    return { clock: { kind: "given", text: date }, now: given };
  }
  const recorded = Number(attribute(cib, "execution-date") ?? "");
  if (!Number.isInteger(recorded) || recorded === 0) return { clock: { kind: "real" }, now };
  return { clock: { kind: "recorded", date: utcText(recorded) }, now: recorded };
}
