/**
 * The three headers of DRBD's packets, told apart by their magic. header80: until P_CONNECTION_FEATURES is exchanged;
 * header95: protocols 95 to 99 and more than 32 KiB; header100: every packet once protocol 100 or later is agreed.
 */
import { assert } from "../../base/assert.ts";
import type { FixedPart } from "./fixed-part.ts";

export type HeaderKind = "80" | "95" | "100";

const magic80 = 0x83740267;
const magic95 = 0x835a;
const magic100 = 0x8620ec20;

/** How many bytes a header has that starts with this 16-bit number; undefined if none does. */
export function headerBytes(first16: number): number | undefined {
  if (first16 === magic100 >>> 16) return 16;
  if (first16 === magic80 >>> 16 || first16 === magic95) return 8;
  return undefined;
}

export function headerBytesOf(kind: HeaderKind): number {
  return kind === "100" ? 16 : 8;
}

export type PacketHeader = {
  readonly kind: HeaderKind;
  readonly type: number;
  readonly volume: number;
  /** Bytes after the header. */
  readonly length: number;
};

/** Undefined when the magic is none of DRBD's. `view` has at least as many bytes as `headerBytes` asked for. */
export function decodeHeader(view: DataView, at: number): PacketHeader | undefined {
  const first = view.getUint32(at);
  if (first === magic100) {
    return {
      kind: "100",
      volume: view.getUint16(at + 4),
      type: view.getUint16(at + 6),
      length: view.getUint32(at + 8),
    };
  }
  if (first === magic80) {
    return {
      kind: "80",
      volume: 0,
      type: view.getUint16(at + 4),
      length: view.getUint16(at + 6),
    };
  }
  if (first >>> 16 === magic95) {
    return { kind: "95", volume: 0, type: first & 0xffff, length: view.getUint32(at + 4) };
  }
  return undefined;
}

/** Writes the header at the start of `view`. */
export function encodeHeader(view: FixedPart, header: PacketHeader): void {
  switch (header.kind) {
    case "100":
      view.setUint32(0, magic100);
      view.setUint16(4, header.volume);
      view.setUint16(6, header.type);
      view.setUint32(8, header.length);
      view.setUint32(12, 0);
      return;
    case "95":
      assert(header.volume === 0, "header95 has no volume");
      view.setUint16(0, magic95);
      view.setUint16(2, header.type);
      view.setUint32(4, header.length);
      return;
    case "80":
      assert(header.volume === 0, "header80 has no volume");
      assert(header.length <= 0xffff, "header80 has a 16-bit length");
      view.setUint32(0, magic80);
      view.setUint16(4, header.type);
      view.setUint16(6, header.length);
  }
}
