/** A simulated transition as crm_simulate -S prints it: status, summary, what was done, status again. */

import type { ExecutedStep, SimulationClock, SimulationReport } from "../../api/transition.ts";
import { unreachable } from "../../base/assert.ts";
import { changeLines } from "./changes-text.ts";
import { listText } from "./list-text.ts";
import { statusNotices, statusText } from "./status-text.ts";

export function simulationText(report: SimulationReport): string {
  const clock = clockText(report.clock);
  const sections = [
    ...statusNotices(report.before),
    statusText("Current cluster status", report.before),
    listText("Transition Summary", changeLines(report.changes)),
    `${listText("Executing Cluster Transition", report.steps.map(stepText))}${clock}`,
    statusText("Revised Cluster Status", report.after),
  ];
  return clock + sections.join("\n");
}

function clockText(clock: SimulationClock): string {
  switch (clock.kind) {
    case "real":
      return "";
    case "recorded":
      return `Using the original execution date of: ${clock.date}\n`;
    case "given":
      return `Setting effective cluster time: ${clock.text}\n`;
  }
}

function stepText(step: ExecutedStep): string {
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
    default:
      return unreachable(step);
  }
}
