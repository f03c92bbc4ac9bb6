import assert from "node:assert/strict";
import { test } from "node:test";
import { type Moment, momentsOf, runTale } from "./moments.ts";
import { tales } from "./tales.ts";

/** A tale that is told for every moment; of the others every third is enough here, all are in `npm run sim`. */
const wholeTale = "the cable is out for a moment, and what was written meanwhile is synced";

for (const tale of tales.filter(({ careful }) => !careful)) {
  test(`one fault at one moment breaks no law: ${tale.name}`, () => {
    const { moments, failure } = runTale(tale);
    assert.equal(failure, undefined, "the tale itself");
    const step = tale.name.startsWith(wholeTale) ? 1 : 3;
    const failures: string[] = [];
    for (const moment of momentsOf(moments, "in turn").filter((_, i) => i % step === 0)) {
      const result = runTale(tale, moment);
      if (result.failure !== undefined) failures.push(`${nameOf(moment)}: ${result.failure}`);
    }
    assert.deepEqual(failures, []);
  });
}

test("two that part while the Primary lets go of its disk are not split: only one of them begins a generation", () => {
  const tale = tales.find(({ name }) => name.startsWith("the Primary lets go of its disk"));
  assert.ok(tale !== undefined);
  for (const moment of momentsOf({ packet: 12, disk: 0 }, "all")) {
    const lines: string[] = [];
    const { failure } = runTale(tale, moment, (line) => lines.push(line));
    assert.equal(failure, undefined, nameOf(moment));
    assert.ok(!lines.some((line) => line.includes("split-brain")), nameOf(moment));
  }
});

test("a tale has its moments in every telling, at the same places", () => {
  const [tale] = tales;
  assert.ok(tale !== undefined);
  assert.deepEqual(runTale(tale).moments, runTale(tale).moments);
});

function nameOf({ kind, number, fault }: Moment): string {
  return `${kind} ${number}, ${fault.name}`;
}
