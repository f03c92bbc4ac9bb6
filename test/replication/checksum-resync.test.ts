/** Resync with checksums, and of zeros: what the other side has already is not sent. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SimNode } from "../../sim/replication/sim-node.ts";
import { blockBytes, mib, Pair, pattern } from "./pair.ts";

/** All of the node's copy counts as different, though little or nothing is. */
function invalidate(pair: Pair, node: SimNode): void {
  pair.admin(node, { name: "invalidate", volume: 0 });
  pair.until(() => pair.bothUpToDate());
}

function receivedBytes(pair: Pair, node: SimNode): number {
  return pair.volume(node).receivedBytes;
}

function filled(options: ConstructorParameters<typeof Pair>[0]): Pair {
  const pair = Pair.inSync(options);
  const bytes = pattern(pair.volumeBytes, 3);
  pair.alpha.disk.writeNow(0, bytes);
  pair.bravo.disk.writeNow(0, bytes);
  return pair;
}

test("blocks of the same checksum are not sent", () => {
  const pair = filled({ net: { csumsAlg: "crc32c" } });
  pair.bravo.disk.writeNow(100 * blockBytes, pattern(512, 9));
  invalidate(pair, pair.bravo);
  assert.equal(receivedBytes(pair, pair.bravo), 64 * 1024, "one request's worth");
  pair.assertEqualData();
  const told = pair.told(pair.bravo, "equal-checksums")[0];
  assert.equal(told?.fields?.["equalBits"], (pair.volumeBytes - 64 * 1024) / blockBytes);
  assert.equal(pair.told(pair.alpha, "equal-checksums").length, 1);
});

test("without a checksum algorithm everything is sent", () => {
  const pair = filled({});
  invalidate(pair, pair.bravo);
  assert.equal(receivedBytes(pair, pair.bravo), pair.volumeBytes);
});

test("csums-after-crash-only compares only after a Primary has crashed", () => {
  const pair = filled({ net: { csumsAlg: "md5", csumsAfterCrashOnly: true } });
  invalidate(pair, pair.bravo);
  assert.equal(pair.sent(pair.bravo, "P_CSUM_RS_REQUEST"), 0);
  pair.admin(pair.alpha, { name: "primary" });
  pair.write(pair.alpha, 0, pattern(blockBytes, 5));
  pair.alpha.crash();
  pair.alpha.start();
  pair.until(() => pair.bothUpToDate());
  assert.ok(
    pair.sent(pair.alpha, "P_CSUM_RS_REQUEST") + pair.sent(pair.bravo, "P_CSUM_RS_REQUEST") > 0,
  );
  pair.assertEqualData();
});

test("zeros are told, not sent, and where the target has a hole nothing is written", () => {
  const pair = Pair.inSync();
  pair.bravo.disk.writeNow(2 * mib, pattern(mib, 4));
  const written = pair.volume(pair.bravo).writtenBytes;
  invalidate(pair, pair.bravo);
  assert.equal(receivedBytes(pair, pair.bravo), 0);
  assert.equal(pair.volume(pair.bravo).writtenBytes, written);
  pair.assertEqualData();
  assert.ok(pair.bravo.disk.allocationNow(0, pair.volumeBytes).every((extent) => extent.hole));
});

test("a resync with checksums gets the writes that are made while it runs", () => {
  for (const target of ["alpha", "bravo"] as const) {
    const pair = filled({ net: { csumsAlg: "sha1" }, disk: { resyncRateKiBs: 2048 } });
    pair[target].disk.writeNow(mib, pattern(mib, 8));
    pair.admin(pair.alpha, { name: "primary" });
    pair.admin(pair[target], { name: "invalidate", volume: 0 });
    for (let i = 0; !pair.bothUpToDate(); i++) {
      const { error } = pair.write(
        pair.alpha,
        ((i * 41) % 1023) * blockBytes,
        pattern(blockBytes, i),
      );
      assert.equal(error, undefined);
    }
    pair.assertEqualData();
  }
});

test("a target whose disk fails in the middle does not hold up its users", () => {
  const pair = filled({ net: { csumsAlg: "sha1" }, disk: { resyncRateKiBs: 1024 } });
  pair.alpha.disk.writeNow(0, pattern(pair.volumeBytes, 4));
  pair.admin(pair.alpha, { name: "primary" });
  pair.admin(pair.alpha, { name: "invalidate", volume: 0 });
  pair.advance(500);
  assert.equal(pair.volume(pair.alpha).conn, "SyncTarget");
  pair.alpha.disk.faults.writeFails = 1;
  for (let block = 0; block < 1024; block += 128) {
    const { error } = pair.write(pair.alpha, block * blockBytes, pattern(blockBytes, block));
    assert.equal(error, undefined);
  }
  assert.equal(pair.volume(pair.alpha).disk, "Diskless");
  assert.deepEqual(pair.read(pair.alpha, 0, blockBytes).bytes, pattern(blockBytes, 0));
});
