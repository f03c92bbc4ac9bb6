/**
 * Whether one node's copy may be kept and the other's changes given up, by a person's word. A table: the first row that
 * fits refuses. It asks no more than the two nodes' own accounts, and so it is asked again before the step that can't be
 * taken back.
 */
import { Disk } from "../../../formats/drbd/drbd-state.ts";
import type { GenerationUuids } from "../../../formats/drbd/superblock.ts";
import { compareUuids, resultSplitBrain, resultUnrelated } from "./uuid-compare.ts";

export type ResolveSide = {
  readonly node: string;
  readonly disk: Disk;
  /** Undefined without a disk. */
  readonly uuids: GenerationUuids | undefined;
  readonly crashedPrimary: boolean;
  readonly primary: boolean;
  /** Somebody holds the volume open: a guest, a mount. */
  readonly open: boolean;
  /** Connected to the other, or a resync is under way. */
  readonly connected: boolean;
};

export type ResolveFacts = { readonly keep: ResolveSide; readonly lose: ResolveSide };

export type Objection = {
  readonly label: string;
  readonly when: (facts: ResolveFacts) => boolean;
  readonly message: (facts: ResolveFacts) => string;
  readonly remedy: (facts: ResolveFacts) => string;
};

export const resolveObjections: readonly Objection[] = [
  {
    label: "connected",
    when: ({ keep, lose }) => keep.connected || lose.connected,
    message: () => "the two nodes are connected: there is no split brain",
    remedy: () => "drbdadm status RES shows how they are.",
  },
  {
    label: "no disk to keep",
    when: ({ keep }) => keep.uuids === undefined || keep.disk < Disk.Inconsistent,
    message: ({ keep }) => `${keep.node} has no disk attached`,
    remedy: ({ keep }) => `On ${keep.node}: drbdadm attach RES.`,
  },
  {
    label: "no disk to give up",
    when: ({ lose }) => lose.uuids === undefined || lose.disk < Disk.Inconsistent,
    message: ({ lose }) => `${lose.node} has no disk attached`,
    remedy: ({ lose }) => `On ${lose.node}: drbdadm attach RES.`,
  },
  {
    label: "not whole",
    when: ({ keep }) => keep.disk === Disk.Inconsistent,
    message: ({ keep }) => `the copy of ${keep.node} is Inconsistent: it is no whole copy`,
    remedy: ({ lose }) => `Keep the other: holdfast resolve RES --keep ${lose.node}.`,
  },
  {
    label: "in use",
    when: ({ lose }) => lose.open,
    message: ({ lose }) =>
      `the copy of ${lose.node} is in use there, and would be replaced under its user`,
    remedy: ({ lose }) =>
      `Stop the guest on ${lose.node}, or unmount the volume there; then give the command again.`,
  },
  {
    label: "unrelated data",
    when: (facts) => compared(facts).result <= resultUnrelated,
    message: ({ keep, lose }) =>
      `${keep.node} and ${lose.node} hold unrelated data, of which none has come from the other`,
    remedy: ({ lose }) =>
      `If all that ${lose.node} has may go: on ${lose.node} drbdadm invalidate RES, then drbdadm connect RES on both.`,
  },
  {
    label: "no split brain",
    when: (facts) => !isSplitBrain(facts),
    message: (facts) => {
      const { result, rule } = compared(facts);
      const newer = result === 0 ? "both are equal" : `${nodeOf(facts, result)} has the newer copy`;
      return `it is no split brain: ${newer} (uuid rule ${rule})`;
    },
    remedy: () => "Nothing is to be given up: drbdadm connect RES on both nodes.",
  },
];

export function resolveObjection(facts: ResolveFacts): Objection | undefined {
  return resolveObjections.find((row) => row.when(facts));
}

/** Each has writes of which the other knows nothing. */
export function isSplitBrain(facts: ResolveFacts): boolean {
  return Math.abs(compared(facts).result) === resultSplitBrain;
}

/** As the node that is to be kept compares them. */
function compared({ keep, lose }: ResolveFacts): ReturnType<typeof compareUuids> {
  const none = { current: 0n, bitmap: 0n, history1: 0n, history2: 0n };
  return compareUuids({
    self: keep.uuids ?? none,
    peer: lose.uuids ?? none,
    selfCrashedPrimary: keep.crashedPrimary,
    peerCrashedPrimary: lose.crashedPrimary,
    selfPrimary: keep.primary,
    peerPrimary: lose.primary,
    resolveConflicts: false,
    wsameAgreed: true,
  });
}

function nodeOf({ keep, lose }: ResolveFacts, result: number): string {
  return result > 0 ? keep.node : lose.node;
}
