/** One dies in the middle of its writes, the other goes on, and the first comes back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PacketType } from "../../src/formats/drbd/packet-type.ts";
import { kernelPeer } from "./kernel-peer.ts";

const peer = kernelPeer();
const { skip } = peer;

test("the kernel's node loses power as Primary: we go on, and bring it up to date", {
  skip,
}, async () => {
  await peer.with({}, async (pair) => {
    const { ours, kernel, tap } = pair;
    await pair.bringUp();
    await kernel.drbdadm("primary");
    await kernel.sh("dd if=/dev/urandom of=/dev/drbd0 bs=4k oflag=direct >/dev/null 2>&1 &");
    await kernel.until("ns:[1-9]");
    await kernel.powerOff();
    await ours.until(({ connection }) => connection.state === "WFConnection");
    await ours.ask("primary");
    await pair.io("write -P 5 8M 64k", "flush");
    tap.clear();
    await pair.bootKernel({});
    const up = await kernel.drbdadm("up");
    assert.match(up, /Marked additional \d+ KB as out-of-sync based on AL/);
    await pair.inSync();
    assert.equal(tap.sent("ours", PacketType.SyncUuid).length, 1);
    await pair.assertSameData();
  });
});

test("our disk server is killed as Primary: the kernel goes on, and brings us up to date", {
  skip,
}, async () => {
  await peer.with({}, async (pair) => {
    const { kernel, tap } = pair;
    await pair.bringUp();
    await pair.ours.ask("primary");
    const writing = pair.io("write -P 6 0 8M").catch(() => {});
    await kernel.until("nr:[1-9]");
    await pair.ours.kill();
    await writing;
    await kernel.until("cs:WFConnection");
    await kernel.drbdadm("primary");
    await kernel.write({ offset: "9M", blockSize: "4k", count: 7 });
    tap.clear();
    await pair.replaceServer({});
    await pair.ours.up();
    await pair.inSync();
    assert.equal(tap.sent("kernel", PacketType.SyncUuid).length, 1);
    await pair.assertSameData();
  });
});
