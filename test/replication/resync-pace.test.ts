/** How fast a resync goes, what it says of that, and that none waits for ever. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SimNode } from "../../sim/replication/sim-node.ts";
import { PacketType } from "../../src/formats/drbd/packet-type.ts";
import { blockBytes, mib, Pair, type PairOptions, pattern, swallow } from "./pair.ts";

/** alpha has other data than bravo, whose copy is invalidated: 16 MiB to sync. */
function begun(options: PairOptions = {}): Pair {
  const pair = Pair.inSync({ volumeBytes: 16 * mib, ...options });
  pair.alpha.disk.writeNow(0, pattern(pair.volumeBytes, 1));
  pair.admin(pair.alpha, { name: "primary" });
  pair.admin(pair.bravo, { name: "invalidate", volume: 0 });
  pair.until(() => pair.volume(pair.bravo).conn === "SyncTarget");
  return pair;
}

function limitOf(pair: Pair, node: SimNode): string | undefined {
  return pair.volume(node).resync?.limit;
}

test("resync-rate is a cap, and the status says so", () => {
  const pair = begun({ disk: { resyncRateKiBs: 4096 } });
  const start = pair.clock.now;
  pair.advance(1000);
  assert.equal(limitOf(pair, pair.bravo), "capped by resync-rate");
  pair.until(() => pair.bothUpToDate());
  const seconds = (pair.clock.now - start) / 1000;
  assert.ok(seconds > 3.5 && seconds < 4.6, `16 MiB at 4 MiB/s took ${seconds} s`);
});

test("a slow disk of the source is what the target says it waits for; its own, when that is slow", () => {
  for (const [slow, text] of [
    ["alpha", "the peer's disk, or the network"],
    ["bravo", "this node's disk"],
  ] as const) {
    const pair = begun({ disk: { cMaxRateKiBs: 4_000_000 } });
    pair.until(() => (pair.volume(pair.bravo).resync?.inFlightBytes ?? 0) > 0);
    pair[slow].disk.faults.slowness = 20_000;
    pair.until(() => limitOf(pair, pair.bravo) === text, 10_000);
  }
});

test("the guests' writes slow down a resync that slows them down; when they end it is as fast as before", () => {
  const pair = begun({ disk: { resyncRateKiBs: 8192 } });
  // The source's disk does one thing after the other: what the resync takes is the guests' loss.
  let busyUntil = 0;
  pair.alpha.mutation = (_, effect) => {
    if (effect.kind === "disk-read" && effect.length >= 64 * 1024) busyUntil = pair.clock.now + 80;
    return undefined;
  };
  let slowest = 0;
  let yielded = false;
  for (let i = 0; i < 400 && !pair.bothUpToDate(); i++) {
    pair.alpha.disk.faults.slowness = pair.clock.now < busyUntil ? 200 : 1;
    const asked = pair.clock.now;
    pair.write(pair.alpha, (i % 100) * blockBytes, pattern(blockBytes, i));
    slowest = Math.max(slowest, pair.clock.now - asked);
    yielded ||= limitOf(pair, pair.alpha) === "yielding to writes";
    pair.advance(5);
  }
  assert.ok(yielded, "it has yielded");
  pair.alpha.disk.faults.slowness = 1;
  pair.until(() => pair.bothUpToDate(), 10_000);
  pair.assertEqualData();
});

test("a paused resync says who has paused it", () => {
  const pair = begun({ disk: { resyncRateKiBs: 1024 } });
  pair.admin(pair.bravo, { name: "pause-sync", volume: 0 });
  pair.advance(10);
  assert.equal(limitOf(pair, pair.bravo), "paused by the administrator");
  assert.equal(limitOf(pair, pair.alpha), "paused by the peer");
  pair.admin(pair.bravo, { name: "resume-sync", volume: 0 });
  pair.until(() => pair.bothUpToDate());
});

test("a resync that comes after another one waits for it, on both nodes", () => {
  const pair = begun({ disk: { resyncRateKiBs: 4096 } });
  pair.admin(pair.alpha, { name: "resync-order", volume: 0, waits: true });
  pair.advance(100);
  assert.equal(limitOf(pair, pair.alpha), "waits for another resync (resync-after)");
  const before = pair.volume(pair.bravo).outOfSyncBytes;
  pair.advance(2000);
  assert.equal(pair.volume(pair.bravo).outOfSyncBytes, before);
  assert.equal(pair.volume(pair.bravo).conn, "PausedSyncT");
  pair.admin(pair.alpha, { name: "resync-order", volume: 0, waits: false });
  pair.until(() => pair.bothUpToDate());
});

const lost: readonly (readonly [string, "alpha" | "bravo", number])[] = [
  ["the target's last STATE", "bravo", PacketType.State],
  ["a block", "alpha", PacketType.RsDataReply],
  ["a request", "bravo", PacketType.RsThinReq],
  ["P_SYNC_UUID", "alpha", PacketType.SyncUuid],
];
for (const [what, who, type] of lost) {
  test(`${what} that does not come is waited for a minute or two, then a new connection ends the resync`, () => {
    const pair = Pair.inSync({ volumeBytes: 2 * mib });
    pair.alpha.disk.writeNow(0, pattern(pair.volumeBytes, 1));
    if (type !== PacketType.State) swallow(pair[who], type);
    pair.admin(pair.bravo, { name: "invalidate", volume: 0 });
    if (type === PacketType.State) swallow(pair[who], type);
    pair.until(() => pair.bothUpToDate(), 200_000);
    const stalled = [pair.alpha, pair.bravo].flatMap((node) => pair.told(node, "connection-lost"));
    assert.ok(
      stalled.some((notice) =>
        /nothing has come of the resync of volume 0 for \d+ s/.test(notice.message),
      ),
    );
    pair.assertEqualData();
  });
}

/** Seed 13 of the replication simulator. */
test("a resync that ends with blocks which the source could not read is tried again by itself", () => {
  const pair = begun({ disk: { resyncRateKiBs: 16_384 } });
  pair.alpha.disk.faults.readFails = 0.3;
  pair.until(() => pair.volume(pair.bravo).conn === "Connected");
  assert.equal(pair.volume(pair.bravo).disk, "Inconsistent");
  pair.alpha.disk.faults.readFails = 0;
  pair.until(() => pair.bothUpToDate());
  assert.equal(pair.told(pair.alpha, "connection-lost").length, 0);
  pair.assertEqualData();
});

test("a target that loses power begins where its last page of the bitmap was written, not anew", () => {
  const volumeBytes = 192 * mib;
  const pair = Pair.inSync({ volumeBytes, disk: { cMaxRateKiBs: 4_000_000 } });
  for (let at = 0; at < volumeBytes; at += 8 * mib)
    pair.alpha.disk.writeNow(at, pattern(8 * mib, at));
  pair.admin(pair.bravo, { name: "invalidate", volume: 0 });
  pair.until(() => {
    const { outOfSyncBytes } = pair.volume(pair.bravo);
    return outOfSyncBytes > 0 && outOfSyncBytes < 30 * mib;
  });
  pair.bravo.crash();
  pair.advance(100);
  pair.bravo.start();
  pair.until(() => pair.volume(pair.bravo).conn === "SyncTarget");
  const { outOfSyncBytes } = pair.volume(pair.bravo);
  assert.ok(outOfSyncBytes < volumeBytes - 100 * mib, `${outOfSyncBytes / mib} MiB are left`);
  assert.ok(outOfSyncBytes > 0);
  pair.until(() => pair.bothUpToDate());
  pair.assertEqualData();
});
