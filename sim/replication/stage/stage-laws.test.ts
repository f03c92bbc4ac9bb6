import assert from "node:assert/strict";
import { test } from "node:test";
import type { DrbdEffect } from "../../../src/core/replication/effects.ts";
import type { Mutation } from "../sim-node.ts";
import { bringUpInSync, fill, powerCut, promote } from "./operator.ts";
import { runScenario, type Scenario } from "./scenario.ts";
import type { Stage } from "./stage.ts";

/** What a machine could do wrong, by doing so to its effects; and what the laws are to say of it. */
const lies: readonly {
  readonly name: string;
  readonly protocol: "A" | "C";
  readonly lie: Mutation;
  readonly found: RegExp;
}[] = [
  {
    name: "a write that is acknowledged and never on the Secondary",
    protocol: "C",
    lie: (node, effect) => (node.name === "bravo" && isDataWrite(effect) ? "pretend" : undefined),
    found: /bravo lacks it unknowingly/,
  },
  {
    name: "a write that is acknowledged and on no copy",
    protocol: "A",
    lie: (_, effect) => (isDataWrite(effect) ? "pretend" : undefined),
    found: /is acknowledged, and on no copy/,
  },
  {
    name: "a Secondary that shows a write without an earlier one",
    protocol: "A",
    lie: onlyTheFirst((node, effect) => node.name === "bravo" && isDataWrite(effect)),
    found: /bravo shows write \d+ without write 1 before it/,
  },
  {
    name: "a write to an extent that the log on disk does not have",
    protocol: "C",
    lie: (_, effect) => (isLogWrite(effect) ? "pretend" : undefined),
    found: /differs, and neither node knows/,
  },
];

for (const { name, protocol, lie, found } of lies) {
  test(`the laws of a stage notice ${name}`, () => {
    const scenario: Scenario = {
      asserts: "",
      options: { net: { protocol } },
      ends: "as it is",
      run: (stage) => play(stage, lie),
    };
    assert.match(runScenario(scenario)?.failure ?? "nothing noticed", found);
  });
}

function play(stage: Stage, lie: Mutation): void {
  bringUpInSync(stage);
  for (const node of [stage.alpha, stage.bravo]) node.mutation = lie;
  promote(stage, stage.alpha);
  for (let block = 0; block < 8; block++) {
    stage.write(stage.alpha, block);
    stage.advance(5);
  }
  stage.bravo.crash();
  fill(stage, stage.alpha, 1000, 1016);
  powerCut(stage, stage.alpha);
}

/** Pretends the first effect of this kind, and performs the others. */
function onlyTheFirst(applies: (...args: Parameters<Mutation>) => boolean): Mutation {
  let over = false;
  return (node, effect) => {
    if (over || !applies(node, effect)) return undefined;
    over = true;
    return "pretend";
  };
}

function isDataWrite(effect: DrbdEffect): boolean {
  return effect.kind === "disk-write" && effect.device === "data";
}

/** A transaction of the activity log, by its magic. */
function isLogWrite(effect: DrbdEffect): boolean {
  if (effect.kind !== "disk-write" || effect.device !== "meta") return false;
  const { bytes } = effect;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0) === 0x69cb65a2;
}
