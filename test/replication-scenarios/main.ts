/** `node test/replication-scenarios/main.ts [NAME…] [--trace]` plays scenarios, all when none is named; `--readme`: the table. */
import { parseArgs } from "node:util";
import { runScenario } from "../../sim/replication/stage/scenario.ts";
import { readmeOf } from "./readme.ts";
import { loadScenarios } from "./scenario-files.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    trace: { type: "boolean", default: false },
    readme: { type: "boolean", default: false },
  },
});
const print = values.trace ? (line: string) => process.stdout.write(`${line}\n`) : undefined;

const scenarios = await loadScenarios();
if (values.readme) process.stdout.write(readmeOf(scenarios));
for (const { topic, name, scenario } of values.readme ? [] : scenarios) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const began = performance.now();
  const result = runScenario(scenario, print);
  const ms = (performance.now() - began).toFixed(0);
  const verdict = result === undefined ? "as it must be" : `FAILED: ${result.failure}`;
  process.stdout.write(`${topic}/${name} (${ms} ms): ${verdict}\n`);
  if (result !== undefined) process.exitCode = 1;
}
