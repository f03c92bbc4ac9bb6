/** One CIB decided by this scheduler and by the installed crm_simulate. */
import { graphToXml } from "../../../src/core/scheduler/graph/graph-xml.ts";
import { simulateCib } from "../../../src/daemon/simulate/simulate-cib.ts";
import { printXml } from "../../../src/formats/xml/print-xml.ts";
import type { XmlElement } from "../../../src/formats/xml/xml-element.ts";
import { simulationText } from "../../../src/view/scheduler/simulation-text.ts";
import { crmSimulate, type SimulatorOptions } from "../../conformance/crm-simulate.ts";
import type { Judge } from "../../conformance/recorded-cases.ts";

export type Difference = {
  /** status, placement, actions or graph; "refused" if crm_simulate ends early, "thrown" if this scheduler does. */
  readonly levels: readonly string[];
  readonly notes: readonly string[];
  readonly ours: string;
  readonly theirs: string;
};

/** @returns undefined if both decide the same. */
export function compareCib(
  judge: Judge,
  cib: XmlElement,
  options: SimulatorOptions,
): Difference | undefined {
  const theirs = crmSimulate(cib, options);
  const outputs = { theirs: theirs.summary, ours: "" };
  if (!/^Revised Cluster Status/m.test(theirs.summary)) {
    return { levels: ["refused"], notes: [theirs.exp.trim().slice(0, 200)], ...outputs };
  }
  try {
    const { report, graph } = simulateCib(cib, {
      date: options.date,
      now: Math.floor(Date.now() / 1000),
    });
    outputs.ours = simulationText(report);
    const summary = judge.compareSummaries(theirs.summary, outputs.ours);
    const graphs = compareGraphs(judge, theirs.exp, printXml(graphToXml(graph, 1)));
    const equal = { placement: summary.L1, actions: summary.L2, graph: graphs.same };
    const levels = Object.entries(equal).flatMap(([level, same]) => (same ? [] : [level]));
    if (levels.length === 0) return undefined;
    return { levels, notes: [...summary.notes, ...graphs.notes], ...outputs };
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { levels: ["thrown"], notes: [words], ...outputs };
  }
}

/** Pacemaker sometimes makes a graph with inputs that are not in it; the comparer reads none of those. */
function compareGraphs(
  judge: Judge,
  theirs: string,
  ours: string,
): { readonly same: boolean; readonly notes: readonly string[] } {
  const readable = [theirs, ours].map((graph) => {
    try {
      return judge.compareGraphs(graph, graph).L3core;
    } catch {
      return false;
    }
  });
  if (readable.every(Boolean)) {
    const { L3core, notes } = judge.compareGraphs(theirs, ours);
    return { same: L3core, notes };
  }
  return { same: !readable.some(Boolean), notes: ["one of the graphs cannot be read"] };
}
