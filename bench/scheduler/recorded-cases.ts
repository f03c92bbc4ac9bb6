/**
 * What the recorded cases cost in one process: read, scheduled and the graph made; and with every text of crm_simulate.
 * Each round is a process of its own, since the first pass includes what V8 needs to compile, as a first use does.
 */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { wallTime } from "../../src/base/time.ts";
import { schedule } from "../../src/core/scheduler/schedule.ts";
import { parseXml } from "../../src/formats/xml/parse-xml.ts";
import { runCase } from "../../test/conformance/case-texts.ts";
import { recordedTexts } from "../../test/conformance/recorded-cases.ts";

type CaseCosts = {
  readonly cases: number;
  /** CPU time in ms. */
  readonly graphsMs: number;
  readonly textsMs: number;
};

const nowS = 1_700_000_000;

if (import.meta.main) console.log(JSON.stringify(caseCosts()));

/** One line: the median of some rounds, and between which figures they lay. */
export function recordedCasesLine(rounds: number): string {
  const script = path.join(import.meta.dirname, "recorded-cases.ts");
  const costs = Array.from(
    { length: rounds },
    () => JSON.parse(execFileSync(process.execPath, [script], { encoding: "utf8" })) as CaseCosts,
  );
  const graphs = spread(costs.map(({ graphsMs }) => graphsMs));
  const texts = spread(costs.map(({ textsMs }) => textsMs));
  return `${costs[0]?.cases} recorded cases, CPU time: ${graphs} to schedule, ${texts} with all texts`;
}

function caseCosts(): CaseCosts {
  const inputs = recordedTexts();
  const graphsMs = cpuMs(() => {
    for (const { xml } of inputs) {
      const parsed = parseXml(xml);
      if (parsed.ok) schedule(parsed.value, wallTime(nowS * 1000));
    }
  });
  const textsMs = cpuMs(() => {
    for (const { xml, date } of inputs) runCase(xml, date, nowS);
  });
  return { cases: inputs.length, graphsMs, textsMs };
}

function spread(ms: readonly number[]): string {
  const sorted = ms.toSorted((a, b) => a - b).map((each) => (each / 1000).toFixed(1));
  return `${sorted[sorted.length >> 1]} s (${sorted[0]} to ${sorted.at(-1)})`;
}

function cpuMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
