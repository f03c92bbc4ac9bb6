/** What random conversations have found, each as a story of its own: a proper peer, but for one thing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { UuidFlag } from "../../../src/formats/drbd/packet-flags.ts";
import { PacketType } from "../../../src/formats/drbd/packet-type.ts";
import { Choices } from "../inputs/choices.ts";
import { Conversation } from "./conversation.ts";
import { emptyImage, plainSettings } from "./one-volume.ts";

const volume = 0;
const attach = {
  name: "attach",
  volume,
  dataBytes: emptyImage.sizeBytes,
  metaBytes: emptyImage.sizeBytes,
  placement: { kind: "internal" },
} as const;

const authenticated = {
  settings: { ...plainSettings, net: { ...plainSettings.net, cramHmacAlg: "sha1" } },
  image: emptyImage,
} as const;

test("a peer asks for its own role and disk, for Outdated here, and for nothing else", () => {
  const asked: readonly (readonly [what: string, mask: number, value: number])[] = [
    ["that the asked becomes Primary", 0xc, 0x4],
    ["that the asker has no role", 0x3, 0x0],
    ["that the connection is StandAlone", 0x1f0, 0x0],
    ["that it is SyncTarget at once", 0x1f0, 17 << 4],
    ["that the asked's disk is Failed", 0x1e000, 2 << 13],
    ["that the asked's disk is UpToDate", 0x1e000, 8 << 13],
  ];
  for (const [what, mask, value] of asked) {
    const c = connected("new");
    const before = c.status();
    c.say({ socket: "data", packet: { type: PacketType.StateChgReq, volume, mask, value } });
    const reply = c.lastSent(PacketType.StateChgReply);
    assert.ok(reply !== undefined && "code" in reply && reply.code < 0, what);
    assert.deepEqual(c.status(), before, what);
    c.end();
  }
});

test("a disk that is let go is let go also when its metadata cannot be written", () => {
  const c = connected("Primary");
  c.closeOne();
  c.settle();
  let answered = false;
  c.command({ name: "detach", volume, force: true }, () => {
    answered = true;
  });
  c.use();
  c.finishOne(0, true);
  c.finishDisk();
  assert.ok(answered);
  assert.equal(c.status().volumes[0]?.disk, "Diskless");
  c.end();
});

test("the connection is lost while a disk is offered to the peer and its superblock is being written", () => {
  const c = connected("Secondary");
  c.command({ name: "detach", volume, force: true });
  c.finishDisk();
  c.command(attach);
  for (let i = 0; i < 100 && c.status().volumes[0]?.disk !== "Negotiating"; i++)
    c.finishOne(0, false);
  assert.equal(c.status().volumes[0]?.disk, "Negotiating");
  c.end();
});

test("a disk that is being attached is not outdated meanwhile", () => {
  const c = connected("Secondary");
  c.command({ name: "detach", volume, force: true });
  c.finishDisk();
  c.command(attach);
  let allowed = true;
  c.command({ name: "outdate", volume }, ({ ok }) => {
    allowed = ok;
  });
  assert.equal(allowed, false);
  assert.equal(c.status().volumes[0]?.disk, "Attaching");
  c.end();
});

test("a failed disk is not outdated, nor made UpToDate by the wish", () => {
  const c = connected("Primary");
  c.command({ name: "detach", volume, force: true });
  assert.equal(c.status().volumes[0]?.disk, "Failed");
  let allowed = true;
  c.command({ name: "outdate", volume }, ({ ok }) => {
    allowed = ok;
  });
  assert.equal(allowed, false);
  assert.equal(c.status().volumes[0]?.disk, "Failed");
  c.end();
});

test("a disk that is being let go is not made UpToDate by a peer that would skip the initial sync", () => {
  const c = connected("new");
  c.command({ name: "detach", volume, force: true });
  const generation = { current: 0x1234n, bitmap: 0n, history1: 0n, history2: 0n };
  const flags = UuidFlag.SkipInitialSync;
  c.say({
    socket: "data",
    packet: { type: PacketType.Uuids, volume, ...generation, bits: 0, flags },
  });
  assert.equal(c.status().volumes[0]?.disk, "Failed");
  c.finishDisk();
  assert.equal(c.status().volumes[0]?.disk, "Diskless");
  c.end();
});

test("a write of a node that is not Primary ends the connection, and waits for nothing", () => {
  const c = connected("Primary");
  c.write(0, 512);
  const write = { type: PacketType.Data, volume, sector: 0, id: 18n, seq: 0, flags: 0 } as const;
  c.say({ socket: "data", packet: { ...write, payload: new Uint8Array(512) } });
  assert.ok(c.refused);
  c.end();
});

test("net options that do not go together are not taken over from the peer", () => {
  const c = connected("Primary");
  const { connection } = c.status();
  assert.equal(connection, "Connected");
  const options = { protocol: 2, afterSb0p: 0, afterSb1p: 0, afterSb2p: 0, connFlags: 0 };
  const type = PacketType.ProtocolUpdate;
  c.say({ socket: "data", packet: { type, ...options, twoPrimaries: 1, integrityAlg: "" } });
  assert.ok(c.refused);
  assert.equal(c.status().protocol, "C");
  c.end();
});

test("a user's read cannot have the number of a resync, also when the disk fails", () => {
  const c = connected("Primary");
  const id = 0xffffffffffffffffn;
  const packet = { type: PacketType.DataRequest, volume, sector: 0, id, sizeBytes: 4096 } as const;
  c.say({ socket: "data", packet });
  c.finishOne(0, true);
  assert.ok(c.refused);
  c.end();
});

test("rubbish in the handshake costs the connection, and the next one is sought", () => {
  for (const type of [PacketType.Ping, PacketType.AuthChallenge, PacketType.Barrier] as const) {
    const c = new Conversation(new Choices(new Uint8Array(0)), authenticated);
    c.start("Secondary");
    while (c.lastSent(PacketType.ConnectionFeatures) === undefined) c.goOn();
    const packets = {
      [PacketType.Ping]: { type: PacketType.Ping },
      [PacketType.AuthChallenge]: { type: PacketType.AuthChallenge, payload: new Uint8Array(64) },
      [PacketType.Barrier]: { type: PacketType.Barrier, barrier: 1 },
    } as const;
    c.say({ socket: "data", packet: packets[type] });
    assert.ok(c.refused);
    assert.notEqual(c.status().connection, "StandAlone");
    c.end();
  }
});

test("strangers that say nothing make room for a peer that speaks", () => {
  const c = new Conversation(new Choices(new Uint8Array(0)), authenticated);
  c.start("Secondary");
  for (let i = 0; i < 40; i++) c.accept();
  c.failConnecting();
  c.stranger({ type: PacketType.InitialData });
  c.stranger({ type: PacketType.InitialMeta });
  assert.ok(c.lastSent(PacketType.ConnectionFeatures) !== undefined);
});

test("a peer that sends faster than the disk writes is let go before memory is used up", () => {
  const c = connected("Secondary");
  const promotes = { type: PacketType.StateChgReq, volume, mask: 0x3, value: 0x1 } as const;
  c.say({ socket: "data", packet: promotes });
  const payload = new Uint8Array(2 ** 20);
  let sent = 0;
  for (; sent < 1000 && !c.refused; sent++) {
    const write = {
      type: PacketType.Data,
      volume,
      sector: 0,
      id: BigInt(sent),
      seq: sent,
    } as const;
    c.say({ socket: "data", packet: { ...write, flags: 0, payload } });
  }
  assert.ok(c.refused && sent > 500, `${sent} writes`);
  c.end();
});

function connected(as: "Primary" | "Secondary" | "new"): Conversation {
  const settings = plainSettings;
  const c = new Conversation(new Choices(new Uint8Array(0)), { settings, image: emptyImage });
  c.start(as);
  c.settle();
  assert.ok(c.isConnected, c.status().connection);
  return c;
}
