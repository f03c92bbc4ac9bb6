import assert from "node:assert/strict";
import { test } from "node:test";
import { combinations, yesAndNo } from "../../../../test/walk/combinations.ts";
import { Disk } from "../../../formats/drbd/drbd-state.ts";
import { type ResolveSide, resolveObjection, resolveObjections } from "./resolve-objections.ts";

const uuids = (current: bigint, bitmap: bigint, history1 = 0n, history2 = 0n) => ({
  current,
  bitmap,
  history1,
  history2,
});
/** The generations of both, and what they are to each other. */
const pairs = [
  { keep: uuids(0xa0n, 0x10n), lose: uuids(0xb0n, 0x10n), is: "split brain" },
  { keep: uuids(0xa0n, 0n, 0x10n, 0x20n), lose: uuids(0xb0n, 0n, 0x10n, 0x20n), is: "split brain" },
  { keep: uuids(0xa0n, 0x10n), lose: uuids(0x10n, 0n), is: "newer" },
  { keep: uuids(0x10n, 0n), lose: uuids(0xa0n, 0x10n), is: "newer" },
  { keep: uuids(0x10n, 0n), lose: uuids(0x10n, 0n), is: "equal" },
  { keep: uuids(0xa0n, 1n, 2n, 6n), lose: uuids(0xb0n, 8n, 10n, 12n), is: "unrelated" },
] as const;

test("a copy is given up only in a split brain, at rest, for a whole one: every combination", () => {
  const met = new Set<string>();
  for (const each of combinations({
    pair: pairs,
    keepDisk: Object.values(Disk),
    loseDisk: Object.values(Disk),
    keepOpen: yesAndNo,
    loseOpen: yesAndNo,
    keepPrimary: yesAndNo,
    losePrimary: yesAndNo,
    connected: yesAndNo,
    crashed: yesAndNo,
  })) {
    const { pair, connected } = each;
    const keep: ResolveSide = {
      node: "xen1",
      disk: each.keepDisk,
      uuids: each.keepDisk < Disk.Inconsistent ? undefined : pair.keep,
      crashedPrimary: each.crashed,
      primary: each.keepPrimary,
      open: each.keepOpen,
      connected,
    };
    const lose: ResolveSide = {
      node: "xen2",
      disk: each.loseDisk,
      uuids: each.loseDisk < Disk.Inconsistent ? undefined : pair.lose,
      crashedPrimary: each.crashed,
      primary: each.losePrimary,
      open: each.loseOpen,
      connected,
    };
    const objection = resolveObjection({ keep, lose });
    // Two that crashed as Primary and are Primary again with equal generations have parted without a trace.
    const again = pair.is === "equal" && each.crashed && each.keepPrimary && each.losePrimary;
    const may =
      !connected &&
      each.keepDisk > Disk.Inconsistent &&
      each.loseDisk >= Disk.Inconsistent &&
      !each.loseOpen &&
      (pair.is === "split brain" || again);
    assert.equal(
      objection === undefined,
      may,
      `${objection?.label} ${JSON.stringify(each.pair.is)}`,
    );
    if (objection === undefined) continue;
    met.add(objection.label);
    assert.match(objection.message({ keep, lose }), /\w/);
    assert.match(objection.remedy({ keep, lose }), /\.$/);
  }
  assert.deepEqual([...met].sort(), resolveObjections.map(({ label }) => label).sort());
});
