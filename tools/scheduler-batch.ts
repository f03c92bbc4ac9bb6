/**
 * Schedules and simulates many CIBs in one process and writes what crm_simulate would print of each:
 *
 *   node tools/scheduler-batch.ts --input DIR --output DIR [--names FILE] [--arguments tests.json]
 *
 * Reads DIR/NAME.xml; writes exp/NAME.exp (the transition graph), summary/NAME.summary and scores/NAME.scores.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { graphToXml } from "../src/core/scheduler/graph/graph-xml.ts";
import { simulateCib } from "../src/daemon/simulate/simulate-cib.ts";
import { parseXml } from "../src/formats/xml/parse-xml.ts";
import { printXml } from "../src/formats/xml/print-xml.ts";
import { scoresText } from "../src/view/scheduler/scores-text.ts";
import { simulationText } from "../src/view/scheduler/simulation-text.ts";

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

function main(): void {
  const { values } = parseArgs({
    options: {
      input: { type: "string" },
      output: { type: "string" },
      names: { type: "string" },
      arguments: { type: "string" },
    },
  });
  const { input, output } = values;
  if (input === undefined || output === undefined)
    throw new Error("--input and --output are needed");
  const names =
    values.names === undefined
      ? readdirSync(input).map((file) => path.basename(file, ".xml"))
      : readFileSync(values.names, "utf8").split("\n").filter(Boolean);
  const dates =
    values.arguments === undefined
      ? new Map<string, string>()
      : datesOf(readFileSync(values.arguments, "utf8"));
  for (const folder of ["exp", "summary", "scores"]) {
    mkdirSync(path.join(output, folder), { recursive: true });
  }
  const now = Math.floor(Date.now() / 1000);
  for (const name of names) {
    const xml = readFileSync(path.join(input, `${name}.xml`), "utf8");
    const texts = runCase(xml, dates.get(name), now);
    writeFileSync(path.join(output, "exp", `${name}.exp`), texts.exp);
    writeFileSync(path.join(output, "summary", `${name}.summary`), texts.summary);
    writeFileSync(path.join(output, "scores", `${name}.scores`), texts.scores);
  }
  const { user, system } = process.cpuUsage();
  console.log(`${names.length} cases, ${((user + system) / 1e6).toFixed(1)} s of CPU time`);
}

if (import.meta.main) main();
