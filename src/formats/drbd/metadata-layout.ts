/**
 * Where DRBD's metadata (v08) lies: a 4 KiB superblock, the activity log and the bitmap, in three placements.
 * Positions and sizes are in sectors of 512 bytes, as on disk; `align8` means aligned to 4 KiB.
 */
import { err, ok, type Result } from "../../base/result.ts";

export type MetaPlacement =
  /** `meta-disk internal`: at the end of the data device. */
  | { readonly kind: "internal" }
  /** `meta-disk /dev/x`: a device of its own, all of it. */
  | { readonly kind: "flexible" }
  /** `meta-disk /dev/x[n]`: slot n of 128 MiB on a shared device. */
  | { readonly kind: "indexed"; readonly index: number };

export type AlGeometry = { readonly stripes: number; readonly stripeSize4k: number };

export const defaultAlGeometry: AlGeometry = { stripes: 1, stripeSize4k: 8 };

export type MetadataLayout = {
  /** Position of the superblock on the meta device. */
  readonly superblockSector: number;
  /** Relative to the superblock; negative for internal. */
  readonly alOffset: number;
  readonly bmOffset: number;
  readonly mdSizeSectors: number;
  /** The largest size the volume can have. */
  readonly usableSectors: number;
  readonly al: AlGeometry;
};

/** One sector of bitmap covers 4096 blocks of 4 KiB = 16 MiB. */
const sectorsPerBitmapSector = 32768;
const slotSectors = 262144;
/** 1 PiB. */
const flexibleSectorsMax = 2 ** 51;
const superblockSectors = 8;
const flexibleMetaSectorsMin = 2048;

export function alSectors(al: AlGeometry): number {
  return al.stripes * al.stripeSize4k * superblockSectors;
}

/** Sectors of bitmap, a multiple of 8, that `sectors` of storage need. */
export function bitmapSectors(sectors: number): number {
  return align8(Math.ceil(sectors / sectorsPerBitmapSector));
}

/** @param dataSectors, metaSectors sizes of the two devices; for internal metadata the same number. */
export function metadataLayout(
  placement: MetaPlacement,
  sizes: { readonly dataSectors: number; readonly metaSectors: number },
  al: AlGeometry = defaultAlGeometry,
): Result<MetadataLayout> {
  switch (placement.kind) {
    case "internal":
      return internalLayout(sizes.dataSectors, al);
    case "flexible":
      return flexibleLayout(sizes, al);
    case "indexed":
      return indexedLayout(placement.index, sizes, al);
  }
}

function internalLayout(dataSectors: number, al: AlGeometry): Result<MetadataLayout> {
  const superblockSector = dataSectors - (dataSectors % 8) - superblockSectors;
  const mdSizeSectors = bitmapSectors(dataSectors) + superblockSectors + alSectors(al);
  const bmOffset = -mdSizeSectors + superblockSectors;
  const usableSectors = superblockSector + bmOffset;
  if (usableSectors <= 0) return err("the device is too small for internal meta data");
  const alOffset = -alSectors(al);
  return ok({ superblockSector, alOffset, bmOffset, mdSizeSectors, usableSectors, al });
}

function flexibleLayout(
  sizes: { readonly dataSectors: number; readonly metaSectors: number },
  al: AlGeometry,
): Result<MetadataLayout> {
  const bmOffset = superblockSectors + alSectors(al);
  if (sizes.metaSectors < flexibleMetaSectorsMin || sizes.metaSectors < bmOffset + 8) {
    return err("the meta data device is too small");
  }
  // The bitmap is written in whole blocks of 4 KiB: what the device has behind the last of them covers nothing.
  const bitmapRoom = sizes.metaSectors - bmOffset;
  const covered = (bitmapRoom - (bitmapRoom % 8)) * sectorsPerBitmapSector;
  return ok({
    superblockSector: 0,
    alOffset: superblockSectors,
    bmOffset,
    mdSizeSectors: sizes.metaSectors,
    usableSectors: Math.min(sizes.dataSectors, covered, flexibleSectorsMax),
    al,
  });
}

function indexedLayout(
  index: number,
  sizes: { readonly dataSectors: number; readonly metaSectors: number },
  al: AlGeometry,
): Result<MetadataLayout> {
  if (al.stripes !== 1 || al.stripeSize4k !== 8) return err("indexed meta data has no stripes");
  if (sizes.metaSectors < slotSectors * (index + 1)) {
    return err(`the meta data device is too small for index ${index}`);
  }
  const bmOffset = superblockSectors + alSectors(al);
  return ok({
    superblockSector: index * slotSectors,
    alOffset: superblockSectors,
    bmOffset,
    mdSizeSectors: slotSectors,
    usableSectors: Math.min(sizes.dataSectors, (slotSectors - bmOffset) * sectorsPerBitmapSector),
    al,
  });
}

function align8(sectors: number): number {
  return Math.ceil(sectors / 8) * 8;
}
