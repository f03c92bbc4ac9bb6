import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { GenerationUuids } from "../../../formats/drbd/superblock.ts";
import {
  endBitmapGeneration,
  finishSyncTarget,
  startGeneration,
  startSyncSource,
  startSyncTarget,
} from "./generation-uuids.ts";
import {
  compareUuids,
  resultSplitBrain,
  resultSplitBrainForGood,
  resultUnrelated,
  type UuidInput,
  type UuidOutcome,
  uuidRules,
} from "./uuid-compare.ts";

/** Few enough that every rule is met, far enough apart that none is met by accident; one is another's sync UUID. */
const names = [
  0n,
  4n,
  0x10n,
  0x20n,
  0x30n,
  0x0001_0000_0000_0010n,
  0x0001_0000_0000_0020n,
] as const;

test("two nodes come to mirrored results, whatever they have lived through", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 12 }), fc.boolean(), (events, resolveConflicts) => {
      let fresh = 0x100n;
      const next = (): bigint => (fresh += 0x10n);
      let [self, peer] = [uuids("100:0:0:0"), uuids("100:0:0:0")];
      for (const event of events) {
        const input = { ...quiet, self, peer, resolveConflicts };
        const mine = compareUuids(input);
        const theirs = compareUuids(mirrored(input));
        if (Math.abs(mine.result) >= resultSplitBrain) assert.equal(theirs.result, mine.result);
        else assert.equal(theirs.result + mine.result, 0, `${mine.rule} and ${theirs.rule}`);
        [self, peer] = lived({ self, peer, mine, theirs, event, next });
      }
    }),
    { numRuns: 5000 },
  );
});

test("bit 0, which tells roles, changes no result", () => {
  fc.assert(
    fc.property(anyInput(), fc.integer({ min: 0, max: 255 }), (input, bits) => {
      const flip = (uuids: GenerationUuids, shift: number): GenerationUuids => ({
        current: withBit(uuids.current, bits >> shift),
        bitmap: withBit(uuids.bitmap, bits >> (shift + 1)),
        history1: withBit(uuids.history1, bits >> (shift + 2)),
        history2: withBit(uuids.history2, bits >> (shift + 3)),
      });
      const flipped = { ...input, self: flip(input.self, 0), peer: flip(input.peer, 4) };
      assert.equal(compareUuids(flipped).result, compareUuids(input).result);
    }),
    { numRuns: 5000 },
  );
});

test("every rule decides some pair of nodes", () => {
  const met = new Set<string>();
  for (const input of allOf([0n, 4n, 0x10n, 0x20n, 0x0001_0000_0000_0010n])) {
    met.add(compareUuids(input).rule);
  }
  for (const { rule } of uuidRules) assert.ok(met.has(rule), `rule ${rule}`);
});

test("the pairs of the specification's examples (5.2, 19)", () => {
  const cases: readonly (readonly [self: string, peer: string, result: number, rule: string])[] = [
    ["4:0:0:0", "4:0:0:0", 0, "10"],
    ["4:0:0:0", "fade0:4:0:0", -2, "20"],
    ["fade0:4:0:0", "4:0:0:0", 2, "30"],
    ["fade0:0:29ef0:4", "fade0:0:29ef0:4", 0, "40"],
    ["5790d26395923dd6:0:0:0", "ec438782dec95f31:5790d26395923dd7:0:0", -1, "50"],
    ["ec438782dec95f31:5790d26395923dd7:0:0", "5790d26395923dd6:0:0:0", 1, "70"],
    [
      "e5b155a33636b714:fd30f364a9f4908e:0:0",
      "65ab0bcdc122454e:fd30f364a9f4908e:0:0",
      resultSplitBrain,
      "90",
    ],
  ];
  for (const [self, peer, result, rule] of cases) {
    const outcome = compareUuids({ ...quiet, self: uuids(self), peer: uuids(peer) });
    assert.deepEqual([outcome.result, outcome.rule], [result, rule], `${self} ${peer}`);
  }
});

test("unused history makes strangers a split brain, as in the kernel; full histories are unrelated", () => {
  const withRoom = { self: uuids("a0:0:b0:0"), peer: uuids("c0:0:d0:0") };
  assert.equal(compareUuids({ ...quiet, ...withRoom }).result, resultSplitBrainForGood);
  const full = { self: uuids("a0:0:b0:e0"), peer: uuids("c0:0:d0:f0") };
  assert.equal(compareUuids({ ...quiet, ...full }).result, resultUnrelated);
});

const quiet = {
  selfCrashedPrimary: false,
  peerCrashedPrimary: false,
  selfPrimary: false,
  peerPrimary: false,
  resolveConflicts: false,
  wsameAgreed: true,
};

function uuids(text: string): GenerationUuids {
  const [current = 0n, bitmap = 0n, history1 = 0n, history2 = 0n] = text
    .split(":")
    .map((word) => BigInt(`0x${word}`));
  return { current, bitmap, history1, history2 };
}

function anyInput(): fc.Arbitrary<UuidInput> {
  const uuid = fc.constantFrom(...names);
  const set = fc.record({ current: uuid, bitmap: uuid, history1: uuid, history2: uuid });
  const flag = fc.boolean();
  return fc.record({
    self: set,
    peer: set,
    selfCrashedPrimary: flag,
    peerCrashedPrimary: flag,
    selfPrimary: flag,
    peerPrimary: flag,
    resolveConflicts: flag,
    wsameAgreed: flag,
  });
}

/** One of the two writes alone, or they meet; then a resync goes as far as it comes. */
const anyEvent = fc.constantFrom(
  "self writes",
  "peer writes",
  "resync",
  "source began only",
  "target began",
  "source missed the end",
);

function lived(of: {
  readonly self: GenerationUuids;
  readonly peer: GenerationUuids;
  readonly mine: UuidOutcome;
  readonly theirs: UuidOutcome;
  readonly event: string;
  readonly next: () => bigint;
}): [GenerationUuids, GenerationUuids] {
  const { event, next, mine, theirs } = of;
  const writes = (u: GenerationUuids): GenerationUuids =>
    u.bitmap === 0n ? startGeneration(u, next(), false) : u;
  if (event === "self writes") return [writes(of.self), of.peer];
  if (event === "peer writes") return [of.self, writes(of.peer)];
  // They meet: each takes its own corrections.
  const self = mine.selfCorrected ?? of.self;
  const peer = theirs.selfCorrected ?? of.peer;
  const { result } = mine;
  if (result === 0 || Math.abs(result) >= resultSplitBrain) return [self, peer];
  const [source, target] = result > 0 ? [self, peer] : [peer, self];
  const after = resynced(source, target, event, next);
  return result > 0 ? after : [after[1], after[0]];
}

/** @returns source and target. */
function resynced(
  source: GenerationUuids,
  target: GenerationUuids,
  event: string,
  next: () => bigint,
): [GenerationUuids, GenerationUuids] {
  const began = startSyncSource(source, next());
  if (event === "source began only") return [began, target];
  const between = startSyncTarget(target, began.bitmap, false);
  if (event === "target began") return [began, between];
  const done = finishSyncTarget(between, source, false);
  return [event === "source missed the end" ? began : endBitmapGeneration(began), done];
}

/** What the other node compares at the same moment. */
function mirrored(i: UuidInput): UuidInput {
  return {
    self: i.peer,
    peer: i.self,
    selfCrashedPrimary: i.peerCrashedPrimary,
    peerCrashedPrimary: i.selfCrashedPrimary,
    selfPrimary: i.peerPrimary,
    peerPrimary: i.selfPrimary,
    resolveConflicts: !i.resolveConflicts,
    wsameAgreed: i.wsameAgreed,
  };
}

function withBit(uuid: bigint, bit: number): bigint {
  // "None" and "just created" have no role.
  return uuid === 0n || uuid === 4n ? uuid : (uuid & ~1n) | BigInt(bit & 1);
}

/** All pairs of nodes with these UUIDs, and all their flags where the data are equal. */
function* allOf(values: readonly bigint[]): Generator<UuidInput> {
  const sets: GenerationUuids[] = [];
  for (const current of values)
    for (const bitmap of values)
      for (const history1 of values)
        for (const history2 of values) sets.push({ current, bitmap, history1, history2 });
  for (const self of sets) for (const peer of sets) yield { ...quiet, self, peer };
  for (let bits = 0; bits < 64; bits++) {
    const flag = (n: number): boolean => ((bits >> n) & 1) === 1;
    yield {
      self: uuids("10:0:20:0"),
      peer: uuids("10:0:20:0"),
      selfCrashedPrimary: flag(0),
      peerCrashedPrimary: flag(1),
      selfPrimary: flag(2),
      peerPrimary: flag(3),
      resolveConflicts: flag(4),
      wsameAgreed: flag(5),
    };
  }
}
