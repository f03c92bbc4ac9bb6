/**
 * Generation UUIDs: which history of the data a copy belongs to. Bit 0 of CURRENT says "this node is Primary" and is no
 * part of the identity; bit 0 of BITMAP and of the history says who was Primary when a generation ended.
 *
 * current: the generation of my data. bitmap: if not 0, I have changed data since I was last equal to a node of this
 * generation, and my bitmap counts those changes. history1, history2: ended generations, younger and older.
 */
import type { Prng } from "../../../base/prng.ts";
import { type GenerationUuids, uuidJustCreated } from "../../../formats/drbd/superblock.ts";

/** Added to the bitmap UUID when a resync starts, so that a lost P_SYNC_UUID can be told from other histories. */
export const syncUuidOffset = 0x0001000000000000n;

/** Two UUIDs name the same generation. */
export function sameGeneration(a: bigint, b: bigint): boolean {
  return withoutRole(a) === withoutRole(b);
}

export function withoutRole(uuid: bigint): bigint {
  return uuid & ~1n;
}

/** Bit 0 of CURRENT follows the role. */
export function withRole(uuid: bigint, primary: boolean): bigint {
  return primary ? uuid | 1n : withoutRole(uuid);
}

/** A UUID that is neither "none" nor "just created". */
export function randomUuid(prng: Prng): bigint {
  for (;;) {
    const uuid = withoutRole(prng.u64());
    if (uuid > uuidJustCreated) return uuid;
  }
}

/** The bitmap's generation has ended: it becomes the youngest of history. Nothing to do when there is none. */
export function endBitmapGeneration(uuids: GenerationUuids): GenerationUuids {
  if (uuids.bitmap === 0n) return uuids;
  return { ...uuids, bitmap: 0n, history1: uuids.bitmap, history2: uuids.history1 };
}

/** From here on my data differ from the peer's: a new generation, counted by the bitmap from the one before. */
export function startGeneration(
  uuids: GenerationUuids,
  fresh: bigint,
  primary: boolean,
): GenerationUuids {
  return { ...uuids, bitmap: uuids.current, current: withRole(fresh, primary) };
}

/** I become SyncSource: the new bitmap UUID is also the one that the target takes (P_SYNC_UUID). */
export function startSyncSource(uuids: GenerationUuids, fresh: bigint): GenerationUuids {
  const old = uuids.bitmap;
  const usable = old !== 0n && withoutRole(old) !== uuidJustCreated;
  const bitmap = usable ? BigInt.asUintN(64, old + syncUuidOffset) : fresh;
  return { ...endBitmapGeneration(uuids), bitmap };
}

/** I become SyncTarget: my data are between two generations until the resync is over. */
export function startSyncTarget(
  uuids: GenerationUuids,
  syncUuid: bigint,
  primary: boolean,
): GenerationUuids {
  return { ...uuids, current: withRole(syncUuid, primary), bitmap: 0n };
}

/** The resync is over: my data are of the source's generation. `peer`: its UUIDs, as last told. */
export function finishSyncTarget(
  uuids: GenerationUuids,
  peer: GenerationUuids,
  primary: boolean,
): GenerationUuids {
  const inherited = endBitmapGeneration({ ...peer, current: uuids.current });
  const synced = { ...inherited, bitmap: uuids.current, current: withRole(peer.current, primary) };
  return endBitmapGeneration(synced);
}

/** `CURRENT:BITMAP:H1:H2` in hexadecimal, as DRBD's log and get-gi print them. */
export function formatUuids(uuids: GenerationUuids): string {
  return [uuids.current, uuids.bitmap, uuids.history1, uuids.history2].map(formatUuid).join(":");
}

export function formatUuid(uuid: bigint): string {
  return uuid.toString(16).toUpperCase().padStart(16, "0");
}
