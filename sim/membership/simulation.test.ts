import assert from "node:assert/strict";
import { test } from "node:test";
import { runSeed } from "./run.ts";

test("no law is broken by faults, by an attacker, or by both", () => {
  for (let seed = 1n; seed <= 16n; seed++) {
    const result = runSeed({ seed, faults: seed % 4n !== 0n, attacker: seed % 2n === 0n });
    assert.deepEqual(result.violations, [], `seed ${seed}`);
  }
});

test("a seed run twice gives the same hash, and another seed another", () => {
  const options = { faults: true, attacker: true };
  const first = runSeed({ seed: 77n, ...options });
  assert.equal(runSeed({ seed: 77n, ...options }).hash, first.hash);
  assert.notEqual(runSeed({ seed: 78n, ...options }).hash, first.hash);
  assert.ok(first.losses > 0, "the run has losses to tell");
  assert.ok(first.attacks > 500, "the attacker was at work");
});
