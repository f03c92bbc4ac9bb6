import assert from "node:assert/strict";
import { test } from "node:test";
import { concatBytes } from "../../../base/bytes.ts";
import {
  alContextMax,
  alFreeSlot,
  encodeAlBlock,
} from "../../../formats/drbd/activity-log-block.ts";
import { activeExtents } from "./al-ring.ts";

const al = { stripes: 1, stripeSize4k: 8 };

test("a ring is replayed from its oldest transaction to its newest, also where the numbers wrap", () => {
  // Written after it was full: the newest is the third block, the oldest the fourth.
  const numbers = [6, 7, 8, 1, 2, 3, 4, 5].map((number) => (number - 4) >>> 0);
  assert.deepEqual(activeExtents(ring(numbers), al), {
    ok: true,
    value: [100, 101, 102, 103, 104, 105, 106, 107],
  });
});

test("what stands behind the newest transaction is of no round, and is passed over", () => {
  assert.deepEqual(activeExtents(ring([1, 2, 3, -90, -89, -88, -87, -86]), al), {
    ok: true,
    value: [100, 101, 102, 103, 104, 105, 106, 107],
  });
  assert.deepEqual(activeExtents(ring([1, 90, 3, 4, 5, 6, 7, 8]), al), {
    ok: true,
    value: [100, 101],
  });
});

/** Block i says that its slot i has become extent 100 + i; the windows are empty. */
function ring(numbers: readonly number[]): Uint8Array {
  const context = new Uint32Array(alContextMax).fill(alFreeSlot);
  return concatBytes(
    numbers.map((number, i) =>
      encodeAlBlock({
        kind: "update",
        trNumber: number >>> 0,
        updates: [{ slot: i, extent: 100 + i }],
        contextSize: 8,
        contextStart: 8,
        context,
      }),
    ),
  );
}
