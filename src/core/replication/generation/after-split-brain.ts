/**
 * The after-sb policies: what is done by itself about a split brain, by how many nodes are Primary now.
 * Result: 1 I am source, -1 I am target, undefined: not decided. Both nodes compute it on their own.
 */
import type { AfterSbPolicy } from "../settings.ts";

export type SplitBrainInput = {
  readonly selfPrimary: boolean;
  readonly peerPrimary: boolean;
  /** Was Primary when the generations parted (bit 0 of the bitmap UUID). */
  readonly selfWasPrimary: boolean;
  readonly peerWasPrimary: boolean;
  /** Bits set: how much each side has changed. */
  readonly selfChanged: number;
  readonly peerChanged: number;
  readonly resolveConflicts: boolean;
};

export type Verdict = {
  readonly sync: 1 | -1 | undefined;
  readonly policy: AfterSbPolicy;
  /** call-pri-lost-after-sb against this node, a Primary: it has to give up that role first. */
  readonly mustDemote?: true;
};

type Sync = Verdict["sync"];

export function afterSplitBrain(
  policies: {
    readonly afterSb0pri: AfterSbPolicy;
    readonly afterSb1pri: AfterSbPolicy;
    readonly afterSb2pri: AfterSbPolicy;
  },
  input: SplitBrainInput,
): Verdict {
  const without = noPrimaryPolicies[policies.afterSb0pri]?.(input);
  const primaries = (input.selfPrimary ? 1 : 0) + (input.peerPrimary ? 1 : 0);
  if (primaries === 0) return { sync: without, policy: policies.afterSb0pri };
  const policy = primaries === 1 ? policies.afterSb1pri : policies.afterSb2pri;
  const table = primaries === 1 ? onePrimaryPolicies : twoPrimariesPolicies;
  const sync = table[policy]?.(input, without);
  if (policy === "call-pri-lost-after-sb" && sync === -1 && input.selfPrimary) {
    return { sync, policy, mustDemote: true };
  }
  return { sync, policy };
}

type Decide0 = (input: SplitBrainInput) => Sync;
type Decide = (input: SplitBrainInput, withoutPrimary: Sync) => Sync;

/** Nobody is Primary. A policy that is not in the table can't stand there: it decides nothing. */
export const noPrimaryPolicies: Readonly<Partial<Record<AfterSbPolicy, Decide0>>> = {
  disconnect: () => undefined,
  "discard-younger-primary": (i) => {
    if (i.selfWasPrimary !== i.peerWasPrimary) return i.selfWasPrimary ? 1 : -1;
    return zeroChanges(i) ?? leastChanges(i);
  },
  "discard-older-primary": (i) => {
    if (i.selfWasPrimary !== i.peerWasPrimary) return i.selfWasPrimary ? -1 : 1;
    return zeroChanges(i) ?? leastChanges(i);
  },
  "discard-zero-changes": zeroChanges,
  "discard-least-changes": leastChanges,
  "discard-local": () => -1,
  "discard-remote": () => 1,
};

export const onePrimaryPolicies: Readonly<Partial<Record<AfterSbPolicy, Decide>>> = {
  disconnect: () => undefined,
  consensus: (i, without) => {
    if (without === -1 && !i.selfPrimary) return -1;
    if (without === 1 && i.selfPrimary) return 1;
    return undefined;
  },
  "violently-as0p": (_i, without) => without,
  "discard-secondary": (i) => (i.selfPrimary ? 1 : -1),
  "call-pri-lost-after-sb": (_i, without) => without,
};

export const twoPrimariesPolicies: Readonly<Partial<Record<AfterSbPolicy, Decide>>> = {
  disconnect: () => undefined,
  "violently-as0p": (_i, without) => without,
  "call-pri-lost-after-sb": (_i, without) => without,
};

function zeroChanges(i: SplitBrainInput): Sync {
  if (i.selfChanged === 0 && i.peerChanged === 0) return tie(i);
  if (i.peerChanged === 0) return 1;
  if (i.selfChanged === 0) return -1;
  return undefined;
}

function leastChanges(i: SplitBrainInput): Sync {
  if (i.selfChanged === i.peerChanged) return tie(i);
  return i.selfChanged < i.peerChanged ? -1 : 1;
}

function tie(i: SplitBrainInput): 1 | -1 {
  return i.resolveConflicts ? -1 : 1;
}
