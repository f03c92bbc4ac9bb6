/** The activity log as it is found on disk: which extents were active when its writer stopped. */
import { concatBytes } from "../../../base/bytes.ts";
import { err, ok, type Result } from "../../../base/result.ts";
import {
  type AlBlock,
  alBlockBytes,
  alContextMax,
  alFreeSlot,
  alRingSlot,
  decodeAlBlock,
  encodeAlBlock,
} from "../../../formats/drbd/activity-log-block.ts";
import type { AlGeometry } from "../../../formats/drbd/metadata-layout.ts";

/** A ring without content, as create-md, apply-al and every attach leave it. */
export function initialisedRing(al: AlGeometry): Uint8Array {
  const block = encodeAlBlock({ kind: "initialised" });
  return concatBytes(new Array<Uint8Array>(al.stripes * al.stripeSize4k).fill(block));
}

/** The largest active set that a ring tells completely while one of its blocks is being overwritten. */
export function activeExtentsMax(al: AlGeometry): number {
  return Math.min(0xfffe, (al.stripes * al.stripeSize4k - 1) * alContextMax);
}

/**
 * @param ring the blocks as they lie on disk.
 * @returns the extents that were active, ascending; an error if no block is usable. One torn block, the last
 * transaction, is expected: nothing was written to its extents.
 */
export function activeExtents(ring: Uint8Array, al: AlGeometry): Result<readonly number[]> {
  const blocks = blocksInOrder(ring, al);
  const valid = blocks.filter((block) => block !== undefined);
  if (valid.length === 0) return err("no usable activity log found");
  const updates = blocks.map((block) => (block?.kind === "update" ? block : undefined));
  const order = oldestFirst(updates);
  const hot = new Map<number, number>();
  for (const block of order) {
    for (const [i, extent] of block.context.entries()) {
      const slot = block.contextStart + i;
      if (slot < block.contextSize || extent !== alFreeSlot) hot.set(slot, extent);
    }
    for (const { slot, extent } of block.updates) hot.set(slot, extent);
  }
  const extents = new Set([...hot.values()].filter((extent) => extent !== alFreeSlot));
  return ok([...extents].sort((a, b) => a - b));
}

type UpdateBlock = Extract<AlBlock, { readonly kind: "update" }>;

/** Through the mapping of the stripes; undefined for one that is not valid. */
function blocksInOrder(ring: Uint8Array, al: AlGeometry): (AlBlock | undefined)[] {
  const blocks: (AlBlock | undefined)[] = [];
  for (let i = 0; i < al.stripes * al.stripeSize4k; i++) {
    const at = alRingSlot(i, al) * alBlockBytes;
    const block = decodeAlBlock(ring.subarray(at, at + alBlockBytes));
    blocks.push(block.ok ? block.value : undefined);
  }
  return blocks;
}

/**
 * From the oldest transaction to the newest, by the signed difference of their numbers, in the order of the ring. What
 * stands behind the newest is of no round that anybody has written, and is passed over, as drbdmeta does.
 */
function oldestFirst(blocks: readonly (UpdateBlock | undefined)[]): readonly UpdateBlock[] {
  let oldest: Numbered | undefined;
  let newest: Numbered | undefined;
  for (const [at, block] of blocks.entries()) {
    if (block === undefined) continue;
    const { trNumber: number } = block;
    if (oldest === undefined || ((number - oldest.number) | 0) < 0) oldest = { at, number };
    if (newest === undefined || ((number - newest.number) | 0) > 0) newest = { at, number };
  }
  if (oldest === undefined || newest === undefined) return [];
  const start = oldest.at;
  const count = ((newest.at - start + blocks.length) % blocks.length) + 1;
  return Array.from({ length: count }, (_, i) => blocks[(start + i) % blocks.length]).filter(
    (block) => block !== undefined,
  );
}

/** The place of a transaction in the ring, and its number. */
type Numbered = { readonly at: number; readonly number: number };
