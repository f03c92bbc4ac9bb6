import assert from "node:assert/strict";
import { test } from "node:test";
import type { DrbdEffect } from "../../src/core/replication/effects.ts";
import { runReplication } from "./run.ts";
import type { Mutation } from "./sim-node.ts";

/** Runs with few events; longer ones are for `npm run sim -- replication`. */
const shortRuns = [8n, 9n, 10n, 12n, 13n, 14n, 16n, 17n, 18n, 20n, 21n, 23n, 27n, 31n, 42n];

test("no law is broken by crashes, power cuts, cut links, failing disks and administrators", () => {
  const faults = new Set<string>();
  for (const seed of shortRuns) {
    const result = runReplication({ seed });
    assert.equal(result.failure, undefined, `seed ${seed}: ${result.failure}`);
    for (const fault of result.faults) faults.add(fault);
  }
  assert.ok(faults.size > 15, "most kinds of faults were among them");
});

test("a seed run twice gives the same hash, and another seed another", () => {
  const first = runReplication({ seed: 32n });
  assert.equal(runReplication({ seed: 32n }).hash, first.hash);
  assert.notEqual(runReplication({ seed: 27n }).hash, first.hash);
});

/** What a machine could do wrong, by doing so to its effects; and what the checkers are to say of it. */
const lies: readonly {
  readonly name: string;
  readonly lie: Mutation;
  readonly found: RegExp;
}[] = [
  {
    name: "a write acknowledged before the disk has it",
    lie: (_, effect) => (isDataWrite(effect) ? "pretend" : undefined),
    found: /acknowledged what its own disk lacks/,
  },
  {
    name: "a write acknowledged before the peer has it",
    lie: (node, effect) => (node.name === "bravo" && isDataWrite(effect) ? "pretend" : undefined),
    found: /acknowledged alone/,
  },
  {
    name: "a write to an extent that is not in the activity log on disk",
    lie: (_, effect) => (metaMagic(effect, 0) === 0x69cb65a2 ? "pretend" : undefined),
    found: /differs, and neither node knows/,
  },
  {
    name: "a superblock that is not written",
    lie: (_, effect) => (metaMagic(effect, 0x3c) === 0x8374026c ? "pretend" : undefined),
    found: /differs, and neither node knows/,
  },
  {
    name: "a flush that does nothing",
    lie: (_, effect) => (effect.kind === "disk-flush" ? "pretend" : undefined),
    found: /lacks acknowledged writes|differs, and neither node knows|may be there/,
  },
  {
    name: "metadata that are left in the page cache",
    lie: (_, effect) =>
      effect.kind === "disk-write" && effect.durable ? { ...effect, durable: false } : undefined,
    found: /differs, and neither node knows/,
  },
];

for (const { name, lie, found } of lies) {
  test(`the checkers notice ${name}`, () => {
    const failures: string[] = [];
    for (const seed of [9n, 10n, 12n]) {
      const { failure } = runReplication({ seed, mutation: lie });
      if (failure !== undefined) failures.push(failure);
    }
    assert.match(failures.join("\n"), found);
  });
}

function isDataWrite(effect: DrbdEffect): boolean {
  return effect.kind === "disk-write" && effect.device === "data";
}

/** The number at this place of a block of metadata that is to be written; 0 if the effect is no such write. */
function metaMagic(effect: DrbdEffect, offset: number): number {
  if (effect.kind !== "disk-write" || effect.device !== "meta") return 0;
  const { bytes } = effect;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(offset);
}
