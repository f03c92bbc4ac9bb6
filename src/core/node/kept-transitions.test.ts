import assert from "node:assert/strict";
import { test } from "node:test";
import { element } from "../../formats/xml/xml-element.ts";
import type { RemoveFile, WriteFile } from "./effects.ts";
import { KeptTransitions } from "./kept-transitions.ts";

const cib = element("cib", { epoch: "1" });
const roomy = { inputsKept: 3, inputBytesKept: 1_000_000 };

test("an input is a CIB with the time it was decided at, and its reason as a comment", () => {
  const kept = new KeptTransitions([], roomy);
  const [effect] = input(kept, 12, { reason: "a -- b" });
  assert.ok(effect?.kind === "write-file");
  assert.equal(effect.path, "transitions/input-12.xml");
  assert.equal(
    effect.text,
    '<!-- transition 12: a - b -->\n<cib epoch="1" execution-date="1700000000"/>\n',
  );
});

test("the numbers go on after a restart", () => {
  const files = ["input-7.xml", "outcome-9.json", "idle-9.xml", ".unfinished-input-99.xml-1-1"];
  const kept = new KeptTransitions(
    files.map((name) => ({ name, bytes: 10 })),
    roomy,
  );
  assert.equal(kept.last, 9);
});

test("the oldest transition goes with all that is kept of it when there are too many", () => {
  const kept = new KeptTransitions([], roomy);
  assert.deepEqual(removed([...input(kept, 1), ...outcome(kept, 1), ...idle(kept, 1)]), []);
  assert.deepEqual(removed([...input(kept, 2), ...input(kept, 3)]), []);
  assert.deepEqual(removed(input(kept, 4)), [
    "transitions/input-1.xml",
    "transitions/outcome-1.json",
    "transitions/idle-1.xml",
  ]);
});

test("the oldest goes when there are too many bytes, those of before the start among them", () => {
  const kept = new KeptTransitions([{ name: "input-1.xml", bytes: 900 }], {
    ...roomy,
    inputBytesKept: 1000,
  });
  assert.deepEqual(removed(input(kept, 2)), []);
  assert.deepEqual(removed(input(kept, 3)), ["transitions/input-1.xml"]);
});

test("what is written again counts once, and the newest stays however large it is", () => {
  const kept = new KeptTransitions([], { inputsKept: 3, inputBytesKept: 10 });
  for (let again = 0; again < 5; again++) assert.deepEqual(removed(idle(kept, 1)), []);
  assert.deepEqual(removed(input(kept, 2)), ["transitions/idle-1.xml"]);
});

type Effects = readonly (WriteFile | RemoveFile)[];

function input(
  kept: KeptTransitions,
  number: number,
  { reason = "why", isIdle = false } = {},
): Effects {
  return kept.keepInput(
    { kind: "keep-input", number, isIdle, cib, nowS: 1_700_000_000, reason },
    1,
  );
}

function idle(kept: KeptTransitions, number: number): Effects {
  return input(kept, number, { isIdle: true });
}

function outcome(kept: KeptTransitions, number: number): Effects {
  const times = { beganMs: 0, endedMs: 1 };
  const of = { number, dc: "xen1", reason: "why", state: "done", ...times, actions: [] } as const;
  return kept.keepOutcome({ kind: "keep-outcome", outcome: of }, 1);
}

function removed(effects: Effects): readonly string[] {
  return effects.flatMap((each) => (each.kind === "remove-file" ? [each.path] : []));
}
