/**
 * One transaction of the activity log: a 4 KiB block, big-endian, with a checksum. The log is a ring of such blocks;
 * each carries up to 64 changes (slot, extent) and a rolling window of the whole active set.
 */
import { assert } from "../../base/assert.ts";
import { err, ok, type Result } from "../../base/result.ts";
import { rawCrc32c } from "./crc32c.ts";

export const alBlockBytes = 4096;
/** A block's changes. */
export const alUpdatesMax = 64;
/** A block's window of the active set. */
export const alContextMax = 919;
/** In a slot: no extent. */
export const alFreeSlot = 0xffffffff;

const magic = 0x69cb65a2;
const typeUpdate = 0;
const typeInitialised = 0xffff;
const noSlot = 0xffff;

export type AlUpdate = { readonly slot: number; readonly extent: number };

export type AlBlock =
  | { readonly kind: "initialised" }
  | {
      readonly kind: "update";
      readonly trNumber: number;
      readonly updates: readonly AlUpdate[];
      /** How many slots the active set has. */
      readonly contextSize: number;
      readonly contextStart: number;
      /** Extents of the slots contextStart, contextStart + 1 …; `alFreeSlot` for a free one. */
      readonly context: Uint32Array;
    };

export function decodeAlBlock(bytes: Uint8Array): Result<AlBlock> {
  if (bytes.length < alBlockBytes) return err("a cut block");
  const view = new DataView(bytes.buffer, bytes.byteOffset, alBlockBytes);
  if (view.getUint32(0) !== magic) return err("no magic");
  if (view.getUint32(8) !== crcOf(bytes)) return err("wrong checksum");
  const type = view.getUint16(12);
  if (type === typeInitialised) return ok({ kind: "initialised" });
  if (type !== typeUpdate) return err(`type ${type}`);
  const count = view.getUint16(14);
  const contextSize = view.getUint16(16);
  const contextStart = view.getUint16(18);
  if (count > alUpdatesMax) return err(`${count} changes`);
  const updates: AlUpdate[] = [];
  // Whatever the count says: what is not used has no slot. drbdmeta reads them so, too.
  for (let i = 0; i < alUpdatesMax; i++) {
    const slot = view.getUint16(36 + 2 * i);
    if (slot !== noSlot) updates.push({ slot, extent: view.getUint32(164 + 4 * i) });
  }
  const context = new Uint32Array(alContextMax);
  for (let i = 0; i < alContextMax; i++) context[i] = view.getUint32(420 + 4 * i);
  return ok({
    kind: "update",
    trNumber: view.getUint32(4),
    updates,
    contextSize,
    contextStart,
    context,
  });
}

export function encodeAlBlock(block: AlBlock): Uint8Array {
  const bytes = new Uint8Array(alBlockBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic);
  if (block.kind === "initialised") {
    view.setUint16(12, typeInitialised);
  } else {
    assert(block.updates.length <= alUpdatesMax, "a transaction has room for its changes");
    assert(block.context.length <= alContextMax, "a transaction has room for its window");
    view.setUint32(4, block.trNumber);
    view.setUint16(12, typeUpdate);
    view.setUint16(14, block.updates.length);
    view.setUint16(16, block.contextSize);
    view.setUint16(18, block.contextStart);
    for (let i = 0; i < alUpdatesMax; i++) {
      const update = block.updates[i];
      view.setUint16(36 + 2 * i, update?.slot ?? noSlot);
      view.setUint32(164 + 4 * i, update?.extent ?? alFreeSlot);
    }
    for (let i = 0; i < alContextMax; i++) {
      view.setUint32(420 + 4 * i, block.context[i] ?? alFreeSlot);
    }
  }
  view.setUint32(8, crcOf(bytes));
  return bytes;
}

/** The place in the ring (in blocks) of transaction `trNumber`: stripes are filled in turns. */
export function alRingSlot(
  trNumber: number,
  al: { readonly stripes: number; readonly stripeSize4k: number },
): number {
  const i = trNumber % (al.stripes * al.stripeSize4k);
  return (i % al.stripes) * al.stripeSize4k + Math.floor(i / al.stripes);
}

function crcOf(bytes: Uint8Array): number {
  const copy = bytes.slice(0, alBlockBytes);
  copy.fill(0, 8, 12);
  return rawCrc32c(copy);
}
