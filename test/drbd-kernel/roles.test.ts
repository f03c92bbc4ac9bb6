import assert from "node:assert/strict";
import { test } from "node:test";
import { PacketType } from "../../src/formats/drbd/packet-type.ts";
import { kernelPeer } from "./kernel-peer.ts";

const peer = kernelPeer();
const { skip } = peer;

test("the Primary role goes from one to the other and back", { skip }, async () => {
  await peer.with({}, async (pair) => {
    const { ours, kernel } = pair;
    await pair.bringUp();
    await ours.ask("primary");
    await kernel.until("ro:Secondary/Primary");
    await pair.io("write -P 1 0 64k", "flush");
    await ours.ask("secondary");
    await kernel.drbdadm("primary");
    await ours.until(({ connection }) => connection.peerRole === "Primary");
    await kernel.write({ offset: "32k", blockSize: "32k", count: 1 });
    await kernel.drbdadm("secondary");
    await ours.ask("primary");
    await pair.io("read -P 1 0 32k", "write -P 2 1M 4k", "flush");
    await pair.assertSameData();
  });
});

test("neither allows a second Primary", { skip }, async () => {
  await peer.with({}, async (pair) => {
    const { ours, kernel } = pair;
    await pair.bringUp();
    await kernel.drbdadm("primary");
    await assert.rejects(ours.ask("primary"), /\(-1\) Multiple primaries not allowed by config/);
    await kernel.drbdadm("secondary");
    await ours.ask("primary");
    const refused = await kernel.run("drbdadm primary r0");
    assert.equal(refused.status, 11);
    assert.match(refused.output, /\(-1\) Multiple primaries not allowed by config/);
  });
});

test("the Primary role is handed over live, with two Primaries only for a moment", {
  skip,
}, async () => {
  await peer.with({}, async (pair) => {
    const { ours, kernel, tap } = pair;
    await pair.bringUp();
    await kernel.drbdadm("primary");
    await kernel.write({ offset: "1M", blockSize: "64k", count: 4 });
    await pair.adjust({ net: "allow-two-primaries;" });
    for (const side of ["kernel", "ours"] as const)
      await tap.untilLast(
        side,
        PacketType.ProtocolUpdate,
        ({ twoPrimaries }) => twoPrimaries === 1,
      );
    await ours.ask("two-primaries-window", { open: true });
    await ours.ask("primary");
    await kernel.until("ro:Primary/Primary");
    await kernel.write({ offset: "2M", blockSize: "4k", count: 4 });
    await pair.io("write -P 9 3M 64k", "flush");
    await kernel.drbdadm("secondary");
    await ours.ask("two-primaries-window", { open: false });
    await pair.adjust({});
    await tap.untilLast("kernel", PacketType.ProtocolUpdate, (last) => last.twoPrimaries === 0);
    const refused = await kernel.run("drbdadm primary r0");
    assert.match(refused.output, /\(-1\) Multiple primaries not allowed by config/);
    await pair.inSync();
    await pair.assertSameData();
  });
});

test("a disconnect that either side asks for is orderly", { skip }, async () => {
  await peer.with({}, async (pair) => {
    const { ours, kernel } = pair;
    await pair.bringUp();
    await ours.ask("disconnect");
    await kernel.until("cs:WFConnection");
    await ours.ask("connect");
    await pair.inSync();
    await kernel.drbdadm("disconnect");
    await kernel.until("cs:StandAlone");
    await ours.until(({ connection }) => connection.state === "WFConnection");
    await kernel.drbdadm("connect");
    await pair.inSync();
  });
});
