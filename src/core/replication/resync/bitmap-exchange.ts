/**
 * Before a resync by bitmap both nodes tell each other their bitmaps, and each takes the union. The source sends first,
 * the target answers when it has the source's last part.
 */

import { decodeBitRuns, encodeBitRuns } from "../../../formats/drbd/bitmap-code.ts";
import { Conn } from "../../../formats/drbd/drbd-state.ts";
import type { BitmapPacket, CompressedBitmapPacket } from "../../../formats/drbd/packet.ts";
import { headerBytesOf } from "../../../formats/drbd/packet-header.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import { sendData } from "../emit.ts";
import type { Bitmap } from "../metadata/bitmap.ts";
import type { Resource } from "../resource.ts";
import { forceState } from "../state/state-change.ts";
import type { Volume } from "../volume.ts";
import { sourceIsReady } from "./before-resync.ts";

/** A bitmap packet fills a buffer of this size, header included. */
const packetBytes = 4096;
/** So many packets are sent before the socket must have taken them. */
const packetsAtOnce = 64;

/** Sends my bitmap, or its next part. */
export function sendBitmap(r: Resource, v: Volume): void {
  const bitmap = v.backing?.bitmap;
  if (bitmap === undefined || v.bitmapSending === undefined) return;
  v.progressAt = r.now;
  const room = packetBytes - headerBytesOf(r.link.header);
  for (let i = 0; i < packetsAtOnce && v.bitmapSending !== undefined; i++) {
    const more = i + 1 === packetsAtOnce;
    if (more) r.sentMarks.push(v);
    sendBitmapPacket(r, v, { bitmap, from: v.bitmapSending, room, notify: more });
  }
  if (v.bitmapSending === undefined && v.conn === Conn.WFBitMapT) {
    forceState(r, (s) => ({ ...s, conn: Conn.WFSyncUUID }), [v]);
  }
}

/** A part of the peer's bitmap. @returns what is wrong with it, if anything is. */
export function onBitmap(
  r: Resource,
  v: Volume,
  packet: BitmapPacket | CompressedBitmapPacket,
): string | undefined {
  const bitmap = v.backing?.bitmap;
  // A resync that was given up here may be news to the peer.
  if (bitmap === undefined || (v.conn !== Conn.WFBitMapS && v.conn !== Conn.WFBitMapT)) {
    return undefined;
  }
  if (packet.type === PacketType.CompressedBitmap) {
    const fault = mergeRuns(v, bitmap, packet.payload);
    if (fault !== undefined) return fault;
    if (v.bitmapReceived === bitmap.bits) onBitmapComplete(r, v);
    return undefined;
  }
  if (packet.payload.length === 0) {
    if (v.bitmapReceived < bitmap.bits) return "a bitmap that ends too early";
    onBitmapComplete(r, v);
    return undefined;
  }
  // Behind a compressed part, words begin at the last whole one: some bits come twice.
  const firstWord = Math.floor(v.bitmapReceived / 64);
  const words = Math.min(plainRoom(r) / 8, wordsOf(bitmap) - firstWord);
  if (packet.payload.length !== words * 8) return "a bitmap packet of the wrong size";
  bitmap.merge(firstWord * 64, packet.payload);
  v.bitmapReceived = Math.min(bitmap.bits, (firstWord + words) * 64);
  return undefined;
}

/** Run lengths where they are shorter than the bits they stand for, else the plain words. */
function sendBitmapPacket(
  r: Resource,
  v: Volume,
  part: {
    readonly bitmap: Bitmap;
    readonly from: number;
    readonly room: number;
    readonly notify: boolean;
  },
): void {
  const { bitmap, from, room, notify } = part;
  if (from === bitmap.bits) {
    // Plain words have no end of their own.
    sendData(r, { type: PacketType.Bitmap, volume: v.number, payload: new Uint8Array(0) }, notify);
    v.bitmapSending = undefined;
    return;
  }
  if (r.net.useRle) {
    const { payload, end } = encodeBitRuns(bitmap, from, room);
    const plainBytes = Math.ceil((end - from) / 8);
    if (end > from && payload.length <= plainBytes) {
      sendData(r, { type: PacketType.CompressedBitmap, volume: v.number, payload }, notify);
      v.bitmapSending = end === bitmap.bits ? undefined : end;
      return;
    }
  }
  const firstWord = Math.floor(from / 64);
  const words = Math.min(plainRoom(r) / 8, wordsOf(bitmap) - firstWord);
  const payload = bitmap.copyBytes(firstWord * 8, words * 8);
  sendData(r, { type: PacketType.Bitmap, volume: v.number, payload }, notify);
  v.bitmapSending = Math.min(bitmap.bits, (firstWord + words) * 64);
}

function mergeRuns(v: Volume, bitmap: Bitmap, payload: Uint8Array): string | undefined {
  const runs = decodeBitRuns(payload);
  if (!runs.ok) return runs.error;
  let set = runs.value.firstSet;
  for (const length of runs.value.lengths) {
    const end = v.bitmapReceived + length;
    if (end > bitmap.bits) return "a bitmap longer than the volume's";
    if (set) bitmap.set(v.bitmapReceived, end);
    v.bitmapReceived = end;
    set = !set;
  }
  return undefined;
}

/** Both know both: the target answers with its own, the source begins. */
function onBitmapComplete(r: Resource, v: Volume): void {
  v.bitmapReceived = 0;
  if (v.conn === Conn.WFBitMapT) {
    v.bitmapSending = 0;
    sendBitmap(r, v);
  } else {
    sourceIsReady(r, v);
  }
}

/** Bytes of whole words that a plain packet carries. */
function plainRoom(r: Resource): number {
  return Math.floor((packetBytes - headerBytesOf(r.link.header)) / 8) * 8;
}

function wordsOf(bitmap: Bitmap): number {
  return Math.ceil(bitmap.bits / 64);
}
