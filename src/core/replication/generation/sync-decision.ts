/**
 * What follows from the comparison of the UUIDs when two nodes meet: no sync, a sync in one direction, or a refusal.
 * Both nodes decide on their own from the same exchange, and must come to mirrored decisions.
 */
import { assert } from "../../../base/assert.ts";
import { Disk } from "../../../formats/drbd/drbd-state.ts";
import type { NetSettings } from "../settings.ts";
import { afterSplitBrain, type SplitBrainInput } from "./after-split-brain.ts";
import {
  resultSplitBrain,
  resultSplitBrainForGood,
  resultUnrelated,
  type UuidOutcome,
} from "./uuid-compare.ts";

export type SyncInput = SplitBrainInput & {
  readonly compared: UuidOutcome;
  /** This node's copy; while it is being attached, what it was prepared to be. */
  readonly disk: Disk;
  /** It is in use: not being attached. */
  readonly attached: boolean;
  readonly peerDisk: Disk;
  readonly selfDiscards: boolean;
  readonly peerDiscards: boolean;
  /** Mine or the peer's: tell what would happen, and refuse. */
  readonly dryRun: boolean;
  /** No user holds the device open: giving up the Primary role would succeed. */
  readonly canDemote: boolean;
  readonly net: Pick<
    NetSettings,
    "afterSb0pri" | "afterSb1pri" | "afterSb2pri" | "alwaysAsbp" | "rrConflict"
  >;
};

export type SplitBrainHandler =
  | "initial-split-brain"
  | "split-brain"
  | "pri-lost-after-sb"
  | "pri-lost";

export type SyncDecision = {
  /** Names what decided, for the log and for status. */
  readonly label: string;
  readonly messages: readonly string[];
  readonly handlers: readonly SplitBrainHandler[];
  readonly splitBrain: boolean;
} & (
  | { readonly kind: "refuse" }
  | {
      readonly kind: "agree";
      readonly sync: "none" | "source" | "target";
      /** All blocks, not only those of the bitmaps. */
      readonly full: boolean;
      /** This Primary has to become Secondary first (call-pri-lost-after-sb). */
      readonly demote: boolean;
    }
);

/** What has been found so far. `hg` is the kernel's name for the result of the handshake. */
type Course = {
  hg: number;
  label: string;
  demote: boolean;
  readonly messages: string[];
  readonly handlers: SplitBrainHandler[];
};

export function decideSync(input: SyncInput): SyncDecision {
  const { compared } = input;
  const course: Course = {
    hg: compared.result,
    label: `uuid rule ${compared.rule}`,
    demote: false,
    messages: compared.note === undefined ? [] : [compared.note],
    handlers: [],
  };
  if (course.hg <= resultUnrelated) {
    course.messages.push(
      course.hg === resultUnrelated ? "Unrelated data, aborting!" : "The UUIDs can't be compared.",
    );
    return refuse(course, false);
  }
  byDiskStates(input, course);
  const splitBrain = Math.abs(course.hg) === resultSplitBrain;
  if (splitBrain) course.handlers.push("initial-split-brain");
  byPolicies(input, course);
  byWord(input, course);
  if (course.hg === resultSplitBrainForGood) {
    course.handlers.push("split-brain");
    course.messages.push("Split-Brain detected but unresolved, dropping connection!");
    return refuse(course, true);
  }
  const objection = objectionTo(input, course);
  if (objection !== undefined) {
    course.label = objection.label;
    course.messages.push(objection.message);
    return refuse(course, splitBrain);
  }
  assert(Math.abs(course.hg) <= 2, "a decision is no sync, or a sync in one direction");
  return {
    kind: "agree",
    sync: course.hg === 0 ? "none" : course.hg > 0 ? "source" : "target",
    full: Math.abs(course.hg) === 2,
    demote: course.demote,
    label: course.label,
    messages: course.messages,
    handlers: course.handlers,
    splitBrain,
  };
}

/** Exactly one side is Inconsistent: the other must be the source, whatever the UUIDs say about the direction. */
function byDiskStates(input: SyncInput, course: Course): void {
  const mine = input.disk === Disk.Inconsistent && input.peerDisk > Disk.Inconsistent;
  const peers = input.peerDisk === Disk.Inconsistent && input.disk > Disk.Inconsistent;
  if (!mine && !peers) return;
  const full = course.hg === resultSplitBrainForGood || Math.abs(course.hg) === 2;
  course.hg = (peers ? 1 : -1) * (full ? 2 : 1);
  course.label += ", disk states";
  course.messages.push(`Becoming sync ${peers ? "source" : "target"} due to disk states.`);
}

function byPolicies(input: SyncInput, course: Course): void {
  const ambiguous = course.hg === resultSplitBrainForGood;
  if (course.hg !== resultSplitBrain && !(ambiguous && input.net.alwaysAsbp)) return;
  const verdict = afterSplitBrain(input.net, input);
  course.label += `, ${verdict.policy}`;
  if (verdict.mustDemote && !input.canDemote) {
    course.handlers.push("pri-lost-after-sb");
    course.hg = resultSplitBrainForGood;
    return;
  }
  if (verdict.sync === undefined) {
    course.hg = resultSplitBrainForGood;
    return;
  }
  const primaries = (input.selfPrimary ? 1 : 0) + (input.peerPrimary ? 1 : 0);
  course.hg = verdict.sync;
  course.demote = verdict.mustDemote === true;
  course.messages.push(
    `Split-Brain detected, ${primaries} primaries, automatically solved. Sync from ${verdict.sync > 0 ? "this" : "peer"} node`,
  );
  if (ambiguous) {
    course.hg *= 2;
    course.messages.push("Doing a full sync, since UUIDs where ambiguous.");
  }
}

/** discard-my-data: a person has said whose changes are to go. */
function byWord(input: SyncInput, course: Course): void {
  if (course.hg !== resultSplitBrainForGood) return;
  if (input.selfDiscards === input.peerDiscards) return;
  course.hg = input.selfDiscards ? -1 : 1;
  course.label += ", discard-my-data";
  course.messages.push(
    `Split-Brain detected, manually solved. Sync from ${input.selfDiscards ? "peer" : "this"} node`,
  );
}

function objectionTo(
  input: SyncInput,
  course: Course,
): { readonly label: string; readonly message: string } | undefined {
  if (course.hg > 0 && input.disk <= Disk.Inconsistent) {
    return {
      label: "inconsistent source",
      message: "I shall become SyncSource, but I am inconsistent!",
    };
  }
  const target = course.hg < 0 && !course.demote;
  if (target && input.selfPrimary && input.attached && input.disk >= Disk.Consistent) {
    const { rrConflict } = input.net;
    if (rrConflict === "call-pri-lost") course.handlers.push("pri-lost");
    if (rrConflict !== "violently") {
      return {
        label: `primary target, rr-conflict ${rrConflict}`,
        message: "I shall become SyncTarget, but I am primary!",
      };
    }
    course.label += ", rr-conflict violently";
  }
  if (input.dryRun) {
    const would =
      course.hg === 0 ? "No resync, would become Connected immediately." : dryRun(course.hg);
    return { label: "dry run", message: `dry-run connect: ${would}` };
  }
  if (Math.abs(course.hg) === 2) {
    course.messages.push("Writing the whole bitmap, full sync required after drbd_sync_handshake.");
  }
  return undefined;
}

function dryRun(hg: number): string {
  const kind = Math.abs(hg) === 2 ? "full sync" : "bit-map based";
  return `Would become ${hg > 0 ? "SyncSource" : "SyncTarget"}, doing a ${kind} resync.`;
}

function refuse(course: Course, splitBrain: boolean): SyncDecision {
  return {
    kind: "refuse",
    label: course.label,
    messages: course.messages,
    handlers: course.handlers,
    splitBrain,
  };
}
