/** Online verify from both sides, and what mends the differences that it finds. */
import assert from "node:assert/strict";
import { closeSync, openSync, writeSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { PacketType } from "../../src/formats/drbd/packet-type.ts";
import type { KernelPair } from "./kernel-pair.ts";
import { kernelPeer } from "./kernel-peer.ts";
import type { Side } from "./wire-tap.ts";

const peer = kernelPeer();
const { skip } = peer;

for (const algorithm of ["sha1", "crc32c"]) {
  test(`verify by ${algorithm}, asked for on either side, finds what was changed below DRBD`, {
    skip,
  }, async () => {
    await peer.with({ net: `verify-alg ${algorithm};` }, async (pair) => {
      await pair.bringUp();
      await pair.ours.ask("primary");
      await pair.io("write -P 1 1M 1M", "flush");
      await verifyFrom(pair, "kernel");
      await outOfSync(pair, 0);
      spoil(pair.kernel.file, 1024 * 1024 + 4096);
      await verifyFrom(pair, "kernel");
      assert.match(await pair.kernel.log(), /Online verify found 1 4k block out of sync/);
      await outOfSync(pair, 4);
      spoil(pair.kernel.file, 9 * 1024 * 1024);
      await verifyFrom(pair, "ours");
      await outOfSync(pair, 8);
      // As Primary we are the source of what is copied when the two meet again.
      await pair.ours.ask("disconnect");
      await pair.ours.ask("connect");
      await pair.inSync();
      await pair.assertSameData();
    });
  });
}

test("with csums-alg only blocks that differ are copied, whoever is the target", {
  skip,
}, async () => {
  await peer.with({ net: "csums-alg sha1;", isPatient: true }, async (pair) => {
    const { ours, kernel, tap } = pair;
    await pair.bringUp();
    await ours.ask("primary");
    await pair.io("write -P 2 2M 256k", "flush");
    await ours.ask("disconnect");
    await pair.io("write -P 2 2M 256k", "write -P 3 4M 8k", "flush");
    await ours.ask("connect");
    await pair.inSync();
    assert.ok(tap.sent("kernel", PacketType.CsumRsRequest).length > 0);
    assert.equal(bytesInSync(pair, "ours"), 256 * 1024);
    assert.equal(tap.resyncedBytes("ours"), 8 * 1024);
    await ours.ask("secondary");
    tap.clear();
    await kernel.drbdadm("primary");
    await kernel.sh("dd if=/dev/urandom of=/run/block bs=64k count=1");
    const again = "dd if=/run/block of=/dev/drbd0 bs=64k seek=100 oflag=direct conv=fsync";
    await kernel.sh(again);
    await kernel.drbdadm("disconnect");
    await kernel.sh(again);
    await kernel.write({ offset: "9M", blockSize: "4k", count: 1 });
    await kernel.drbdadm("connect");
    await pair.inSync();
    assert.ok(tap.sent("ours", PacketType.CsumRsRequest).length > 0);
    assert.equal(bytesInSync(pair, "kernel"), 64 * 1024);
    assert.equal(tap.resyncedBytes("kernel"), 4096);
    await pair.assertSameData();
  });
});

async function verifyFrom(pair: KernelPair, side: Side): Promise<void> {
  if (side === "kernel") await pair.kernel.drbdadm("verify");
  else await pair.ours.ask("verify", { volume: 0, startSector: 0 });
  await pair.connected();
}

/** Until both say so: the result of a comparison and the end of the verify come by two sockets. */
async function outOfSync({ ours, kernel }: KernelPair, kib: number): Promise<void> {
  await kernel.until(`oos:${kib}$`);
  while ((await ours.status()).volumes[0]?.counters.outOfSyncKib !== kib) await sleep(50);
}

/** Changes one byte of an image, as a broken disk would. */
function spoil(file: string, offset: number): void {
  const fd = openSync(file, "r+");
  writeSync(fd, Buffer.from([0xee]), 0, 1, offset);
  closeSync(fd);
}

function bytesInSync({ tap }: KernelPair, source: Side): number {
  const acks = tap.sent(source, PacketType.RsIsInSync);
  return acks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
