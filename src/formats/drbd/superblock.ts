/**
 * The superblock of DRBD's metadata v08: 4096 bytes, big-endian, without a checksum.
 * `clean` is the magic: the kernel always leaves "unclean" and refuses to attach that; apply-al makes it clean.
 */
import { err, ok, type Result } from "../../base/result.ts";

export const MdFlag = {
  /** The disk state was better than Inconsistent. */
  Consistent: 0x001,
  /** The node is or was Primary (or the diskless peer was). */
  PrimaryInd: 0x002,
  ConnectedInd: 0x004,
  /** The whole bitmap counts as set. */
  FullSync: 0x008,
  /** The disk state was better than Outdated. */
  WasUpToDate: 0x010,
  /** The peer is known Outdated or worse. */
  PeerOutDated: 0x020,
  /** Crashed as Primary, and not in full sync with the peer since. */
  CrashedPrimary: 0x040,
  /** The activity log needs no replay. */
  AlClean: 0x080,
  /** The log was switched off: a crash needs a full sync. */
  AlDisabled: 0x100,
} as const;

/** The generation of data that was never used. */
export const uuidJustCreated = 4n;

export type GenerationUuids = {
  readonly current: bigint;
  readonly bitmap: bigint;
  readonly history1: bigint;
  readonly history2: bigint;
};

export type Superblock = {
  /** The last agreed size; 0 until first use. */
  readonly laSizeSectors: number;
  readonly uuids: GenerationUuids;
  readonly deviceUuid: bigint;
  /** Of `MdFlag`. */
  readonly flags: number;
  readonly clean: boolean;
  readonly mdSizeSectors: number;
  /** From the superblock, in sectors; negative for internal. */
  readonly alOffset: number;
  readonly alExtents: number;
  readonly bmOffset: number;
  readonly laPeerMaxBioBytes: number;
  readonly alStripes: number;
  readonly alStripeSize4k: number;
};

export const superblockBytes = 4096;
const magicClean = 0x8374026b;
const magicUnclean = 0x8374026c;
const magicV09 = 0x8374026d;
const magicV07 = 0x8374026a;
/** The older version has its magic elsewhere. */
const magicV07Offset = 0x24;
const bytesPerBit = 4096;

export type SuperblockError =
  /** No metadata of version 08 here. */
  { readonly reason: "not-found" } | { readonly reason: "unsupported"; readonly message: string };

export function decodeSuperblock(bytes: Uint8Array): Result<Superblock, SuperblockError> {
  if (bytes.length < superblockBytes) return err({ reason: "not-found" });
  const view = new DataView(bytes.buffer, bytes.byteOffset, superblockBytes);
  const magic = view.getUint32(0x3c);
  if (magic !== magicClean && magic !== magicUnclean) {
    const version = otherVersionAt(bytes);
    if (version === undefined) return err({ reason: "not-found" });
    const whose = version === "v09" ? "DRBD 9" : "DRBD 0.7";
    return err({ reason: "unsupported", message: `they are of version ${version}, ${whose}'s` });
  }
  if (view.getUint32(0x50) !== bytesPerBit) {
    return err({ reason: "unsupported", message: `${view.getUint32(0x50)} bytes per bitmap bit` });
  }
  if (view.getUint32(0) >= 0x1000) {
    return err({ reason: "unsupported", message: "the last agreed size is impossible" });
  }
  // Both fields zero: written before stripes existed, which meant one of eight blocks.
  const unstriped = view.getUint32(0x58) === 0 && view.getUint32(0x5c) === 0;
  return ok({
    laSizeSectors: view.getUint32(0) * 0x100000000 + view.getUint32(4),
    uuids: {
      current: view.getBigUint64(0x08),
      bitmap: view.getBigUint64(0x10),
      history1: view.getBigUint64(0x18),
      history2: view.getBigUint64(0x20),
    },
    deviceUuid: view.getBigUint64(0x28),
    flags: view.getUint32(0x38),
    clean: magic === magicClean,
    mdSizeSectors: view.getUint32(0x40),
    alOffset: view.getInt32(0x44),
    alExtents: view.getUint32(0x48),
    bmOffset: view.getInt32(0x4c),
    laPeerMaxBioBytes: view.getUint32(0x54),
    alStripes: unstriped ? 1 : view.getUint32(0x58),
    alStripeSize4k: unstriped ? 8 : view.getUint32(0x5c),
  });
}

/** Is this block a superblock of a version that is not read here? Its first 4096 bytes are looked at. */
export function otherVersionAt(bytes: Uint8Array): "v07" | "v09" | undefined {
  if (bytes.length < superblockBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, superblockBytes);
  if (view.getUint32(0x3c) === magicV09) return "v09";
  return view.getUint32(magicV07Offset) === magicV07 ? "v07" : undefined;
}

export function encodeSuperblock(superblock: Superblock): Uint8Array {
  const bytes = new Uint8Array(superblockBytes);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(superblock.laSizeSectors));
  view.setBigUint64(0x08, superblock.uuids.current);
  view.setBigUint64(0x10, superblock.uuids.bitmap);
  view.setBigUint64(0x18, superblock.uuids.history1);
  view.setBigUint64(0x20, superblock.uuids.history2);
  view.setBigUint64(0x28, superblock.deviceUuid);
  view.setUint32(0x38, superblock.flags);
  view.setUint32(0x3c, superblock.clean ? magicClean : magicUnclean);
  view.setUint32(0x40, superblock.mdSizeSectors);
  view.setInt32(0x44, superblock.alOffset);
  view.setUint32(0x48, superblock.alExtents);
  view.setInt32(0x4c, superblock.bmOffset);
  view.setUint32(0x50, bytesPerBit);
  view.setUint32(0x54, superblock.laPeerMaxBioBytes);
  view.setUint32(0x58, superblock.alStripes);
  view.setUint32(0x5c, superblock.alStripeSize4k);
  return bytes;
}
