/** What would happen, in words: what is supposed, what the cluster would do about it, in which order, and where it ends. */
import type { ClusterStatus } from "../../decision/cluster-status.ts";
import type { Reasons } from "../../decision/reasons.ts";
import type {
  Change,
  ExecutedStep,
  SimulationReport,
  StepTime,
  Supposition,
} from "../../decision/transition.ts";
import { changeSentence } from "./change-sentence.ts";
import { downLines } from "./down-lines.ts";
import type { ListItem } from "./list-text.ts";
import { resourceItem } from "./resource-text.ts";
import { isSpecial, nodeLine } from "./status-text.ts";
import { stepText } from "./step-text.ts";

/** @param reasons of the decision: why what stays down does. */
export function foresightText(report: SimulationReport, reasons: Reasons): string {
  const { suppositions, changes, after } = report;
  const supposed = suppositions.flatMap((each) => (each.kind === "attribute" ? [] : [each]));
  const wanted = changes.map(changeLine);
  const order = timelineLines(report);
  const down = downLines(reasons);
  return [
    ...(supposed.length === 0 ? [] : [section("Suppose", supposed.map(supposedLine))]),
    section("The cluster would", wanted.length === 0 ? ["do nothing"] : wanted),
    ...(order.length === 0 ? [] : [section(orderTitle, order)]),
    section(endTitle(report), [...nodeLines(after), ...after.resources.flatMap(resourceLines)]),
    ...(down.length === 0 ? [] : [section("These stay down", down)]),
  ].join("\n");
}

/** How a kept transition, decided about again, differs from what was run then. */
export function replayText(of: {
  readonly onlyThen: readonly string[];
  readonly onlyNow: readonly string[];
}): string {
  const { onlyThen, onlyNow } = of;
  if (onlyThen.length + onlyNow.length === 0) return "These are the actions of that transition.\n";
  return [
    "That transition had other actions:",
    ...onlyThen.map((each) => `  only then: ${each}`),
    ...onlyNow.map((each) => `  only now: ${each}`),
    "",
  ].join("\n");
}

const orderTitle = "In this order, by the times that were seen last";

/** Each step with when it would begin, and how long it would take where that was ever seen. */
function timelineLines({ steps, times }: SimulationReport): readonly string[] {
  return steps.flatMap((step, i) => {
    const time = times[i];
    return stepLine(step).map((line) => {
      if (time === undefined) return `            ${line}`;
      const begins = `${time.isLeast ? "≥ " : ""}${(time.beginMs / 1000).toFixed(1)} s`;
      return `${begins.padStart(10)}  ${line}${tookText(time)}`;
    });
  });
}

function tookText({ tookMs }: StepTime): string {
  if (tookMs === undefined) return ", for an unknown time";
  return tookMs === 0 ? "" : `, ${(tookMs / 1000).toFixed(1)} s`;
}

function endTitle({ outcome, steps }: SimulationReport): string {
  if (outcome === "stuck") return "It gets stuck: some actions wait for each other. Then";
  const failed = steps.some(({ kind }) => kind === "failed");
  return failed ? "It ends at the failure, and is decided about anew. Till then" : "Then";
}

function section(title: string, lines: readonly string[]): string {
  return `${title}:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

function supposedLine(what: Supposition): string {
  switch (what.kind) {
    case "quorum":
      return `quorum is ${what.value}`;
    case "watchdog":
      return `an active watchdog is ${what.value}`;
    case "node":
      return { up: `${what.node} comes`, down: `${what.node} leaves`, fail: `${what.node} fails` }[
        what.event
      ];
    case "ticket":
      return `ticket ${what.ticket}: ${what.event}`;
    case "disk":
      return `the disks of ${what.resource} are ${what.ready ? "ready" : "not ready"} on ${what.node}`;
    case "operation":
      return `the result ${what.spec}`;
  }
}

export function changeLine(change: Change): string {
  if (change.kind === "resource") return `${change.resource}: ${uncapital(changeSentence(change))}`;
  const what = change.change === "fence" ? `fence (${change.how})` : "shut down";
  return `${change.node}: ${what}${change.reason === undefined ? "" : `, since ${change.reason}`}`;
}

/** "Start on xen2 (why)." in the middle of a line. */
function uncapital(sentence: string): string {
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1).replace(/\.$/, "");
}

/** What a person would see happen: points in the order, and looking whether something runs, are left out. */
function stepLine(step: ExecutedStep): readonly string[] {
  switch (step.kind) {
    case "pseudo":
    case "attribute":
      return [];
    case "fence":
      return [`fence ${step.node} (${step.how})`];
    case "failed":
      return [`… which fails (${step.rc})`];
    case "cluster":
      return lineOf(stepText({ ...step, intervalMs: 0 }));
    case "resource":
      return lineOf(stepText(step));
  }
}

function lineOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [text];
}

function nodeLines({ nodes }: ClusterStatus): readonly string[] {
  const online = nodes.filter((node) => node.online && !isSpecial(node)).map(({ name }) => name);
  const offline = nodes.filter((node) => !node.online && !isSpecial(node)).map(({ name }) => name);
  return [
    ...nodes.filter(isSpecial).map(nodeLine),
    ...(online.length === 0 ? [] : [`online: ${online.join(", ")}`]),
    ...(offline.length === 0 ? [] : [`offline: ${offline.join(", ")}`]),
  ];
}

function resourceLines(resource: ClusterStatus["resources"][number]): readonly string[] {
  return itemLines(resourceItem(resource));
}

function itemLines(item: ListItem): readonly string[] {
  if (typeof item === "string") return [item.replaceAll("\t", " ").replaceAll(/ +/g, " ")];
  return [`${item.title}:`, ...item.items.flatMap(itemLines).map((line) => `  ${line}`)];
}
