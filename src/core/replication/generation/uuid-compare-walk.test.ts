/**
 * The UUID comparison over everything that it can tell apart. It only asks whether UUIDs are equal, none, just created,
 * or one the sync UUID of another: so all pairs of nodes fall into finitely many patterns, and each is walked here.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { combinations, yesAndNo } from "../../../../test/walk/combinations.ts";
import { compareUuids, type UuidInput, type UuidOutcome } from "./uuid-compare.ts";

type Uuids = UuidInput["self"];
type Expected = readonly [result: number, rule: string];

const none = 0n;
const created = 4n;
const syncOffset = 0x0001_0000_0000_0000n;

const flags = {
  selfCrashedPrimary: yesAndNo,
  peerCrashedPrimary: yesAndNo,
  selfPrimary: yesAndNo,
  peerPrimary: yesAndNo,
  resolveConflicts: yesAndNo,
  wsameAgreed: yesAndNo,
} as const;
const everyFlag = Array.from(combinations(flags), (each) => ({ ...each }));
type Flags = (typeof everyFlag)[number];
const quiet = everyFlag[0] as Flags;

test("every pattern of eight UUIDs is decided as the specification's table says (10.1)", () => {
  let walked = 0;
  for (const { self, peer } of everyPattern()) {
    // The flags are looked at only where the data are of one generation.
    for (const each of self.current === peer.current ? everyFlag : [quiet]) {
      const { result, rule } = compareUuids({ ...each, self, peer });
      const expected = specified(self, peer, each);
      if (result !== expected[0] || rule !== expected[1]) {
        assert.deepEqual([result, rule], expected, describe(self, peer, each));
      }
      walked++;
    }
  }
  assert.ok(walked > 1_000_000, `${walked} combinations`);
});

test("the two nodes come to mirrored results for every pattern but those no history leads to", () => {
  for (const { self, peer } of everyPattern()) {
    const ofFlags = compareUuids({ ...quiet, self, peer }).rule === "40";
    for (const each of ofFlags ? everyFlag : [quiet]) {
      const mine = compareUuids({ ...each, self, peer });
      const theirs = compareUuids({ ...mirrored(each), self: peer, peer: self });
      const mirror = Math.abs(mine.result) < 100 ? -mine.result : mine.result;
      if (theirs.result !== mirror && !isImpossible(self, peer, mine, theirs)) {
        assert.fail(`${mine.rule}, ${theirs.rule}: ${describe(self, peer, each)}`);
      }
    }
  }
});

/** Each names the other's data as its past: time has gone in a circle. */
function isImpossible(self: Uuids, peer: Uuids, mine: UuidOutcome, theirs: UuidOutcome): boolean {
  const past = (u: Uuids): readonly bigint[] => [u.bitmap, u.history1, u.history2];
  const circle = past(peer).includes(self.current) && past(self).includes(peer.current);
  // The one has no generation at all: 20 and 30 are asked in that order on both.
  const nothing = self.current === none || peer.current === none;
  return circle || (nothing && [mine.rule, theirs.rule].includes("20"));
}

/**
 * The rules in the order and the words of the specification: a second account of the same table, written from it and
 * not from the code.
 */
function specified(s: Uuids, p: Uuids, f: Flags): Expected {
  const [sNew, pNew] = [s.current === created, p.current === created];
  if (sNew && pNew) return [0, "10"];
  if (sNew || s.current === none) return [-2, "20"];
  if (pNew || p.current === none) return [2, "30"];
  if (s.current === p.current) {
    if (p.bitmap === none && s.bitmap !== none) {
      return s.bitmap === p.history1 && s.history1 === p.history2 ? [1, "34"] : [1, "36"];
    }
    if (s.bitmap === none && p.bitmap !== none) {
      return p.bitmap === s.history1 && p.history1 === s.history2 ? [-1, "35"] : [-1, "37"];
    }
    return sameData(f);
  }
  if (s.current === p.bitmap) return [-1, "50"];
  if (s.current === p.history1 && p.history1 + syncOffset === p.bitmap) return [-1, "51"];
  if (s.current === p.history1 || s.current === p.history2) return [-2, "60"];
  if (s.bitmap === p.current) return [1, "70"];
  if (s.history1 === p.current && s.history1 + syncOffset === s.bitmap) return [1, "71"];
  if (p.current === s.history1 || p.current === s.history2) return [2, "80"];
  if (s.bitmap === p.bitmap && s.bitmap !== none) return [100, "90"];
  const meet = [s.history1, s.history2].some((h) => h === p.history1 || h === p.history2);
  return meet ? [-100, "100"] : [-1000, "unrelated"];
}

function sameData(f: Flags): Expected {
  const crashed = `${f.selfCrashedPrimary ? "me" : ""}${f.peerCrashedPrimary ? "peer" : ""}`;
  if (crashed === "") return [0, "40"];
  if (f.selfPrimary || f.peerPrimary) {
    if (!f.wsameAgreed) return [-1001, "41"];
    if (f.selfPrimary && f.peerPrimary) return [-100, "41"];
    return [f.selfPrimary ? 1 : -1, "41"];
  }
  if (crashed === "me") return [1, "40"];
  if (crashed === "peer") return [-1, "40"];
  return [f.resolveConflicts ? -1 : 1, "40"];
}

/**
 * All ways in which eight UUIDs can be none, just created, or equal to one another, and each side's bitmap the sync UUID
 * of its younger history besides.
 */
function* everyPattern(): Generator<{ readonly self: Uuids; readonly peer: Uuids }> {
  for (const kinds of partitions(8)) {
    const uuids = kinds.map((kind) => (kind === 0 ? none : kind === 1 ? created : named(kind)));
    const self = uuidsOf(uuids.slice(0, 4));
    const peer = uuidsOf(uuids.slice(4));
    yield { self, peer };
    // A bitmap UUID of its own may be the sync UUID of the history beside it.
    const alone = (i: number): boolean => kinds.filter((kind) => kind === kinds[i]).length === 1;
    const selfMay = (kinds[1] as number) > 1 && alone(1);
    const peerMay = (kinds[5] as number) > 1 && alone(5);
    const selfSync = { ...self, bitmap: self.history1 + syncOffset };
    const peerSync = { ...peer, bitmap: peer.history1 + syncOffset };
    if (selfMay) yield { self: selfSync, peer };
    if (peerMay) yield { self, peer: peerSync };
    if (selfMay && peerMay) yield { self: selfSync, peer: peerSync };
  }
}

function uuidsOf([
  current = none,
  bitmap = none,
  history1 = none,
  history2 = none,
]: bigint[]): Uuids {
  return { current, bitmap, history1, history2 };
}

function named(kind: number): bigint {
  return BigInt(kind) << 8n;
}

/** Numberings of `length` places, 0 and 1 having meanings and the others appearing in order: no two say the same. */
function* partitions(length: number): Generator<readonly number[]> {
  const kinds: number[] = [];
  function* extend(highest: number): Generator<readonly number[]> {
    if (kinds.length === length) {
      yield kinds;
      return;
    }
    for (let kind = 0; kind <= highest + 1; kind++) {
      kinds.push(kind);
      yield* extend(Math.max(highest, kind));
      kinds.pop();
    }
  }
  yield* extend(1);
}

function mirrored(f: Flags): Flags {
  return {
    selfCrashedPrimary: f.peerCrashedPrimary,
    peerCrashedPrimary: f.selfCrashedPrimary,
    selfPrimary: f.peerPrimary,
    peerPrimary: f.selfPrimary,
    resolveConflicts: !f.resolveConflicts,
    wsameAgreed: f.wsameAgreed,
  };
}

function describe(self: Uuids, peer: Uuids, flags: Flags): string {
  const words = (u: Uuids): string =>
    [u.current, u.bitmap, u.history1, u.history2].map((x) => x.toString(16)).join(":");
  return `self ${words(self)} peer ${words(peer)} ${JSON.stringify(flags)}`;
}
