/** What the recorded cases cost in one process: read, scheduled and the graph made; and with every text of crm_simulate. */
import { wallTime } from "../../src/base/time.ts";
import { schedule } from "../../src/core/scheduler/schedule.ts";
import { parseXml } from "../../src/formats/xml/parse-xml.ts";
import { runCase } from "../../test/conformance/case-texts.ts";
import { recordedTexts } from "../../test/conformance/recorded-cases.ts";

export type CaseCosts = {
  readonly cases: number;
  /** CPU time in ms. */
  readonly graphsMs: number;
  readonly textsMs: number;
};

/** The first pass includes what V8 needs to compile, as a first use does. */
export function recordedCaseCosts(nowS: number): CaseCosts {
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

function cpuMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
