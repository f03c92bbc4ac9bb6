/**
 * The heartbeat: what each node says of itself and of whom it hears, several times a second. Body of a sealed
 * packet of kind 1, version 1:
 *
 *   node uuid 16 bytes · incarnation u64 · boot id u64 · sequence u64
 *   intent u8 (0 running, 1 restarting, 2 leaving) · hold u32 ms
 *   flags u8 (1: answer at once)
 *   addresses: count u8, each 4 bytes: where the sender is to be found by IPv4
 *   heard: count u8, each: name · incarnation u64 · sequence u64 · episode u32 · flags u8 (1: hears it)
 *   announcement: count u8, each: key · value u16 length and UTF-8
 *
 * The heard entries are answers to pings: "I have your packet number N". Bit 2 of their flags is kept free for
 * "and I grant you a lease on it". Unknown flag bits are ignored.
 */
import { assert } from "../../base/assert.ts";
import { equalBytes, fromHex, toHex } from "../../base/bytes.ts";
import { compareText } from "../../base/compare.ts";
import { decodeUtf8, encodeUtf8 } from "../../base/utf8.ts";
import { isNodeName } from "./node-name.ts";
import { FieldReader, FieldWriter } from "./packet-bytes.ts";

export const heartbeatKind = 1;

/** A small record that the cluster's controller wants known; opaque here. Keys and values are short texts. */
export type Announcement = Readonly<Record<string, string>>;

/** All keys and values of an announcement together, in bytes with their lengths. */
export const announcementBytesMax = 400;
/** Heard entries of one packet: every node, and some for an incarnation that is being changed. */
export const heardEntriesMax = 10;

export const addressesMax = 4;

export type Intent = "running" | "restarting" | "leaving";

export type HeardEntry = {
  readonly name: string;
  readonly incarnation: bigint;
  /** The highest sequence number that was heard from it. */
  readonly sequence: number;
  /** How many times the two, as they are now, have lost each other. */
  readonly episode: number;
  /** False: known, but silent. */
  readonly hears: boolean;
};

export type Heartbeat = {
  /** In the usual form, 8-4-4-4-12 lower-case hex digits. */
  readonly uuid: string;
  readonly incarnation: bigint;
  readonly bootId: bigint;
  readonly sequence: number;
  readonly intent: Intent;
  /** With "restarting": how long the others should wait. */
  readonly holdMs: number;
  readonly answerAtOnce: boolean;
  /** IPv4, the best first: signed, so that nobody else can say where a node is. */
  readonly addresses: readonly string[];
  readonly heard: readonly HeardEntry[];
  readonly announcement: Announcement;
};

const intents: readonly Intent[] = ["running", "restarting", "leaving"];
const answerAtOnceFlag = 1;
const hearsFlag = 1;

export function encodeHeartbeat(heartbeat: Heartbeat): Uint8Array {
  assert(heartbeat.heard.length <= heardEntriesMax, "not more heard entries than fit");
  assert(heartbeat.addresses.length <= addressesMax, "not more addresses than fit");
  const writer = new FieldWriter()
    .bytes(uuidBytes(heartbeat.uuid))
    .u64(heartbeat.incarnation)
    .u64(heartbeat.bootId)
    .u64(BigInt(heartbeat.sequence))
    .u8(intents.indexOf(heartbeat.intent))
    .u32(heartbeat.holdMs)
    .u8(heartbeat.answerAtOnce ? answerAtOnceFlag : 0)
    .u8(heartbeat.addresses.length);
  for (const address of heartbeat.addresses) writer.bytes(addressBytes(address));
  writer.u8(heartbeat.heard.length);
  for (const entry of heartbeat.heard) {
    writer
      .text(entry.name)
      .u64(entry.incarnation)
      .u64(BigInt(entry.sequence))
      .u32(entry.episode)
      .u8(entry.hears ? hearsFlag : 0);
  }
  return writer.bytes(encodeAnnouncement(heartbeat.announcement)).finish();
}

/** Undefined when the body makes no sense as a heartbeat. */
export function decodeHeartbeat(body: Uint8Array): Heartbeat | undefined {
  const reader = new FieldReader(body);
  const uuid = uuidText(reader.bytes(16));
  const incarnation = reader.u64();
  const bootId = reader.u64();
  const sequence = Number(reader.u64());
  const intent = intents[reader.u8()];
  const holdMs = reader.u32();
  const answerAtOnce = (reader.u8() & answerAtOnceFlag) !== 0;
  const addresses = decodeAddresses(reader);
  const heard = decodeHeard(reader);
  const announcement = decodeAnnouncement(reader);
  if (addresses.length > addressesMax) return undefined;
  if (!reader.complete || heard === undefined || announcement === undefined) return undefined;
  if (intent === undefined || !Number.isSafeInteger(sequence)) return undefined;
  return {
    uuid,
    incarnation,
    bootId,
    sequence,
    intent,
    holdMs,
    answerAtOnce,
    addresses,
    heard,
    announcement,
  };
}

/** Whether the announcement fits: short keys and values, not too many bytes in all. */
export function announcementFits(announcement: Announcement): boolean {
  const entries = Object.entries(announcement);
  if (entries.length > 255) return false;
  let length = 1;
  for (const [key, value] of entries) {
    const keyBytes = encodeUtf8(key).length;
    if (keyBytes > 255) return false;
    length += 1 + keyBytes + 2 + encodeUtf8(value).length;
  }
  return length <= announcementBytesMax;
}

export function sameAnnouncement(a: Announcement, b: Announcement): boolean {
  return equalBytes(encodeAnnouncement(a), encodeAnnouncement(b));
}

/** Whether the text is an IPv4 address in its usual form, as those in a heartbeat are. */
export function isIpv4Address(text: string): boolean {
  const octets = text.split(".");
  return (
    octets.length === 4 &&
    octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255)
  );
}

export function isNodeUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);
}

function encodeAnnouncement(announcement: Announcement): Uint8Array {
  assert(announcementFits(announcement), "the announcement fits into a packet");
  const entries = Object.entries(announcement).sort((a, b) => compareText(a[0], b[0]));
  const writer = new FieldWriter().u8(entries.length);
  for (const [key, value] of entries) {
    const bytes = encodeUtf8(value);
    writer.text(key).u16(bytes.length).bytes(bytes);
  }
  return writer.finish();
}

function decodeAnnouncement(reader: FieldReader): Announcement | undefined {
  const start = reader.offset;
  const count = reader.u8();
  const entries: [string, string][] = [];
  for (let i = 0; i < count && !reader.broken; i++) {
    const key = reader.text();
    const bytes = reader.bytes(reader.u16());
    const value = decodeUtf8(bytes);
    if (!equalBytes(encodeUtf8(value), bytes)) return undefined;
    entries.push([key, value]);
  }
  if (reader.offset - start > announcementBytesMax) return undefined;
  // fromEntries defines properties, so that a key such as __proto__ is a key like any other.
  const record = Object.fromEntries(entries);
  return Object.keys(record).length === entries.length ? record : undefined;
}

function decodeHeard(reader: FieldReader): readonly HeardEntry[] | undefined {
  const count = reader.u8();
  if (count > heardEntriesMax) return undefined;
  const heard: HeardEntry[] = [];
  for (let i = 0; i < count && !reader.broken; i++) {
    const name = reader.text();
    const incarnation = reader.u64();
    const sequence = Number(reader.u64());
    const episode = reader.u32();
    const hears = (reader.u8() & hearsFlag) !== 0;
    if (!isNodeName(name) || !Number.isSafeInteger(sequence)) return undefined;
    heard.push({ name, incarnation, sequence, episode, hears });
  }
  return heard;
}

function decodeAddresses(reader: FieldReader): readonly string[] {
  const count = reader.u8();
  const addresses: string[] = [];
  for (let i = 0; i < count && !reader.broken; i++) addresses.push(reader.bytes(4).join("."));
  return addresses;
}

function addressBytes(address: string): Uint8Array {
  assert(isIpv4Address(address), "an IPv4 address has its usual form");
  return Uint8Array.from(address.split("."), Number);
}

function uuidBytes(uuid: string): Uint8Array {
  assert(isNodeUuid(uuid), "the node's uuid has the usual form");
  return fromHex(uuid.replaceAll("-", ""));
}

function uuidText(bytes: Uint8Array): string {
  const hex = toHex(bytes);
  const cuts = [0, 8, 12, 16, 20, 32];
  return cuts
    .slice(1)
    .map((end, i) => hex.slice(cuts[i], end))
    .join("-");
}
