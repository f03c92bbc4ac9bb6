/**
 * Conversations between two nodes with the kernel's DRBD 8.4, as they were captured: every packet is read, and our encoder
 * writes it as the kernel did, byte for byte.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { Packet } from "../../src/formats/drbd/packet.ts";
import { encodePacket } from "../../src/formats/drbd/packet-encode.ts";
import type { HeaderKind } from "../../src/formats/drbd/packet-header.ts";
import { PacketReader } from "../../src/formats/drbd/packet-reader.ts";
import { packetName } from "../../src/formats/drbd/packet-type.ts";
import { capturedStreams } from "./captured-streams.ts";

const captures = path.join(import.meta.dirname, "../../../shared/lab/drbd/pcaps");
const missing = existsSync(captures) ? false : `no captured conversations in ${captures}`;

test("captured packets are read, and written again as the kernel wrote them", {
  skip: missing,
}, () => {
  const seen = new Set<string>();
  let packets = 0;
  for (const file of readdirSync(captures).filter((name) => name.endsWith(".pcap"))) {
    for (const { name, bytes } of capturedStreams(path.join(captures, file))) {
      if (kindAt(bytes, 0) === undefined) continue;
      packets += compareStream(`${file}, ${name}`, bytes, seen);
    }
  }
  assert.ok(packets > 1000, `${packets} packets`);
  assert.ok(seen.size > 30, `${[...seen].sort().join(" ")}`);
});

/** @returns the number of packets. */
function compareStream(where: string, bytes: Buffer, seen: Set<string>): number {
  const reader = new PacketReader();
  reader.push(bytes);
  let at = 0;
  let count = 0;
  for (let read = reader.next(); read !== undefined; read = reader.next()) {
    assert.ok(read.ok, `${where}, at byte ${at}: ${read.ok ? "" : read.error.message}`);
    const kind = kindAt(bytes, at);
    assert.ok(kind !== undefined, `${where}, at byte ${at}`);
    const written = Buffer.concat(encodePacket(read.value, kind));
    const given = bytes.subarray(at, at + written.length);
    const name = packetName(read.value.type);
    assert.equal(
      written.toString("hex"),
      given.toString("hex"),
      `${where}, at byte ${at}: ${name}`,
    );
    seen.add(nameOf(read.value));
    at += written.length;
    count++;
  }
  return count;
}

function nameOf(packet: Packet): string {
  return packetName(packet.type);
}

function kindAt(bytes: Buffer, at: number): HeaderKind | undefined {
  if (bytes.length < at + 4) return undefined;
  const magic = bytes.readUInt32BE(at);
  if (magic === 0x8620ec20) return "100";
  if (magic === 0x83740267) return "80";
  return magic >>> 16 === 0x835a ? "95" : undefined;
}
