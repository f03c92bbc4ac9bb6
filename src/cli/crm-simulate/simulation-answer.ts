/** What crm_simulate prints of a simulation, as its command line asks for. */
import type { SimulatedTransition } from "../../api/cluster-protocol.ts";
import type { ClusterSnapshot } from "../../api/cluster-snapshot.ts";
import { historySection } from "../../view/cluster/crm-mon/history-list.ts";
import { type MonSection, usualOptions } from "../../view/cluster/crm-mon/mon-options.ts";
import { attributeItems, failureItems } from "../../view/cluster/crm-mon/other-lists.ts";
import {
  actionsXml,
  allocationsXml,
  clusterStatusXml,
  modificationsXml,
  transitionXml,
} from "../../view/cluster/xml/simulate-xml.ts";
import type { XmlText } from "../../view/cluster/xml-text.ts";
import { type Allocations, allocationLines } from "../../view/scheduler/allocation-lines.ts";
import {
  allocationText,
  clockText,
  decidedSections,
  executedSections,
} from "../../view/scheduler/simulation-text.ts";
import { type StatusList, statusNotices, statusText } from "../../view/scheduler/status-text.ts";
import { type CommandLine, hasOption } from "../getopt/getopt.ts";
import { localTimes } from "../terminal/time-texts.ts";
import { suppositionsOf } from "./suppositions.ts";

export function doesSimulate(line: CommandLine): boolean {
  return hasOption(line, "simulate") || hasOption(line, "in-place");
}

/** More than the nodes and the resources of a status. */
export function showsMore(line: CommandLine): boolean {
  return hasOption(line, "show-attrs") || hasOption(line, "show-failcounts");
}

export function simulationText(line: CommandLine, result: SimulatedTransition): string {
  const { report, snapshots } = result;
  const shown = allocationsOf(line, result);
  if (hasOption(line, "quiet")) {
    const lines = allocationLines(shown).map((each) => `${allocationText(each)}\n`);
    return lines.length === 0 ? "" : `${lines.join("")}\n`;
  }
  const clock = clockText(report.clock);
  const before = moreLists(line, snapshots?.before);
  if (!doesDecide(line)) {
    const status = statusText("Current cluster status", report.before, before);
    return clock + [...statusNotices(report.before), status].join("\n");
  }
  const extras = { ...shown, before, after: moreLists(line, snapshots?.after) };
  const decided = decidedSections(report, extras);
  const executed = doesSimulate(line) ? executedSections(report, clock, extras) : [];
  return clock + [...decided, ...executed].join("\n");
}

/** The same in the form of Pacemaker's tool. */
export function simulationXml(line: CommandLine, result: SimulatedTransition): readonly XmlText[] {
  const { report, snapshots } = result;
  if (snapshots === undefined) return [];
  const { before, after } = snapshots;
  const parts = {
    attributes: hasOption(line, "show-attrs"),
    failCounts: hasOption(line, "show-failcounts"),
  };
  const as = { parts, times: localTimes(before.takenAtMs) };
  const elements = [
    clusterStatusXml("cluster_status", before, as),
    modificationsXml(report),
    ...(doesDecide(line) ? [allocationsXml(allocationsOf(line, result)), actionsXml(report)] : []),
    ...(doesSimulate(line)
      ? [transitionXml(report), clusterStatusXml("revised_cluster_status", after, as)]
      : []),
  ];
  return elements.filter((each) => each !== undefined);
}

/** Anything but the status alone. */
function doesDecide(line: CommandLine): boolean {
  const deciding = [
    ...["run", "show-scores", "show-utilization", "save-graph", "save-dotfile"],
    ...["op-inject", "op-fail"],
  ];
  const supposing = suppositionsOf(line).length > 0 || hasOption(line, "set-datetime");
  return doesSimulate(line) || supposing || deciding.some((each) => hasOption(line, each));
}

function allocationsOf(line: CommandLine, result: SimulatedTransition): Allocations {
  return {
    scores: hasOption(line, "show-scores") ? result.scores : undefined,
    utilization: hasOption(line, "show-utilization") ? result.utilization : undefined,
  };
}

/** Undefined snapshot: nothing more was asked for. */
function moreLists(
  line: CommandLine,
  snapshot: ClusterSnapshot | undefined,
): readonly StatusList[] {
  if (snapshot === undefined) return [];
  const sections = new Set<MonSection>(["failcounts"]);
  const options = { ...usualOptions, sections };
  const times = localTimes(snapshot.takenAtMs);
  const lists: StatusList[] = [];
  if (hasOption(line, "show-attrs")) {
    const items = attributeItems(snapshot, options);
    if (items.length > 0) lists.push({ title: "Node Attributes", items });
  }
  if (hasOption(line, "show-failcounts")) {
    const history = historySection(snapshot, options, times);
    if (history !== undefined) lists.push(history);
    const items = failureItems(snapshot, { ...options, detail: true }, times);
    if (items.length > 0) lists.push({ title: "Failed Resource Actions", items });
  }
  return lists;
}
