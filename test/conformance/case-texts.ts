/** One recorded case, run as `holdfast simulate --batch` runs it. */
import { graphToXml } from "../../src/core/scheduler/graph/graph-xml.ts";
import { simulateCib } from "../../src/daemon/simulate/simulate-cib.ts";
import { parseXml } from "../../src/formats/xml/parse-xml.ts";
import { printXml } from "../../src/formats/xml/print-xml.ts";
import { scoresText } from "../../src/view/scheduler/scores-text.ts";
import { simulationText } from "../../src/view/scheduler/simulation-text.ts";

export type CaseTexts = { readonly exp: string; readonly summary: string; readonly scores: string };

/** @param date what -t of crm_simulate would give; @param now the clock, seconds since 1970. */
export function runCase(xml: string, date: string | undefined, now: number): CaseTexts {
  const parsed = parseXml(xml);
  if (!parsed.ok) throw new Error(`line ${parsed.error.line}: ${parsed.error.message}`);
  const { report, graph, scores } = simulateCib(parsed.value, { date, now });
  return {
    exp: printXml(graphToXml(graph, 1)),
    summary: simulationText(report),
    scores: scoresText(scores),
  };
}

/** The -t arguments by case name. */
export function datesOf(argumentsJson: string): Map<string, string> {
  const dates = new Map<string, string>();
  const cases = JSON.parse(argumentsJson) as { name: string; args: string[] }[];
  for (const { name, args } of cases) {
    const at = args.indexOf("-t");
    const date = args[at + 1];
    if (at >= 0 && date !== undefined) dates.set(name, date);
  }
  return dates;
}
