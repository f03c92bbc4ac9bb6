import assert from "node:assert/strict";
import { test } from "node:test";
import { type DiskView, diskFacts } from "./disk-facts.ts";
import type { DiskFacts } from "./types.ts";

test("the worst of the volumes counts, on both sides", () => {
  assert.equal(factsOf(["UpToDate", "UpToDate"]).disk, "UpToDate");
  assert.equal(factsOf(["UpToDate", "Inconsistent"]).disk, "Inconsistent");
  assert.equal(factsOf(["Consistent", "UpToDate"]).disk, "Consistent");
  assert.equal(factsOf(["Outdated", "Diskless"]).disk, "Diskless");
  assert.equal(factsOf(["UpToDate"], ["DUnknown"]).peerDisk, "DUnknown");
  assert.equal(factsOf([]).disk, "Diskless", "what has no volume has no copy");
});

test("a copy is ahead when every volume has gone on without the peer, as far as it is known", () => {
  const none = "0000000000000000";
  assert.equal(aheadOf(["4D2F8A6B1C3E5071", "0A00000000000000"]), true);
  assert.equal(aheadOf(["4D2F8A6B1C3E5071", none]), false, "one volume was never written alone");
  assert.equal(aheadOf(["4D2F8A6B1C3E5071", undefined]), false, "one volume is Diskless");
  assert.equal(aheadOf([]), false);
});

function aheadOf(bitmaps: readonly (string | undefined)[]): boolean | undefined {
  const volumes = bitmaps.map((bitmapUuid) => ({
    ...{ disk: "UpToDate", peerDisk: "DUnknown" },
    bitmapUuid,
  }));
  return diskFacts(viewWith(volumes)).ahead;
}

function factsOf(disks: readonly string[], peerDisks = disks): DiskFacts {
  const volumes = disks.map((disk, volume) => ({
    disk,
    peerDisk: peerDisks[volume] ?? "DUnknown",
    bitmapUuid: undefined,
  }));
  return diskFacts(viewWith(volumes));
}

function viewWith(volumes: DiskView["volumes"]): DiskView {
  return {
    ...{ peer: "xen2", role: "Secondary", peerRole: "Primary" },
    ...{ connected: true, frozen: false, volumes },
  };
}
