import assert from "node:assert/strict";
import { test } from "node:test";
import { combinations, yesAndNo } from "../../../../test/walk/combinations.ts";
import type { AfterSbPolicy } from "../settings.ts";
import {
  afterSplitBrain,
  noPrimaryPolicies,
  onePrimaryPolicies,
  type SplitBrainInput,
  twoPrimariesPolicies,
} from "./after-split-brain.ts";

const policies: readonly AfterSbPolicy[] = [
  "disconnect",
  "discard-younger-primary",
  "discard-older-primary",
  "discard-zero-changes",
  "discard-least-changes",
  "discard-local",
  "discard-remote",
  "consensus",
  "discard-secondary",
  "call-pri-lost-after-sb",
  "violently-as0p",
];
/** Neither changed anything, one of them did, this one less, as much, this one more. */
const changes = [
  [0, 0],
  [0, 3],
  [3, 0],
  [1, 2],
  [2, 2],
  [2, 1],
] as const;
const facts = {
  selfPrimary: yesAndNo,
  peerPrimary: yesAndNo,
  selfWasPrimary: yesAndNo,
  peerWasPrimary: yesAndNo,
  changed: changes,
  resolveConflicts: yesAndNo,
} as const;

test("each policy decides as the specification's tables say, for every combination of facts (10.3)", () => {
  for (const input of everyInput()) {
    for (const afterSb0pri of policies) {
      const none = { selfPrimary: false, peerPrimary: false };
      const chosen = { afterSb0pri, afterSb1pri: "consensus", afterSb2pri: "disconnect" } as const;
      const zero = specified0(afterSb0pri, input);
      assert.equal(afterSplitBrain(chosen, { ...input, ...none }).sync, zero);
      for (const policy of policies) {
        const verdict = afterSplitBrain(
          { afterSb0pri, afterSb1pri: policy, afterSb2pri: policy },
          input,
        );
        const expected = specified(policy, zero, input);
        assert.deepEqual(
          [verdict.sync, verdict.mustDemote === true],
          expected,
          `${afterSb0pri}, ${policy}, ${JSON.stringify(input)}`,
        );
      }
    }
  }
});

test("the label is the policy for as many Primaries as there are now", () => {
  const chosen = {
    afterSb0pri: "discard-zero-changes",
    afterSb1pri: "discard-secondary",
    afterSb2pri: "disconnect",
  } as const;
  const labels = [chosen.afterSb0pri, chosen.afterSb1pri, chosen.afterSb2pri];
  for (const input of everyInput()) {
    const primaries = (input.selfPrimary ? 1 : 0) + (input.peerPrimary ? 1 : 0);
    assert.equal(afterSplitBrain(chosen, input).policy, labels[primaries]);
  }
});

test("the two nodes come to opposite verdicts, or neither decides", () => {
  for (const input of everyInput()) {
    for (const afterSb0pri of policies) {
      for (const policy of policies) {
        const own = { afterSb0pri, afterSb1pri: policy, afterSb2pri: policy };
        const mine = afterSplitBrain(own, input).sync;
        const theirs = afterSplitBrain(mirroredPolicies(own), mirrored(input)).sync;
        const text = `${afterSb0pri}, ${policy}, ${JSON.stringify(input)}`;
        assert.equal(theirs, mine === undefined ? undefined : -mine, text);
      }
    }
  }
});

test("every policy stands in a table", () => {
  const tables = [noPrimaryPolicies, onePrimaryPolicies, twoPrimariesPolicies];
  for (const policy of policies)
    assert.ok(
      tables.some((table) => policy in table),
      policy,
    );
});

function* everyInput(): Generator<SplitBrainInput> {
  for (const { changed, ...rest } of combinations(facts)) {
    yield { ...rest, selfChanged: changed[0], peerChanged: changed[1] };
  }
}

type Sync = 1 | -1 | undefined;

/** The specification's table of after-sb-0pri, in its words. */
function specified0(policy: AfterSbPolicy, i: SplitBrainInput): Sync {
  const was = `${i.selfWasPrimary ? 1 : 0}${i.peerWasPrimary ? 1 : 0}`;
  const tie = i.resolveConflicts ? -1 : 1;
  const least =
    i.selfChanged < i.peerChanged ? -1 : i.selfChanged > i.peerChanged ? 1 : (tie as 1 | -1);
  const zero =
    i.selfChanged === 0 && i.peerChanged === 0
      ? tie
      : i.peerChanged === 0
        ? 1
        : i.selfChanged === 0
          ? -1
          : undefined;
  switch (policy) {
    case "discard-younger-primary":
      return was === "01" ? -1 : was === "10" ? 1 : (zero ?? least);
    case "discard-older-primary":
      return was === "01" ? 1 : was === "10" ? -1 : (zero ?? least);
    case "discard-zero-changes":
      return zero;
    case "discard-least-changes":
      return least;
    case "discard-local":
      return -1;
    case "discard-remote":
      return 1;
    default:
      return undefined;
  }
}

/** The verdict of `policy` for the Primaries there are, and whether this node has to give up that role first. */
function specified(policy: AfterSbPolicy, h: Sync, i: SplitBrainInput): readonly [Sync, boolean] {
  const primaries = (i.selfPrimary ? 1 : 0) + (i.peerPrimary ? 1 : 0);
  if (primaries === 0) return [h, false];
  if (policy === "violently-as0p") return [h, false];
  if (policy === "call-pri-lost-after-sb") return [h, h === -1 && i.selfPrimary];
  if (primaries === 2) return [undefined, false];
  if (policy === "discard-secondary") return [i.selfPrimary ? 1 : -1, false];
  if (policy !== "consensus") return [undefined, false];
  const agrees = (h === -1 && !i.selfPrimary) || (h === 1 && i.selfPrimary);
  return [agrees ? h : undefined, false];
}

function mirrored(i: SplitBrainInput): SplitBrainInput {
  return {
    selfPrimary: i.peerPrimary,
    peerPrimary: i.selfPrimary,
    selfWasPrimary: i.peerWasPrimary,
    peerWasPrimary: i.selfWasPrimary,
    selfChanged: i.peerChanged,
    peerChanged: i.selfChanged,
    resolveConflicts: !i.resolveConflicts,
  };
}

/** discard-local here is discard-remote there: the only ones that are not the same on both nodes. */
function mirroredPolicies<T extends Readonly<Record<string, AfterSbPolicy>>>(of: T): T {
  const mirror = (policy: AfterSbPolicy): AfterSbPolicy =>
    policy === "discard-local"
      ? "discard-remote"
      : policy === "discard-remote"
        ? "discard-local"
        : policy;
  return Object.fromEntries(Object.entries(of).map(([name, p]) => [name, mirror(p)])) as T;
}
