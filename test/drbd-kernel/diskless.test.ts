/** A Primary without a disk, and disks that go and come. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PacketType } from "../../src/formats/drbd/packet-type.ts";
import { kernelPeer } from "./kernel-peer.ts";

const peer = kernelPeer();
const { skip } = peer;

test("a kernel Primary that has let go of its disk reads and writes ours", { skip }, async () => {
  await peer.with({}, async (pair) => {
    const { ours, kernel, tap } = pair;
    await pair.bringUp();
    await kernel.drbdadm("primary");
    await kernel.write({ offset: "1M", blockSize: "64k", count: 4 });
    const before = await kernel.sh("dd if=/dev/drbd0 bs=1M count=2 iflag=direct 2>&- | md5sum");
    await kernel.drbdadm("detach");
    await ours.until(({ volumes }) => volumes[0]?.peerDisk === "Diskless");
    tap.clear();
    const after = await kernel.sh("dd if=/dev/drbd0 bs=1M count=2 iflag=direct 2>&- | md5sum");
    assert.equal(after, before);
    assert.ok(tap.sent("ours", PacketType.DataReply).length > 0);
    await kernel.write({ offset: "3M", blockSize: "4k", count: 9 });
    await kernel.drbdadm("attach");
    await pair.inSync();
    await pair.assertSameData();
  });
});

test("as a Primary that has let go of its disk we read and write the kernel's", {
  skip,
}, async () => {
  await peer.with({}, async (pair) => {
    const { ours, kernel, tap } = pair;
    await pair.bringUp();
    await ours.ask("primary");
    await pair.io("write -P 3 1M 256k", "flush");
    await ours.ask("detach", { volume: 0 });
    await kernel.until("ds:UpToDate/Diskless");
    tap.clear();
    await pair.io("read -P 3 1M 256k", "write -P 4 3M 36k", "discard 1M 64k", "flush");
    await pair.io("read -P 4 3M 36k", "read -P 0 1M 64k", "read -P 3 1088k 192k");
    assert.ok(tap.sent("kernel", PacketType.DataReply).length > 0);
    await ours.ask("attach", { volume: 0 });
    await pair.inSync();
    await pair.assertSameData();
  });
});

test("a Secondary's disk that was away gets what it missed", { skip }, async () => {
  await peer.with({}, async (pair) => {
    const { ours, kernel } = pair;
    await pair.bringUp();
    await ours.ask("primary");
    await kernel.drbdadm("detach");
    await pair.io("write -P 5 2M 20k", "flush");
    await kernel.drbdadm("attach");
    await pair.inSync();
    await pair.assertSameData();
    await ours.ask("secondary");
    await kernel.drbdadm("primary");
    await ours.ask("detach", { volume: 0 });
    await kernel.write({ offset: "4M", blockSize: "4k", count: 5 });
    await ours.ask("attach", { volume: 0 });
    await pair.inSync();
    await pair.assertSameData();
  });
});
