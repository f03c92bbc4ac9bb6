import assert from "node:assert/strict";
import { test } from "node:test";
import { runScenario } from "../../sim/replication/stage/scenario.ts";
import { loadScenarios } from "./scenario-files.ts";

for (const { topic, name, scenario } of await loadScenarios()) {
  test(`${topic}/${name}: ${scenario.asserts}`, () => {
    const result = runScenario(scenario);
    const lines = result?.lastLines.slice(-40).join("\n") ?? "";
    assert.equal(result?.failure, undefined, `${result?.failure}\n${lines}`);
  });
}
