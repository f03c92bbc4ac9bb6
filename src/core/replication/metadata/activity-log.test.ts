import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { alFreeSlot } from "../../../formats/drbd/activity-log-block.ts";
import { ActivityLog, type AlTransaction } from "./activity-log.ts";

test("an extent is active when its transaction is committed, and not before", () => {
  const log = new ActivityLog(67);
  assert.equal(log.tryReference(5, 5), false);
  assert.ok(log.begin([5, 6, 5]));
  assert.equal(log.tryReference(5, 5), false);
  log.commit();
  assert.equal(log.tryReference(5, 6), true);
  assert.equal(log.tryReference(6, 7), false);
  assert.equal(log.isReferenced(6, 6), true);
  log.release(5, 6);
  assert.equal(log.isReferenced(5, 6), false);
});

test("the extent that was not used longest is evicted, and none that is referenced", () => {
  const log = new ActivityLog(3);
  log.begin([1, 2, 3]);
  log.commit();
  assert.ok(log.tryReference(1, 1));
  assert.ok(log.tryReference(2, 2));
  log.release(2, 2);
  assert.ok(log.tryReference(3, 3));
  log.release(3, 3);
  assert.deepEqual(log.begin([4])?.evicted, [2]);
  log.commit();
  assert.deepEqual(log.begin([5, 6, 7])?.evicted, [3, 4]);
  log.commit();
  assert.equal(log.isActive(1), true);
  assert.ok(log.tryReference(5, 6));
  assert.equal(log.begin([8]), undefined);
});

test("whoever reads the transactions knows a superset of the active set at any time", () => {
  const slots = 2500;
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.nat(6000), { minLength: 1, maxLength: 64 }), { maxLength: 80 }),
      (batches) => {
        const log = new ActivityLog(slots);
        const seen: AlTransaction[] = [];
        for (const batch of batches) {
          const transaction = log.begin(batch);
          if (transaction === undefined) continue;
          seen.push(transaction);
          log.commit();
          // The ring of eight blocks, as a reader finds it after a crash.
          const known = new Set(replay(seen.slice(-8), slots));
          for (const extent of batch) assert.ok(known.has(extent));
          assert.equal([...known].filter((e) => log.isActive(e)).length, log.activeExtents);
        }
      },
    ),
    { numRuns: 30 },
  );
});

function replay(transactions: readonly AlTransaction[], slots: number): number[] {
  const hot = new Uint32Array(slots).fill(alFreeSlot);
  for (const { block } of transactions) {
    assert.ok(block.kind === "update");
    for (const [i, extent] of block.context.entries()) {
      if (block.contextStart + i < slots) hot[block.contextStart + i] = extent;
    }
    for (const { slot, extent } of block.updates) hot[slot] = extent;
  }
  return [...hot].filter((extent) => extent !== alFreeSlot);
}
