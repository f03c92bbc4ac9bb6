import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { runScenario } from "../../sim/replication/stage/scenario.ts";
import { notHere } from "./not-here.ts";
import { namesIn, ownTopics, readmeOf } from "./readme.ts";
import { loadScenarios } from "./scenario-files.ts";

const scenarios = await loadScenarios();

test("the README says of each scenario what it asserts", () => {
  const text = readFileSync(path.join(import.meta.dirname, "README.md"), "utf8");
  assert.equal(text, readmeOf(scenarios), "node test/replication-scenarios/main.ts --readme");
});

test("each of the collection's 143 tests has a scenario, or a reason why not", () => {
  const told = scenarios.filter(({ topic }) => !ownTopics.includes(topic)).map(({ name }) => name);
  const names = [...told, ...notHere.flatMap((group) => namesIn(group.names))];
  assert.deepEqual([names.length, new Set(names).size], [143, 143]);
});

for (const { topic, name, scenario } of scenarios) {
  test(`${topic}/${name}: ${scenario.asserts}`, () => {
    const result = runScenario(scenario);
    const lines = result?.lastLines.slice(-40).join("\n") ?? "";
    assert.equal(result?.failure, undefined, `${result?.failure}\n${lines}`);
  });
}
