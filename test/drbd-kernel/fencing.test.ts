/** What the two say of each other's disk when they part, with a fencing policy; and a copy of which nobody knows whether it is the newest. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DiskResourceStatus } from "../../src/api/disk-status.ts";
import { PacketType } from "../../src/formats/drbd/packet-type.ts";
import type { KernelNode } from "./kernel-node.ts";
import { kernelPeer } from "./kernel-peer.ts";

const peer = kernelPeer();
const { skip } = peer;
const careful = { disk: "fencing resource-only;" };

test("a kernel Primary that disconnects outdates our disk, and goes on alone", {
  skip,
}, async () => {
  await peer.with(careful, async (pair) => {
    const { ours, kernel } = pair;
    await pair.bringUp();
    await kernel.drbdadm("primary");
    await kernel.drbdadm("disconnect");
    await ours.until(ourDisk("Outdated"));
    await kernel.until("cs:StandAlone ro:Primary/Unknown ds:UpToDate/Outdated");
    await assert.rejects(ours.ask("primary"), /Need access to UpToDate data/);
    await kernel.write({ offset: "2M", blockSize: "4k", count: 3 });
    await kernel.drbdadm("connect");
    await pair.inSync();
    await pair.assertSameData();
  });
});

test("as a Primary that disconnects we outdate the kernel's disk, and go on alone", {
  skip,
}, async () => {
  await peer.with(careful, async (pair) => {
    const { ours, kernel } = pair;
    await pair.bringUp();
    await ours.ask("primary");
    await ours.ask("disconnect");
    await kernel.until("ds:Outdated/");
    assert.equal((await ours.status()).volumes[0]?.peerDisk, "Outdated");
    const refused = await kernel.run("drbdadm primary r0");
    assert.notEqual(refused.status, 0);
    assert.match(refused.output, /Need access to UpToDate data/);
    await pair.io("write -P 7 2M 12k", "flush");
    await ours.ask("connect");
    await pair.inSync();
    await pair.assertSameData();
  });
});

test("a kernel Primary that has lost us freezes until its handler has an answer, and nothing is missed", {
  skip,
}, async () => {
  await peer.with({ disk: "fencing resource-and-stonith;" }, async (pair) => {
    const { kernel, tap } = pair;
    await pair.bringUp();
    await kernel.drbdadm("primary");
    await answerHandlers(
      kernel,
      "fence-peer) until [ -e /run/verdict ]; do usleep 50000; done; exit 4 ;;",
    );
    try {
      tap.cut();
      await kernel.until("cs:WFConnection ro:Primary/Unknown .* s");
      await kernel.sh("dd if=/dev/zero of=/dev/drbd0 bs=4k count=1 oflag=direct >/run/dd 2>&1 &");
      await kernel.sh("touch /run/verdict");
      await kernel.until("ds:UpToDate/Outdated");
      await kernel.write({ offset: "3M", blockSize: "4k", count: 2 });
      tap.mend();
      await pair.inSync();
      await pair.assertSameData();
    } finally {
      await answerHandlers(kernel, "");
    }
  });
});

test("beside a kernel without a disk our Outdated copy stays so, and the kernel is not promoted on it", {
  skip,
}, async () => {
  await peer.with({}, async (pair) => {
    const { ours, kernel, tap } = pair;
    await pair.bringUp();
    await ours.ask("disconnect");
    await ours.ask("outdate", { volume: 0 });
    await kernel.disconnect();
    await kernel.drbdadm("primary");
    await kernel.write({ offset: "1M", blockSize: "4k", count: 4 });
    await kernel.drbdadm("secondary");
    await kernel.drbdadm("detach");
    await ours.ask("connect");
    await kernel.drbdadm("connect");
    await pair.connected();
    assert.ok(ourDisk("Outdated")(await ours.status()));
    tap.clear();
    const refused = await kernel.run("drbdadm primary r0");
    assert.notEqual(refused.status, 0);
    assert.match(refused.output, /refused by peer node/);
    assert.ok(
      tap.sent("kernel", PacketType.StateChgReq).length > 0,
      "it would have gone on with it",
    );
    assert.ok(ourDisk("Outdated")(await ours.status()));
    await kernel.drbdadm("attach");
    await pair.inSync();
    await pair.assertSameData();
  });
});

test("a kernel Primary without a disk takes our Outdated copy back that it was using", {
  skip,
}, async () => {
  await peer.with({}, async (pair) => {
    const { ours, kernel } = pair;
    await pair.bringUp();
    await kernel.drbdadm("primary");
    await kernel.drbdadm("detach");
    await kernel.write({ offset: "1M", blockSize: "4k", count: 4 });
    await ours.ask("disconnect", { force: true });
    await ours.ask("outdate", { volume: 0 });
    await ours.ask("connect");
    await ours.until(ourDisk("UpToDate"));
    await kernel.write({ offset: "2M", blockSize: "4k", count: 4 });
    await kernel.drbdadm("attach");
    await pair.inSync();
    await pair.assertSameData();
  });
});

function ourDisk(disk: string): (status: DiskResourceStatus) => boolean {
  return ({ volumes }) => volumes[0]?.disk === disk;
}

/** What the kernel runs in the place of drbdadm for its handlers, as branches of a shell's `case`. */
async function answerHandlers(kernel: KernelNode, branches: string): Promise<void> {
  await kernel.sh(`rm -f /run/verdict
    printf '%s\\n' '#!/bin/sh' 'case $1 in ${branches} esac' 'exit 0' >/run/helper
    chmod +x /run/helper
    printf %s /run/helper >/sys/module/drbd/parameters/usermode_helper`);
}
