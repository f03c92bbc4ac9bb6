/**
 * The comparison of two nodes' generation UUIDs. Both nodes compute it on their own from the same exchange, so every
 * rule and the order of the rules is DRBD 8.4's; the numbers of the rules are those in the kernel's log.
 *
 * Result: 0 equal; 1 / -1 I am source / target and the bitmaps are enough; 2 / -2 the same with a full sync;
 * 100 split brain that a policy may solve; -100 split brain; -1000 unrelated data; below that, abort.
 */
import { type GenerationUuids, uuidJustCreated } from "../../../formats/drbd/superblock.ts";
import {
  endBitmapGeneration,
  sameGeneration,
  syncUuidOffset,
  withoutRole,
} from "./generation-uuids.ts";

export type UuidInput = {
  readonly self: GenerationUuids;
  readonly peer: GenerationUuids;
  readonly selfCrashedPrimary: boolean;
  readonly peerCrashedPrimary: boolean;
  readonly selfPrimary: boolean;
  readonly peerPrimary: boolean;
  readonly resolveConflicts: boolean;
  /** Rule 41 needs the feature WSAME on both sides. */
  readonly wsameAgreed: boolean;
};

export type UuidOutcome = {
  readonly result: number;
  readonly rule: string;
  /** My own UUIDs, corrected: I missed a packet. To be written. */
  readonly selfCorrected?: GenerationUuids;
  /** My copy of the peer's, corrected: it missed one, or does the same correction. */
  readonly peerCorrected?: GenerationUuids;
  readonly note?: string;
};

type Row = {
  readonly rule: string;
  readonly when: (input: UuidInput) => boolean;
  readonly outcome: (input: UuidInput) => Omit<UuidOutcome, "rule">;
};

export const resultSplitBrain = 100;
export const resultSplitBrainForGood = -100;
export const resultUnrelated = -1000;
const resultAbort = -1001;

/** The first row that fits decides. */
export const uuidRules: readonly Row[] = [
  {
    rule: "10",
    when: (i) => justCreated(i.self) && justCreated(i.peer),
    outcome: () => ({ result: 0 }),
  },
  {
    rule: "20",
    when: (i) => justCreated(i.self) || i.self.current === 0n,
    outcome: () => ({ result: -2 }),
  },
  {
    rule: "30",
    when: (i) => justCreated(i.peer) || i.peer.current === 0n,
    outcome: () => ({ result: 2 }),
  },
  {
    rule: "34",
    when: (i) => equal(i) && missedEnd(i.self, i.peer) && historyFits(i.self, i.peer),
    outcome: (i) => ({
      result: 1,
      selfCorrected: endBitmapGeneration(i.self),
      note: "was SyncSource, missed the resync finished event, corrected myself",
    }),
  },
  {
    rule: "36",
    when: (i) => equal(i) && missedEnd(i.self, i.peer),
    outcome: () => ({ result: 1, note: "was SyncSource (peer failed to write sync_uuid)" }),
  },
  {
    rule: "35",
    when: (i) => equal(i) && missedEnd(i.peer, i.self) && historyFits(i.peer, i.self),
    outcome: (i) => ({
      result: -1,
      peerCorrected: endBitmapGeneration(i.peer),
      note: "was SyncTarget, peer missed the resync finished event, corrected peer",
    }),
  },
  {
    rule: "37",
    when: (i) => equal(i) && missedEnd(i.peer, i.self),
    outcome: () => ({ result: -1, note: "was SyncTarget (failed to write sync_uuid)" }),
  },
  {
    rule: "40",
    when: (i) => equal(i) && !i.selfCrashedPrimary && !i.peerCrashedPrimary,
    outcome: () => ({ result: 0 }),
  },
  {
    rule: "41",
    when: (i) => equal(i) && (i.selfPrimary || i.peerPrimary),
    outcome: (i) => {
      if (!i.wsameAgreed) {
        const note =
          "To resolve this both sides have to support at least protocol 101 with feature flags 0x4";
        return { result: resultAbort, note };
      }
      if (i.selfPrimary && i.peerPrimary) return { result: resultSplitBrainForGood };
      return { result: i.selfPrimary ? 1 : -1 };
    },
  },
  {
    rule: "40",
    when: equal,
    outcome: (i) => {
      if (!i.peerCrashedPrimary) return { result: 1 };
      if (!i.selfCrashedPrimary) return { result: -1 };
      return { result: i.resolveConflicts ? -1 : 1 };
    },
  },
  {
    rule: "50",
    when: (i) => sameGeneration(i.self.current, i.peer.bitmap),
    outcome: () => ({ result: -1 }),
  },
  {
    rule: "51",
    when: (i) => sameGeneration(i.self.current, i.peer.history1) && syncUuidLost(i.peer),
    outcome: (i) => ({
      result: -1,
      peerCorrected: { ...i.peer, bitmap: i.peer.history1, history1: i.peer.history2 },
      note: "Lost last syncUUID packet, corrected",
    }),
  },
  { rule: "60", when: (i) => inHistory(i.self.current, i.peer), outcome: () => ({ result: -2 }) },
  {
    rule: "70",
    when: (i) => sameGeneration(i.self.bitmap, i.peer.current),
    outcome: () => ({ result: 1 }),
  },
  {
    rule: "71",
    when: (i) => sameGeneration(i.self.history1, i.peer.current) && syncUuidLost(i.self),
    outcome: (i) => ({
      result: 1,
      selfCorrected: { ...i.self, bitmap: i.self.history1, history1: i.self.history2 },
      note: "Last syncUUID did not get through, corrected",
    }),
  },
  { rule: "80", when: (i) => inHistory(i.peer.current, i.self), outcome: () => ({ result: 2 }) },
  {
    rule: "90",
    when: (i) => withoutRole(i.self.bitmap) !== 0n && sameGeneration(i.self.bitmap, i.peer.bitmap),
    outcome: () => ({ result: resultSplitBrain }),
  },
  { rule: "100", when: historiesMeet, outcome: () => ({ result: resultSplitBrainForGood }) },
  { rule: "unrelated", when: () => true, outcome: () => ({ result: resultUnrelated }) },
];

export function compareUuids(input: UuidInput): UuidOutcome {
  for (const row of uuidRules) {
    if (row.when(input)) return { rule: row.rule, ...row.outcome(input) };
  }
  return { rule: "unrelated", result: resultUnrelated };
}

function justCreated(uuids: GenerationUuids): boolean {
  return withoutRole(uuids.current) === uuidJustCreated;
}

function equal(input: UuidInput): boolean {
  return sameGeneration(input.self.current, input.peer.current);
}

/** `source` still counts changes that `target` knows to be over. */
function missedEnd(source: GenerationUuids, target: GenerationUuids): boolean {
  return target.bitmap === 0n && source.bitmap !== 0n;
}

function historyFits(source: GenerationUuids, target: GenerationUuids): boolean {
  return (
    sameGeneration(source.bitmap, target.history1) &&
    sameGeneration(source.history1, target.history2)
  );
}

/** The bitmap UUID is the youngest history's with the offset: a resync was begun and its UUID never arrived. */
function syncUuidLost(source: GenerationUuids): boolean {
  return sameGeneration(BigInt.asUintN(64, source.history1 + syncUuidOffset), source.bitmap);
}

function inHistory(uuid: bigint, of: GenerationUuids): boolean {
  return sameGeneration(uuid, of.history1) || sameGeneration(uuid, of.history2);
}

/**
 * Any ended generation in common. Empty slots are not left out, as in the kernel, so that both sides agree: two nodes
 * with an unused slot each have "split brain", not "unrelated data".
 */
function historiesMeet(input: UuidInput): boolean {
  return inHistory(input.self.history1, input.peer) || inHistory(input.self.history2, input.peer);
}
