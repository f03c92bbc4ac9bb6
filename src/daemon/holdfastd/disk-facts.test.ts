import assert from "node:assert/strict";
import { test } from "node:test";
import type { DiskResourceStatus, DiskState } from "../../api/disk-status.ts";
import { diskFacts } from "./disk-facts.ts";

test("the worst of the volumes counts, on both sides", () => {
  assert.equal(factsOf(["UpToDate", "UpToDate"]).disk, "UpToDate");
  assert.equal(factsOf(["UpToDate", "Inconsistent"]).disk, "Inconsistent");
  assert.equal(factsOf(["Consistent", "UpToDate"]).disk, "Consistent");
  assert.equal(factsOf(["Outdated", "Diskless"]).disk, "Diskless");
  assert.equal(factsOf(["UpToDate"], ["DUnknown"]).peerDisk, "DUnknown");
  assert.equal(factsOf([]).disk, "Diskless", "what has no volume has no copy");
});

function factsOf(disks: readonly DiskState[], peerDisks: readonly DiskState[] = disks) {
  const volumes = disks.map((disk, volume) => ({ volume, disk, peerDisk: peerDisks[volume] }));
  const status = {
    role: "Secondary",
    suspended: { user: false, noData: false, fencing: false },
    connection: { state: "Connected", peerName: "xen2", peerRole: "Primary" },
    volumes,
  };
  return diskFacts(status as unknown as DiskResourceStatus);
}
