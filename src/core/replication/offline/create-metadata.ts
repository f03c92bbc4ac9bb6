/** create-md: metadata for a disk that was never used. Nothing is looked at here; foreign-content.ts does that before. */
import { ok, type Result } from "../../../base/result.ts";
import {
  type AlGeometry,
  defaultAlGeometry,
  type MetaPlacement,
} from "../../../formats/drbd/metadata-layout.ts";
import { sectorBytes } from "../../../formats/drbd/packet-flags.ts";
import {
  encodeSuperblock,
  MdFlag,
  type Superblock,
  superblockBytes,
  uuidJustCreated,
} from "../../../formats/drbd/superblock.ts";
import { initialisedRing } from "../metadata/al-ring.ts";
import type { MetadataDevices } from "./metadata-device.ts";
import { layoutOf } from "./read-metadata.ts";

/** What create-md writes; a node that attaches writes its own setting. */
const alExtentsAtCreation = 257;
const zerosAtOnce = 1024 * 1024;

/** The order is such that a crash in between leaves no superblock. */
export function createMetadata(
  devices: MetadataDevices,
  placement: MetaPlacement,
  options: { readonly al?: AlGeometry; readonly peerMaxBioBytes?: number } = {},
): Result<Superblock> {
  const { al = defaultAlGeometry, peerMaxBioBytes = 0 } = options;
  const layout = layoutOf(devices, placement, al);
  if (!layout.ok) return layout;
  const { superblockSector, alOffset, bmOffset, mdSizeSectors } = layout.value;
  const at = (sectors: number): number => (superblockSector + sectors) * sectorBytes;
  devices.meta.write(at(0), new Uint8Array(superblockBytes));
  devices.meta.flush();
  const bitmapBytes = (alOffset < 0 ? alOffset - bmOffset : mdSizeSectors - bmOffset) * sectorBytes;
  zero(devices, at(bmOffset), bitmapBytes);
  devices.meta.write(at(alOffset), initialisedRing(al));
  const superblock: Superblock = {
    laSizeSectors: 0,
    uuids: { current: uuidJustCreated, bitmap: 0n, history1: 0n, history2: 0n },
    deviceUuid: 0n,
    flags: MdFlag.AlClean,
    clean: true,
    mdSizeSectors,
    alOffset,
    alExtents: alExtentsAtCreation,
    bmOffset,
    laPeerMaxBioBytes: peerMaxBioBytes,
    alStripes: al.stripes,
    alStripeSize4k: al.stripeSize4k,
  };
  devices.meta.flush();
  devices.meta.write(at(0), encodeSuperblock(superblock));
  devices.meta.flush();
  return ok(superblock);
}

function zero(devices: MetadataDevices, offset: number, length: number): void {
  for (let at = 0; at < length; at += zerosAtOnce) {
    devices.meta.write(offset + at, new Uint8Array(Math.min(zerosAtOnce, length - at)));
  }
}
