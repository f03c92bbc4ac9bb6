/** Finding and checking the metadata on a device that is not in use. */
import { err, ok, type Result } from "../../../base/result.ts";
import { checkSuperblock } from "../../../formats/drbd/check-superblock.ts";
import {
  type AlGeometry,
  type MetadataLayout,
  type MetaPlacement,
  metadataLayout,
} from "../../../formats/drbd/metadata-layout.ts";
import { sectorBytes } from "../../../formats/drbd/packet-flags.ts";
import {
  decodeSuperblock,
  type Superblock,
  superblockBytes,
} from "../../../formats/drbd/superblock.ts";
import type { MetadataDevices } from "./metadata-device.ts";

export type FoundMetadata = { readonly superblock: Superblock; readonly layout: MetadataLayout };

export type MetadataFault =
  /** There are none. */
  { readonly reason: "not-found" } | { readonly reason: "damaged"; readonly message: string };

export function readMetadata(
  devices: MetadataDevices,
  placement: MetaPlacement,
): Result<FoundMetadata, MetadataFault> {
  const first = layoutOf(devices, placement);
  if (!first.ok) return damaged(first.error);
  const at = first.value.superblockSector * sectorBytes;
  const decoded = decodeSuperblock(devices.meta.read(at, superblockBytes));
  if (!decoded.ok) {
    return decoded.error.reason === "not-found"
      ? err({ reason: "not-found" })
      : damaged(decoded.error.message);
  }
  const superblock = decoded.value;
  const al = { stripes: superblock.alStripes, stripeSize4k: superblock.alStripeSize4k };
  const layout = layoutOf(devices, placement, al);
  if (!layout.ok) return damaged(layout.error);
  const fits = checkSuperblock(superblock, layout.value, placement.kind === "internal");
  if (!fits.ok) return damaged(fits.error);
  return ok({ superblock, layout: layout.value });
}

export function layoutOf(
  devices: MetadataDevices,
  placement: MetaPlacement,
  al?: AlGeometry,
): Result<MetadataLayout> {
  const dataSectors = Math.floor(devices.data.sizeBytes / sectorBytes);
  const metaSectors = Math.floor(devices.meta.sizeBytes / sectorBytes);
  return metadataLayout(placement, { dataSectors, metaSectors }, al);
}

function damaged(message: string): Result<never, MetadataFault> {
  return err({ reason: "damaged", message });
}
