import assert from "node:assert/strict";
import { test } from "node:test";
import { DataFlag } from "../../src/formats/drbd/packet-flags.ts";
import { PacketType } from "../../src/formats/drbd/packet-type.ts";
import type { KernelPair } from "./kernel-pair.ts";
import { kernelPeer } from "./kernel-peer.ts";
import type { Side } from "./wire-tap.ts";

const peer = kernelPeer();
const { skip } = peer;
const mib = 1024 * 1024;

/** Which acknowledgement each write asks for, and which it gets. */
const protocols = [
  { protocol: "A", flag: 0, ack: undefined },
  { protocol: "B", flag: DataFlag.SendReceiveAck, ack: PacketType.RecvAck },
  { protocol: "C", flag: DataFlag.SendWriteAck, ack: PacketType.WriteAck },
] as const;

for (const { protocol, flag, ack } of protocols) {
  test(`writes of both Primaries arrive under protocol ${protocol}`, { skip }, async () => {
    await peer.with({ net: `protocol ${protocol};`, isPatient: true }, async (pair) => {
      const { ours, kernel, tap } = pair;
      await pair.bringUp();
      await kernel.drbdadm("primary");
      await kernel.write({ offset: "64k", blockSize: "4k", count: 20 });
      await kernel.write({ offset: "2M", blockSize: "1M", count: 2 });
      await tap.untilWritten("kernel", 20 * 4096 + 2 * mib);
      await pair.assertSameData();
      await kernel.drbdadm("secondary");
      await ours.ask("primary");
      await pair.io("write -P 5 512 3584", "write -P 6 5M 2M", "write -P 7 9M 4k", "flush");
      await tap.untilWritten("ours", 3584 + 2 * mib + 4096);
      await pair.assertSameData();
      for (const [writer, reader] of [
        ["kernel", "ours"],
        ["ours", "kernel"],
      ] as const) {
        const writes = tap.sent(writer, PacketType.Data);
        assert.ok(writes.length > 0);
        const asked = DataFlag.SendReceiveAck | DataFlag.SendWriteAck;
        for (const { flags } of writes) assert.equal(flags & asked, flag);
        assert.equal(acks(pair, reader), ack === undefined ? 0 : writes.length);
        if (ack !== undefined) assert.equal(tap.sent(reader, ack).length, writes.length);
      }
    });
  });
}

for (const protocol of ["A", "B"]) {
  test(`a write with FUA is on the kernel's disk under protocol ${protocol}, too`, {
    skip,
  }, async () => {
    await peer.with({ net: `protocol ${protocol};` }, async (pair) => {
      await pair.bringUp();
      await pair.ours.ask("primary");
      await pair.io("write -f -P 8 1M 4k");
      const [write] = pair.tap.sent("ours", PacketType.Data);
      assert.equal((write?.flags ?? 0) & DataFlag.SendWriteAck, DataFlag.SendWriteAck);
      assert.equal(pair.tap.sent("kernel", PacketType.WriteAck).length, 1);
      await pair.assertSameData();
    });
  });
}

test("discards and zeroes of both Primaries arrive", { skip }, async () => {
  await peer.with({}, async (pair) => {
    const { ours, kernel, tap } = pair;
    await pair.bringUp();
    await kernel.drbdadm("primary");
    await kernel.write({ offset: "0", blockSize: "1M", count: 15 });
    await kernel.sh("/sbin/blkdiscard -o 1048576 -l 2097152 /dev/drbd0");
    await kernel.sh("/sbin/blkdiscard -z -o 5242880 -l 1048576 /dev/drbd0");
    await pair.assertSameData();
    assert.ok(tap.sent("kernel", PacketType.Trim).length > 0);
    assert.ok(tap.sent("kernel", PacketType.Zeroes).length > 0);
    await kernel.drbdadm("secondary");
    await ours.ask("primary");
    await pair.io("discard 8M 2M", "write -z 11M 1M", "write -z -u 13M 64k", "flush");
    await pair.assertSameData();
    // Ours may always be read back as zeroes, so it never sends P_TRIM, which does not promise that.
    const unmaps = tap.sent("ours", PacketType.Zeroes).map(({ flags }) => flags & DataFlag.Discard);
    assert.deepEqual(unmaps, [DataFlag.Discard, 0, DataFlag.Discard]);
  });
});

test("the protocol is changed while both are connected", { skip }, async () => {
  await peer.with({ net: "protocol C;" }, async (pair) => {
    const { ours, tap } = pair;
    await pair.bringUp();
    await ours.ask("primary");
    await pair.io("write -P 1 1M 64k", "flush");
    await pair.adjust({ net: "protocol A;" });
    for (const side of ["kernel", "ours"] as const)
      await tap.untilLast(side, PacketType.ProtocolUpdate, (last) => last.protocol === 1);
    tap.clear();
    await pair.io("write -P 2 2M 64k", "flush");
    assert.equal(acks(pair, "kernel"), 0);
    await tap.untilWritten("ours", 64 * 1024);
    await pair.assertSameData();
  });
});

const pullAhead = "protocol A; on-congestion pull-ahead; congestion-fill 256k; sndbuf-size 128k;";

test("a kernel that pulls ahead of a congested connection is followed, and caught up with", {
  skip,
}, async () => {
  await peer.with({ net: pullAhead, isPatient: true }, async (pair) => {
    const { ours, kernel, tap } = pair;
    await pair.bringUp();
    await kernel.drbdadm("primary");
    tap.hold("kernel");
    await kernel.write({ offset: "1M", blockSize: "256k", count: 12 });
    await kernel.until("cs:Ahead");
    tap.release("kernel");
    await ours.until(({ volumes }) => volumes[0]?.connectionState === "Behind");
    await pair.inSync();
    assert.ok(tap.sent("kernel", PacketType.OutOfSync).length > 0);
    await pair.assertSameData();
  });
});

test("when we pull ahead of a congested connection the kernel follows, and catches up", {
  skip,
}, async () => {
  await peer.with({ net: pullAhead, isPatient: true }, async (pair) => {
    const { ours, kernel, tap } = pair;
    await pair.bringUp();
    await ours.ask("primary");
    tap.hold("ours");
    // Its end is a flush, which waits for the peer.
    const written = pair.io(
      ...Array.from({ length: 12 }, (_, i) => `write -P ${i + 1} ${i + 1}M 256k`),
    );
    await ours.until(({ volumes }) => volumes[0]?.connectionState === "Ahead");
    tap.release("ours");
    await written;
    await pair.inSync();
    assert.match(await kernel.log(), /Connected -> Behind/);
    assert.ok(tap.sent("ours", PacketType.OutOfSync).length > 0);
    await pair.assertSameData();
  });
});

function acks({ tap }: KernelPair, side: Side): number {
  return tap.sent(side, PacketType.RecvAck).length + tap.sent(side, PacketType.WriteAck).length;
}
