import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { concatBytes, fromHex, toHex } from "../../base/bytes.ts";
import { Conn, Disk, type DrbdState, Role } from "./drbd-state.ts";
import type { Packet } from "./packet.ts";
import { encodePacket } from "./packet-encode.ts";
import type { HeaderKind } from "./packet-header.ts";
import { PacketReader, type ReadPacket } from "./packet-reader.ts";
import { PacketType } from "./packet-type.ts";
import { decodeStateWord, encodeStateWord } from "./state-word.ts";

const connecting: DrbdState = {
  role: Role.Secondary,
  peer: Role.Unknown,
  conn: Conn.WFConnection,
  disk: Disk.Inconsistent,
  pdsk: Disk.DUnknown,
  susp: false,
  aftrIsp: false,
  peerIsp: false,
  userIsp: false,
  suspNod: false,
  suspFen: false,
};

test("packets are written as the kernel's DRBD writes them", () => {
  assert.equal(hex({ type: PacketType.InitialData }, "80"), "83740267fff20000");
  assert.equal(hex({ type: PacketType.InitialMeta }, "80"), "83740267fff10000");
  const features = {
    type: PacketType.ConnectionFeatures,
    protocolMin: 86,
    features: 15,
    protocolMax: 101,
  };
  assert.equal(hex(features, "80"), `83740267fffe0048000000560000000f00000065${"00".repeat(60)}`);
  assert.equal(
    hex({ type: PacketType.State, volume: 0, state: connecting }, "100"),
    "8620ec200000000e00000004000000000000c882",
  );
  const promote = { type: PacketType.StateChgReq, volume: 0, mask: 0x1e03, value: 0x1001 };
  assert.equal(hex(promote, "100").slice(32), "00001e0300001001");
});

test("the state is one word on the wire, bit by bit as DRBD has it", () => {
  assert.equal(encodeStateWord(connecting), 0x0000c882);
  const connected = {
    ...connecting,
    peer: Role.Secondary,
    conn: Conn.Connected,
    pdsk: Disk.Inconsistent,
  };
  assert.equal(encodeStateWord(connected), 0x000088aa);
  assert.deepEqual(decodeStateWord(0x000088aa), { ok: true, value: connected });
  assert.ok(!decodeStateWord(0x3).ok);
  assert.ok(!decodeStateWord(31 << 4).ok);
  assert.ok(!decodeStateWord(15 << 9).ok);
});

test("every packet comes back as it was written, however the bytes are cut", () => {
  fc.assert(
    fc.property(
      fc.array(packets(), { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 }),
      (sent, cuts) => {
        const stream = concatBytes(sent.flatMap((packet) => encodePacket(packet, "100")));
        const got = readAll(stream, cuts);
        assert.deepEqual(
          got.map((read) => (read.ok ? plain(read.value) : read.error)),
          sent.map(plain),
        );
      },
    ),
  );
});

test("headers of all kinds are read in one stream", () => {
  const features = {
    type: PacketType.ConnectionFeatures,
    protocolMin: 100,
    features: 15,
    protocolMax: 101,
  };
  const ping: Packet = { type: PacketType.Ping };
  const stream = concatBytes([
    ...encodePacket(features, "80"),
    ...encodePacket(ping, "95"),
    ...encodePacket(ping, "100"),
  ]);
  assert.deepEqual(
    readAll(stream, [1]).map((read) => read.ok && read.value.type),
    [PacketType.ConnectionFeatures, PacketType.Ping, PacketType.Ping],
  );
});

test("a payload that lies whole in a chunk is a view of it, not a copy", () => {
  const payload = new Uint8Array(4096).fill(7);
  const chunk = concatBytes(encodePacket(dataPacket(payload), "100"));
  const reader = new PacketReader();
  reader.push(chunk);
  const read = reader.next();
  assert.ok(read?.ok && read.value.type === PacketType.Data);
  assert.equal(read.value.payload.buffer, chunk.buffer);
});

test("the rest of a long payload is received in its place, however the bytes are cut", () => {
  const cut = fc.integer({ min: 1, max: 100_000 });
  fc.assert(
    fc.property(
      fc.array(fc.nat(200), { minLength: 1, maxLength: 6 }),
      fc.array(cut, { minLength: 1, maxLength: 10 }),
      (sectors, cuts) => {
        const sent = sectors.map((count, i) =>
          dataPacket(new Uint8Array(512 * (count + 1)).fill(i)),
        );
        const stream = concatBytes(sent.flatMap((packet) => encodePacket(packet, "100")));
        const got: ReadPacket[] = [];
        const reader = new PacketReader();
        for (let at = 0, i = 0; at < stream.length; i++) {
          const rest = reader.rest();
          const part = stream.subarray(
            at,
            at + Math.min(cuts[i % cuts.length] ?? 1, rest?.length ?? Infinity),
          );
          rest?.set(part);
          if (rest === undefined) reader.push(part);
          else reader.received(part.length);
          at += part.length;
          for (let read = reader.next(); read !== undefined; read = reader.next()) got.push(read);
        }
        assert.deepEqual(
          got.map((read) => (read.ok ? plain(read.value) : read.error)),
          sent.map(plain),
        );
      },
    ),
    { numRuns: 30 },
  );
  const reader = new PacketReader();
  reader.push(concatBytes(encodePacket(dataPacket(new Uint8Array(65536)), "100")).subarray(0, 100));
  assert.equal(reader.next(), undefined);
  // What stands before the payload counts as part of the body.
  assert.equal(reader.rest()?.length, 24 + 65536 - (100 - 16));
});

test("what is no packet ends the stream with an error that says why", () => {
  assert.deepEqual(reasons("000102030405060708090a0b0c0d0e0f"), ["bad-magic"]);
  assert.deepEqual(reasons("8620ec20000000e50000000000000000"), ["unknown-packet"]);
  // P_STATE of 5 bytes, P_DATA of 2 GiB: refused before anything is kept for it.
  assert.deepEqual(reasons("8620ec200000000e0000000500000000"), ["wrong-size"]);
  assert.deepEqual(reasons("8620ec20000000008000000000000000"), ["wrong-size"]);
  assert.deepEqual(reasons("8620ec200000000e0000000400000000ffffffff"), ["bad-content"]);
  // After an error nothing more is read.
  assert.deepEqual(reasons(`00010203040506070000000000000000${"8374026700130000"}`), ["bad-magic"]);
});

test("an algorithm's name that fills its field, or has letters that no name has, is refused", () => {
  const protocol = (name: Uint8Array): string => {
    const fixed = new Uint8Array(24);
    const head = fromHex(`8620ec200000000b000000${toHex(Uint8Array.of(24 + name.length))}00000000`);
    return toHex(concatBytes([head, fixed, name]));
  };
  assert.deepEqual(reasons(protocol(fromHex("7368613100"))), [PacketType.Protocol]);
  assert.deepEqual(reasons(protocol(fromHex("73686131"))), [PacketType.Protocol]);
  assert.deepEqual(reasons(protocol(new Uint8Array(64).fill(0x61))), ["bad-content"]);
  assert.deepEqual(reasons(protocol(fromHex("ff686100"))), ["bad-content"]);
  assert.deepEqual(reasons(protocol(fromHex("0a00"))), ["bad-content"]);
});

test("any bytes are packets or an error, never a throw", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0x40 }),
      fc.uint8Array({ minLength: 0, maxLength: 200 }),
      (type, body) => {
        const head = fromHex("8620ec200000000000000000");
        head[7] = type;
        head[11] = body.length;
        readAll(concatBytes([head, new Uint8Array(4), body]), [200]);
      },
    ),
    { numRuns: 2000 },
  );
});

function hex(packet: Packet, kind: HeaderKind): string {
  return toHex(concatBytes(encodePacket(packet, kind)));
}

function reasons(stream: string): (string | number)[] {
  return readAll(fromHex(stream), [7]).map((read) =>
    read.ok ? read.value.type : read.error.reason,
  );
}

function dataPacket(payload: Uint8Array): Packet {
  return { type: PacketType.Data, volume: 0, sector: 8, id: 1n, seq: 1, flags: 2, payload };
}

function readAll(stream: Uint8Array, cuts: readonly number[]): ReadPacket[] {
  const reader = new PacketReader();
  const out: ReadPacket[] = [];
  let at = 0;
  for (let i = 0; at < stream.length; i++) {
    const length = cuts[i % cuts.length] as number;
    reader.push(stream.slice(at, at + length));
    at += length;
    for (let read = reader.next(); read !== undefined; read = reader.next()) out.push(read);
  }
  return out;
}

/** Payloads as plain arrays: a view equals a copy. */
function plain(packet: Packet): unknown {
  return "payload" in packet ? { ...packet, payload: [...packet.payload] } : packet;
}

function packets(): fc.Arbitrary<Packet> {
  const u32 = fc.integer({ min: 0, max: 0xffffffff });
  const volume = fc.integer({ min: 0, max: 0xffff });
  const sector = fc.integer({ min: 0, max: 2 ** 44 - 1 });
  const id = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const payload = fc.uint8Array({ minLength: 0, maxLength: 600 });
  const name = fc.constantFrom("", "sha1", "sha256");
  const uuid = id;
  const of = <T extends Packet["type"]>(...types: T[]): fc.Arbitrary<T> =>
    fc.constantFrom(...types);
  return fc.oneof(
    record({
      type: of(PacketType.Data, PacketType.DataReply, PacketType.RsDataReply),
      volume,
      sector,
      id,
      seq: u32,
      flags: u32,
      payload,
    }),
    record({
      type: of(
        PacketType.WriteAck,
        PacketType.RsWriteAck,
        PacketType.NegAck,
        PacketType.RetryWrite,
      ),
      volume,
      sector,
      id,
      sizeBytes: u32,
      seq: u32,
    }),
    record({
      type: of(PacketType.Trim, PacketType.Zeroes),
      volume,
      sector,
      id,
      seq: u32,
      flags: u32,
      sizeBytes: u32,
    }),
    record({
      type: of(PacketType.DataRequest, PacketType.RsThinReq, PacketType.RsDataRequest),
      volume,
      sector,
      id,
      sizeBytes: u32,
    }),
    record({
      type: of(PacketType.CsumRsRequest),
      volume,
      sector,
      id,
      sizeBytes: u32,
      payload: fc.uint8Array({ maxLength: 64 }),
    }),
    record({
      type: of(PacketType.OutOfSync, PacketType.RsDeallocated),
      volume,
      sector,
      sizeBytes: u32,
    }),
    record({ type: of(PacketType.Barrier), barrier: u32 }),
    record({ type: of(PacketType.BarrierAck), barrier: u32, setSize: u32 }),
    record({ type: of(PacketType.Ping, PacketType.PingAck, PacketType.UnplugRemote) }),
    record({ type: of(PacketType.Bitmap), volume, payload }),
    record({
      type: of(PacketType.Protocol, PacketType.ProtocolUpdate),
      protocol: u32,
      afterSb0p: u32,
      afterSb1p: u32,
      afterSb2p: u32,
      connFlags: u32,
      twoPrimaries: u32,
      integrityAlg: name,
    }),
    record({
      type: of(PacketType.SyncParam89),
      volume,
      resyncRateKiBs: u32,
      verifyAlg: name,
      csumsAlg: name,
      controller: record({
        planAheadTenths: u32,
        delayTargetTenths: u32,
        fillTargetSectors: u32,
        maxRateKiBs: u32,
      }),
    }),
    record({
      type: of(PacketType.Sizes),
      volume,
      diskSectors: sector,
      userSectors: sector,
      currentSectors: sector,
      maxBioBytes: u32,
      queueOrderType: volume,
      ddsFlags: volume,
      limits: record({
        physicalBlockBytes: u32,
        logicalBlockBytes: u32,
        alignmentOffset: u32,
        ioMin: u32,
        ioOpt: u32,
        discardEnabled: fc.boolean(),
        discardZeroesData: fc.boolean(),
        writeSameCapable: fc.boolean(),
      }),
    }),
    record({
      type: of(PacketType.Uuids),
      volume,
      current: uuid,
      bitmap: uuid,
      history1: uuid,
      history2: uuid,
      bits: sector,
      flags: u32,
    }),
    record({ type: of(PacketType.SyncUuid), volume, uuid }),
    record({
      type: of(PacketType.StateChgReq, PacketType.ConnStChgReq),
      volume,
      mask: u32,
      value: u32,
    }),
    record({
      type: of(PacketType.StateChgReply, PacketType.ConnStChgReply),
      volume,
      code: fc.integer({ min: -30, max: 4 }),
    }),
    record({ type: of(PacketType.AuthChallenge), payload: fc.uint8Array({ maxLength: 64 }) }),
  );
}

function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;
}
