/**
 * `node test/scenarios/main.ts [FILE…] [--rewrite] [--trace]` tells stories (sim/cluster/scenario) and what came of them.
 * With --rewrite the events take the place of the expected ones: to be read, and cut to what the story is about.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runScenario } from "../../sim/cluster/scenario/run-scenario.ts";
import { parseScenario } from "../../sim/cluster/scenario/scenario.ts";
import { askWhy } from "./ask-why.ts";
import { scenarioFiles } from "./scenario-files.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rewrite: { type: "boolean" }, trace: { type: "boolean" }, quiet: { type: "boolean" } },
});

/** What stories are mostly about: guests, power, losses, orders to fence devices, refusals. */
const isTelling = /^host\d+ |power o|orders|peer-lost|HF610[0239]|refused|is gone|^two:/;

for (const file of positionals.length > 0 ? positionals : scenarioFiles()) await tell(file);

async function tell(file: string): Promise<void> {
  const text = readFileSync(file, "utf8");
  const scenario = parseScenario(text);
  if (!scenario.ok) {
    process.stdout.write(`${file}: ${scenario.error}\n`);
    process.exitCode = 1;
    return;
  }
  const print =
    values.trace === true ? (line: string) => void process.stdout.write(`${line}\n`) : undefined;
  const result = await runScenario(scenario.value, {
    askWhy,
    ...(print === undefined ? {} : { print }),
  });
  process.stdout.write(
    `${file}: ${result.failures.length === 0 ? "as expected" : "NOT AS EXPECTED"}\n`,
  );
  for (const failure of result.failures) process.stdout.write(`  ${failure}\n`);
  if (result.failures.length > 0) process.exitCode = 1;
  if (values.quiet !== true) {
    for (const { atMs, text: event } of result.events)
      process.stdout.write(`  ${(atMs / 1000).toFixed(2).padStart(8)}  ${event}\n`);
  }
  if (values.rewrite === true)
    writeFileSync(
      file,
      withEvents(
        text,
        result.events.map((event) => event.text),
      ),
    );
}

function withEvents(text: string, events: readonly string[]): string {
  const lines = text.split("\n");
  const at = lines.indexOf("expect:");
  const end = lines.findIndex((line, i) => i > at && line !== "" && !/^\s/.test(line));
  const body = events.filter((event) => isTelling.test(event)).map((event) => `  ${event}`);
  return [...lines.slice(0, at + 1), ...body, ...lines.slice(end)].join("\n");
}
