/** A simulated transition as crm_simulate -S prints it: status, summary, what was done, status again. */

import { unreachable } from "../../base/assert.ts";
import type {
  AttributeSet,
  ExecutedStep,
  SimulationClock,
  SimulationReport,
} from "../../decision/transition.ts";
import {
  type AllocationLine,
  type Allocations,
  allocationLines,
  allocationTitle,
  utilizationText,
} from "./allocation-lines.ts";
import { changeLines } from "./changes-text.ts";
import { listText } from "./list-text.ts";
import { scoreText } from "./scores-text.ts";
import { type StatusList, statusNotices, statusText } from "./status-text.ts";

export function simulationText(report: SimulationReport): string {
  const clock = clockText(report.clock);
  return clock + [...decidedSections(report), ...executedSections(report, clock)].join("\n");
}

/** What is shown beside what is always. */
export type SimulationExtras = Allocations & {
  readonly before: readonly StatusList[];
  readonly after: readonly StatusList[];
};

const noExtras: SimulationExtras = {
  ...{ scores: undefined, utilization: undefined },
  ...{ before: [], after: [] },
};

/** Up to what is to be done, with a blank line between two sections. */
export function decidedSections(
  report: SimulationReport,
  extras: SimulationExtras = noExtras,
): readonly string[] {
  const { suppositions } = report;
  const supposed = suppositions.map(supposedItem);
  return [
    ...statusNotices(report.before),
    statusText("Current cluster status", report.before, extras.before),
    ...(supposed.length === 0 ? [] : [listText("Performing Requested Modifications", supposed)]),
    ...allocationSection(extras),
    listText("Transition Summary", changeLines(report.changes)),
  ];
}

function allocationSection(shown: Allocations): readonly string[] {
  const title = allocationTitle(shown);
  if (title === undefined) return [];
  return [listText(title, allocationLines(shown).map(allocationText))];
}

export function allocationText(line: AllocationLine): string {
  return line.kind === "score" ? scoreText(line.line) : utilizationText(line.line);
}

export function executedSections(
  report: SimulationReport,
  clock = "",
  extras: SimulationExtras = noExtras,
): readonly string[] {
  const steps = report.steps.map((step) => stepText(step)).join("");
  return [
    `Executing Cluster Transition:\n${steps}${clock}`,
    statusText("Revised Cluster Status", report.after, extras.after),
  ];
}

export function clockText(clock: SimulationClock): string {
  switch (clock.kind) {
    case "real":
      return "";
    case "recorded":
      return `Using the original execution date of: ${clock.date}\n`;
    case "given":
      return `Setting effective cluster time: ${clock.text}\n`;
  }
}

const ticketWords = {
  grant: (ticket: string) => `Granting ticket ${ticket}`,
  revoke: (ticket: string) => `Revoking ticket ${ticket}`,
  standby: (ticket: string) => `Making ticket ${ticket} standby`,
  activate: (ticket: string) => `Activating ticket ${ticket}`,
} as const;

const nodeWords = {
  up: (node: string) => `Bringing node ${node} online`,
  down: (node: string) => `Taking node ${node} offline`,
  fail: (node: string) => `Failing node ${node}`,
} as const;

function supposedItem(what: SimulationReport["suppositions"][number]): string {
  switch (what.kind) {
    case "quorum":
    case "watchdog":
      return `Setting ${what.kind}: ${what.value}`;
    case "node":
      return nodeWords[what.event](what.node);
    case "ticket":
      return ticketWords[what.event](what.ticket);
    case "disk":
      return `Taking the disks of ${what.resource} on ${what.node} as ${what.ready ? "ready" : "not ready"}`;
    case "operation":
      return `Injecting ${what.spec} into the configuration`;
    case "attribute":
      return attributeItem(what);
    default:
      return unreachable(what);
  }
}

function attributeItem({ nodeId, name, value }: AttributeSet): string {
  return `Injecting attribute ${name}=${value} into /node_state '${nodeId}'`;
}

function stepText(step: ExecutedStep): string {
  if (step.kind === "failed")
    return `Pretending action ${step.actionId} failed with rc=${step.rc}\n`;
  return `  * ${stepItem(step)}\n`;
}

function stepItem(step: Exclude<ExecutedStep, { kind: "failed" }>): string {
  switch (step.kind) {
    case "pseudo":
      return `Pseudo action:   ${step.key}${step.node === undefined ? "" : ` on ${step.node}`}`;
    case "resource": {
      const interval = step.intervalMs > 0 ? `=${step.intervalMs}` : "";
      return `Resource action: ${step.resource.padEnd(15)} ${step.task}${interval} on ${step.node}`;
    }
    case "cluster": {
      const resource = step.resource === undefined ? "" : ` for ${step.resource}`;
      return `Cluster action:  ${step.task}${resource} on ${step.node}`;
    }
    case "fence":
      return `Fencing ${step.node} (${step.how})`;
    case "attribute":
      return attributeItem(step);
    default:
      return unreachable(step);
  }
}
