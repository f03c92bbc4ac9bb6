import assert from "node:assert/strict";
import { test } from "node:test";
import { combinations, yesAndNo } from "../../../../test/walk/combinations.ts";
import { Disk } from "../../../formats/drbd/drbd-state.ts";
import { decideSync, type SyncDecision, type SyncInput } from "./sync-decision.ts";

/** The handshake is not run for other disks; one that is being attached counts as what it was prepared to be. */
const disks = Object.values(Disk).filter((disk) => disk >= Disk.Inconsistent);
const results = [0, 1, -1, 2, -2, 100, -100, -1000, -1001] as const;

/** What after-split-brain.ts makes of its facts is walked there; here each of its verdicts is brought about. */
const inputs = {
  result: results,
  disk: disks,
  peerDisk: disks,
  attached: yesAndNo,
  selfDiscards: yesAndNo,
  peerDiscards: yesAndNo,
  dryRun: yesAndNo,
  canDemote: yesAndNo,
  selfPrimary: yesAndNo,
  peerPrimary: yesAndNo,
  without: ["disconnect", "discard-local", "discard-remote"],
  with: ["violently-as0p", "call-pri-lost-after-sb"],
  alwaysAsbp: yesAndNo,
  rrConflict: ["disconnect", "violently", "call-pri-lost"],
} as const;

test("the decision is the specification's for every combination of inputs (10.2), and its label says why", () => {
  const labels = new Set<string>();
  let walked = 0;
  for (const input of everyInput()) {
    const decision = decideSync(input);
    const expected = specified(input);
    if (summary(decision) !== expected) {
      assert.equal(summary(decision), expected, JSON.stringify(input));
    }
    labels.add(decision.label);
    walked++;
  }
  assert.ok(walked > 500_000, `${walked} combinations`);
  assert.deepEqual([...labels].sort(), everyLabel);
});

const everyLabel = [
  "dry run",
  "inconsistent source",
  "primary target, rr-conflict call-pri-lost",
  "primary target, rr-conflict disconnect",
  "uuid rule N",
  "uuid rule N, call-pri-lost-after-sb",
  "uuid rule N, call-pri-lost-after-sb, discard-my-data",
  "uuid rule N, call-pri-lost-after-sb, discard-my-data, rr-conflict violently",
  "uuid rule N, discard-local",
  "uuid rule N, discard-my-data",
  "uuid rule N, discard-my-data, rr-conflict violently",
  "uuid rule N, discard-remote",
  "uuid rule N, disconnect",
  "uuid rule N, disconnect, discard-my-data",
  "uuid rule N, disk states",
  "uuid rule N, rr-conflict violently",
  "uuid rule N, violently-as0p",
  "uuid rule N, violently-as0p, discard-my-data",
  "uuid rule N, violently-as0p, discard-my-data, rr-conflict violently",
  "uuid rule N, violently-as0p, rr-conflict violently",
];

function* everyInput(): Generator<SyncInput> {
  for (const each of combinations(inputs)) {
    // Two that cannot matter together: a disk that is being attached has no say in rr-conflict.
    if (!each.attached && each.rrConflict !== "disconnect") continue;
    yield {
      compared: { result: each.result, rule: "N" },
      disk: each.disk,
      peerDisk: each.peerDisk,
      attached: each.attached,
      selfDiscards: each.selfDiscards,
      peerDiscards: each.peerDiscards,
      dryRun: each.dryRun,
      canDemote: each.canDemote,
      selfPrimary: each.selfPrimary,
      peerPrimary: each.peerPrimary,
      selfWasPrimary: false,
      peerWasPrimary: false,
      selfChanged: 1,
      peerChanged: 1,
      resolveConflicts: false,
      net: {
        afterSb0pri: each.without,
        afterSb1pri: each.with,
        afterSb2pri: each.with,
        alwaysAsbp: each.alwaysAsbp,
        rrConflict: each.rrConflict,
      },
    };
  }
}

function summary(decision: SyncDecision): string {
  const handlers = decision.handlers.join("+");
  if (decision.kind === "refuse") return `refuse [${handlers}]`;
  const how =
    decision.sync === "none" ? "none" : `${decision.sync} ${decision.full ? "all" : "bits"}`;
  return `${how}${decision.demote ? " demote" : ""} [${handlers}]`;
}

/** The specification's text, line by line, with its numbers. */
function specified(i: SyncInput): string {
  const handlers: string[] = [];
  const refuse = (): string => `refuse [${handlers.join("+")}]`;
  let hg: number = i.compared.result;
  if (hg <= -1000) return refuse();
  const [mine, peers] = [i.disk, i.peerDisk];
  const one =
    (mine === Disk.Inconsistent && peers > Disk.Inconsistent) ||
    (peers === Disk.Inconsistent && mine > Disk.Inconsistent);
  if (one) {
    const f = hg === -100 || Math.abs(hg) === 2;
    hg = mine > Disk.Inconsistent ? 1 : -1;
    if (f) hg *= 2;
  }
  if (Math.abs(hg) === 100) handlers.push("initial-split-brain");
  let demote = false;
  if (hg === 100 || (hg === -100 && i.net.alwaysAsbp)) {
    const pc = (i.selfPrimary ? 1 : 0) + (i.peerPrimary ? 1 : 0);
    const forced = hg === -100;
    const zero = { disconnect: -100, "discard-local": -1, "discard-remote": 1 }[
      i.net.afterSb0pri as string
    ] as number;
    hg = zero;
    if (pc > 0 && i.net.afterSb1pri === "call-pri-lost-after-sb" && zero === -1 && i.selfPrimary) {
      if (i.canDemote) demote = true;
      else {
        handlers.push("pri-lost-after-sb");
        hg = -100;
      }
    }
    if (Math.abs(hg) < 100 && forced) hg *= 2;
  }
  if (hg === -100) {
    if (i.selfDiscards && !i.peerDiscards) hg = -1;
    if (!i.selfDiscards && i.peerDiscards) hg = 1;
  }
  if (hg === -100) {
    handlers.push("split-brain");
    return refuse();
  }
  if (hg > 0 && mine <= Disk.Inconsistent) return refuse();
  // A Primary that has given up that role by then is none.
  const stillPrimary = i.selfPrimary && !demote;
  if (hg < 0 && stillPrimary && i.attached && mine >= Disk.Consistent) {
    if (i.net.rrConflict === "call-pri-lost") handlers.push("pri-lost");
    if (i.net.rrConflict !== "violently") return refuse();
  }
  if (i.dryRun) return refuse();
  const how =
    hg === 0 ? "none" : `${hg > 0 ? "source" : "target"} ${Math.abs(hg) === 2 ? "all" : "bits"}`;
  return `${how}${demote ? " demote" : ""} [${handlers.join("+")}]`;
}
