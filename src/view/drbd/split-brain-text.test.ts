import assert from "node:assert/strict";
import { test } from "node:test";
import { disk } from "../../../test/cluster/howto-snapshot.ts";
import type { SplitBrainSide, SplitBrainSituation } from "../../api/cluster-resolve.ts";
import type { DiskResourceStatus, DiskSplitBrain } from "../../api/disk-status.ts";
import { isSplit, splitBrainText } from "./split-brain-text.ts";

const takenAtMs = 100_000_000;
const minute = 60_000;
const found: DiskSplitBrain = {
  label: "uuid rule 90, disconnect",
  foundMsAgo: minute,
  apartMs: 60 * minute,
  peerCurrent: "0",
  selfChangedKib: 64,
  peerChangedKib: 20_480,
  selfWasPrimary: true,
  peerWasPrimary: false,
  selfPrimary: true,
  peerPrimary: false,
};
const times = {
  full: (ms: number) => `<${(takenAtMs - ms) / minute} min ago>`,
  short: (ms: number) => `<${(takenAtMs - ms) / minute} min ago>`,
  iso: (ms: number) => `<${(takenAtMs - ms) / minute} min ago>`,
};

test("a person reads since when, how much, who was Primary when, which guest ran where, and what to type", () => {
  const text = splitBrainText(
    {
      drbdResource: "r0",
      takenAtMs,
      isSplitBrain: true,
      sides: [xen1, xen2],
    },
    {
      times,
      runs: [
        { guest: "host1", node: "xen1", fromMs: takenAtMs - 300 * minute, toMs: undefined },
        {
          guest: "host1",
          node: "xen2",
          fromMs: takenAtMs - 50 * minute,
          toMs: takenAtMs - 20 * minute,
        },
      ],
    },
  );
  assert.equal(
    text,
    `r0: split brain, apart for 60 min, since <60 min ago> (uuid rule 90, disconnect)
  xen1: Primary, StandAlone
    UpToDate, has changed 64 KiB, was Primary when they parted, in use
    Primary since <300 min ago>
    host1 runs here, since <300 min ago>
  xen2: Secondary, StandAlone
    UpToDate, has changed 20 MiB
    Primary from <50 min ago> to <20 min ago>
    host1 ran here from <50 min ago> to <20 min ago>
Choose whose copy is kept. The other's changes are saved to a file there, and given up:
  holdfast resolve r0 --keep xen1
  holdfast resolve r0 --keep xen2
`,
  );
});

test("a node that can't be asked is said, and what the other has found stands", () => {
  const silent = { node: "xen2", trouble: "xen2 cannot be asked: there is no link", undo: [] };
  const situation = { drbdResource: "r0", takenAtMs, sides: [xen1, silent] };
  assert.ok(isSplit(situation));
  assert.match(splitBrainText(situation, { times, runs: [] }), /\n {2}xen2: xen2 cannot be asked/);
});

test("without a split brain nothing is to be chosen, and what was saved is listed, the newest first", () => {
  const saved = (savedAtMs: number) => ({
    ...{ file: `/undo/${savedAtMs}`, resource: "r0", volume: 0, node: "xen2", savedAtMs },
    ...{ reason: "split brain resolved: xen1 kept", dataKib: 12 },
  });
  const situation: SplitBrainSituation = {
    drbdResource: "r0",
    takenAtMs,
    isSplitBrain: false,
    sides: [xen1, { ...xen2, undo: [saved(takenAtMs - minute), saved(takenAtMs)] }],
  };
  const lines = splitBrainText(situation, { times, runs: [] }).trimEnd().split("\n");
  assert.equal(lines[0], "r0: no split brain");
  assert.deepEqual(lines.slice(-3), [
    "Saved changes; the newest come back by holdfast resolve r0 --undo:",
    "  <0 min ago> xen2:/undo/100000000 (12 KiB; split brain resolved: xen1 kept)",
    "  <1 min ago> xen2:/undo/99940000 (12 KiB; split brain resolved: xen1 kept)",
  ]);
  assert.ok(!lines.some((line) => line.includes("--keep")));
});

const xen1: SplitBrainSide = {
  node: "xen1",
  undo: [],
  status: side("Primary", {
    changedKib: 64,
    splitBrain: found,
    isOpen: true,
    roleChanges: [
      { role: "Secondary", msAgo: 400 * minute },
      { role: "Primary", msAgo: 300 * minute },
    ],
  }),
};
/** Its disk server has begun anew, and knows of no meeting. */
const xen2: SplitBrainSide = {
  node: "xen2",
  undo: [],
  status: side("Secondary", {
    changedKib: 20_480,
    isOpen: false,
    roleChanges: [
      { role: "Primary", msAgo: 90 * minute },
      { role: "Secondary", msAgo: 70 * minute },
      { role: "Primary", msAgo: 50 * minute },
      { role: "Secondary", msAgo: 20 * minute },
    ],
  }),
};

function side(
  role: "Primary" | "Secondary",
  of: {
    readonly changedKib: number;
    readonly splitBrain?: DiskSplitBrain;
    readonly isOpen: boolean;
    readonly roleChanges: DiskResourceStatus["roleChanges"];
  },
): DiskResourceStatus {
  const status = disk("r0");
  return {
    ...status,
    role,
    roleChanges: of.roleChanges,
    connection: { ...status.connection, state: "StandAlone" },
    volumes: status.volumes.map((volume) => ({
      ...volume,
      isOpen: of.isOpen,
      counters: { ...volume.counters, outOfSyncKib: of.changedKib },
      ...(of.splitBrain === undefined ? {} : { splitBrain: of.splitBrain }),
    })),
  };
}
