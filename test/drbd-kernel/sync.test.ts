import assert from "node:assert/strict";
import { test } from "node:test";
import { PacketType } from "../../src/formats/drbd/packet-type.ts";
import type { KernelPair } from "./kernel-pair.ts";
import { kernelPeer } from "./kernel-peer.ts";

const peer = kernelPeer();
const { skip } = peer;

test("the kernel's first sync fills our new disk", { skip }, async () => {
  await peer.with({}, async (pair) => {
    await pair.connect();
    await pair.kernel.drbdadm("primary --force");
    await pair.inSync();
    await pair.kernel.write({ offset: "40k", blockSize: "4k", count: 16 });
    await pair.assertSameData();
  });
});

test("our first sync fills the kernel's new disk", { skip }, async () => {
  await peer.with({}, async (pair) => {
    await pair.connect();
    await pair.ours.ask("primary", { force: true });
    await pair.io("write -P 1 1M 3M", "write -P 2 8M 4k", "flush");
    await pair.inSync();
    await pair.assertSameData();
  });
});

test("a sync with thin resync tells zeros instead of sending them, both ways", {
  skip,
}, async () => {
  await peer.with({ disk: "rs-discard-granularity 65536;" }, async (pair) => {
    const { ours, kernel, tap } = pair;
    await pair.bringUp();
    await ours.ask("primary");
    await pair.io("write -P 1 1M 1M", "flush");
    await kernel.drbdadm("invalidate");
    await pair.inSync();
    assert.ok(tap.sent("kernel", PacketType.RsThinReq).length > 0);
    assert.ok(tap.sent("ours", PacketType.RsDeallocated).length > 0);
    assert.ok(tap.resyncedBytes("ours") < 4 * 1024 * 1024);
    await pair.assertSameData();
    await ours.ask("secondary");
    await ours.ask("invalidate", { volume: 0 });
    await pair.inSync();
    assert.ok(tap.sent("ours", PacketType.RsThinReq).length > 0);
    assert.ok(tap.sent("kernel", PacketType.RsDeallocated).length > 0);
    assert.ok(tap.resyncedBytes("kernel") < 4 * 1024 * 1024);
    await pair.assertSameData();
  });
});

test("two new disks are in sync at once when we say that they are equal", { skip }, async () => {
  await peer.with({}, async (pair) => {
    await pair.connect();
    await pair.ours.ask("new-current-uuid", { volume: 0, clearBitmap: true });
    await pair.inSync();
    assert.equal(pair.tap.sent("kernel", PacketType.RsDataReply).length, 0);
    assert.equal(pair.tap.sent("ours", PacketType.RsDataReply).length, 0);
  });
});

test("a sync after a skipped first one leaves generations that fit, whoever has skipped it", {
  skip,
}, async () => {
  await peer.with({}, async (pair) => {
    await pair.bringUp();
    await pair.kernel.drbdadm("invalidate");
    await pair.inSync();
    await pair.ours.ask("disconnect");
    await pair.ours.ask("connect");
    await pair.inSync();
  });
  await peer.with({}, async (pair) => {
    await pair.connect();
    await pair.ours.ask("new-current-uuid", { volume: 0, clearBitmap: true });
    await pair.inSync();
    await pair.ours.ask("invalidate", { volume: 0 });
    await pair.inSync();
    await pair.ours.ask("disconnect");
    await pair.ours.ask("connect");
    await pair.inSync();
  });
});

test("what the kernel wrote during a cut is all that it sends us afterwards", {
  skip,
}, async () => {
  await peer.with({}, async (pair) => {
    await pair.bringUp();
    await pair.kernel.drbdadm("primary");
    await cutFrom(pair);
    await pair.kernel.write({ offset: "1M", blockSize: "4k", count: 9 });
    pair.tap.mend();
    await pair.inSync();
    assert.equal(pair.tap.resyncedBytes("kernel"), 9 * 4096);
    await pair.assertSameData();
  });
});

test("what we wrote during a cut is all that the kernel gets afterwards", { skip }, async () => {
  await peer.with({}, async (pair) => {
    await pair.bringUp();
    await pair.ours.ask("primary");
    await cutFrom(pair);
    await pair.io("write -P 7 2M 64k", "write -P 8 9M 4k", "flush");
    pair.tap.mend();
    await pair.inSync();
    assert.equal(pair.tap.resyncedBytes("ours"), 64 * 1024 + 4096);
    await pair.assertSameData();
  });
});

test("what we wrote while the kernel was disconnected is sent when it connects again", {
  skip,
}, async () => {
  await peer.with({}, async (pair) => {
    await pair.bringUp();
    await pair.kernel.drbdadm("disconnect");
    await pair.ours.ask("primary");
    await pair.io("write -P 3 0 1M", "flush");
    await pair.kernel.drbdadm("connect");
    await pair.inSync();
    await pair.assertSameData();
  });
});

test("invalidate copies everything, from the other side", { skip }, async () => {
  await peer.with({}, async (pair) => {
    await pair.bringUp();
    await pair.ours.ask("primary");
    await pair.io("write -P 4 5M 2M", "flush");
    pair.tap.clear();
    await pair.kernel.drbdadm("invalidate");
    await pair.inSync();
    await pair.assertSameData();
    await pair.ours.ask("secondary");
    await pair.ours.ask("invalidate", { volume: 0 });
    await pair.inSync();
    await pair.assertSameData();
  });
});

test("a sync is paused and resumed from either side", { skip }, async () => {
  // So slow that it is still running whenever somebody comes to pause it.
  await peer.with({ resyncRate: "100k" }, async (pair) => {
    const { ours, kernel } = pair;
    await pair.bringUp();
    await ours.ask("primary");
    await pair.io("write -P 1 1M 14M", "flush");
    await kernel.drbdadm("invalidate");
    await ours.ask("pause-sync", { volume: 0 });
    await kernel.until("cs:PausedSyncT");
    await ours.until(({ volumes }) => volumes[0]?.connectionState === "PausedSyncS");
    await ours.ask("resume-sync", { volume: 0 });
    await kernel.until("cs:SyncTarget");
    await kernel.drbdadm("pause-sync");
    await ours.until(({ volumes }) => volumes[0]?.connectionState === "PausedSyncS");
    await kernel.sh("drbdsetup disk-options 0 --resync-rate=400M");
    await kernel.drbdadm("resume-sync");
    await pair.inSync();
    await pair.assertSameData();
  });
});

test("bitmaps are exchanged without compression, too", { skip }, async () => {
  await peer.with({ net: "use-rle no;" }, async (pair) => {
    await pair.bringUp();
    await pair.ours.ask("primary");
    await pair.ours.ask("disconnect");
    await pair.io("write -P 1 1M 4k", "write -P 2 15M 8k", "flush");
    await pair.ours.ask("connect");
    await pair.inSync();
    assert.ok(pair.tap.sent("kernel", PacketType.Bitmap).length > 0);
    assert.ok(pair.tap.sent("ours", PacketType.Bitmap).length > 0);
    assert.equal(pair.tap.resyncedBytes("ours"), 12 * 1024);
    await pair.assertSameData();
  });
});

/** Until both have noticed. */
async function cutFrom(pair: KernelPair): Promise<void> {
  pair.tap.cut();
  await pair.kernel.until("cs:WFConnection");
  await pair.ours.until(({ connection }) => connection.state === "WFConnection");
  pair.tap.clear();
}
