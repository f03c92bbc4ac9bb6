/**
 * A power cut behind every single write to the disk while a volume grows: one valid superblock is left, at the disk's end or
 * where the end was, nothing that may differ is forgotten, and with the power back the growth can be finished.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cutBehind } from "./growth-cut.ts";
import { blockBytes, mib } from "./pair.ts";

const effectsMax = 60;

for (const growth of [blockBytes, 4 * blockBytes, 40 * blockBytes, 2 * mib]) {
  for (const victim of ["alpha", "bravo"] as const) {
    test(`power is cut on ${victim} behind any write while the volume grows by ${growth} bytes`, () => {
      let k = 0;
      while (cutBehind(k, { growth, victim })) {
        k++;
        assert.ok(k < effectsMax, "a growth takes a few writes");
      }
      assert.ok(k >= 4, `only ${k} writes`);
    });
  }
}
