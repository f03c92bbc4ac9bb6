import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { runScenario } from "../../sim/cluster/scenario/run-scenario.ts";
import { parseScenario } from "../../sim/cluster/scenario/scenario.ts";
import { askWhy } from "./ask-why.ts";
import { scenarioFiles } from "./scenario-files.ts";

for (const file of scenarioFiles()) {
  const name = path.relative(import.meta.dirname, file);
  const scenario = parseScenario(readFileSync(file, "utf8"));
  test(`${name}: ${scenario.ok ? scenario.value.why : ""}`, async () => {
    assert.ok(scenario.ok, scenario.ok ? "" : scenario.error);
    const { failures, events } = await runScenario(scenario.value, { askWhy });
    const told = events.map(({ atMs, text }) => `${(atMs / 1000).toFixed(2)} ${text}`);
    assert.deepEqual(failures, [], `node test/scenarios/main.ts ${file}\n${told.join("\n")}`);
  });
}

test("a story that says something unknown is refused with its line", () => {
  const refused = parseScenario("why: x\ncluster: xen1 xen2\nwhatever\nfinally: all is well\n");
  assert.deepEqual(refused, { ok: false, error: 'line 3: what is "whatever"?' });
});
