/** `node test/replication-scenarios/main.ts [NAME…] [--trace]` plays scenarios, all when none is named. */
import { parseArgs } from "node:util";
import { runScenario } from "../../sim/replication/stage/scenario.ts";
import { loadScenarios } from "./scenario-files.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { trace: { type: "boolean", default: false } },
});
const print = values.trace ? (line: string) => process.stdout.write(`${line}\n`) : undefined;

for (const { topic, name, scenario } of await loadScenarios()) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const began = performance.now();
  const result = runScenario(scenario, print);
  const ms = (performance.now() - began).toFixed(0);
  const verdict = result === undefined ? "as it must be" : `FAILED: ${result.failure}`;
  process.stdout.write(`${topic}/${name} (${ms} ms): ${verdict}\n`);
  if (result !== undefined) process.exitCode = 1;
}
