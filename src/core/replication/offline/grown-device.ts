/** Internal metadata where the end of the device was when it was last seen, before it grew. */
import { assert } from "../../../base/assert.ts";
import { ok, type Result } from "../../../base/result.ts";
import { applyActivityLog } from "./apply-activity-log.ts";
import type { MetadataDevice, MetadataDevices } from "./metadata-device.ts";
import { moveMetadata } from "./move-metadata.ts";
import { type FoundMetadata, layoutOf, readMetadata } from "./read-metadata.ts";

/** @param lastSizeBytes the device's size then; undefined when nobody knows. */
export function metadataBeforeGrowth(
  { meta }: Pick<MetadataDevices, "meta">,
  lastSizeBytes: number | undefined,
): FoundMetadata | undefined {
  if (lastSizeBytes === undefined || lastSizeBytes >= meta.sizeBytes) return undefined;
  const shorter = { ...meta, sizeBytes: lastSizeBytes };
  const read = readMetadata({ data: shorter, meta: shorter }, { kind: "internal" });
  return read.ok ? read.value : undefined;
}

/**
 * Brings what `metadataBeforeGrowth` has found to the device's end.
 * @returns why not: the activity log that the last user has left cannot be used.
 */
export function moveAfterGrowth(meta: MetadataDevice, lastSizeBytes: number): Result<void> {
  const left = metadataBeforeGrowth({ meta }, lastSizeBytes);
  assert(left !== undefined, "there are metadata where the end was");
  const applied = applyActivityLog(meta, left);
  if (!applied.ok) return applied;
  const clean = metadataBeforeGrowth({ meta }, lastSizeBytes);
  const to = layoutOf({ data: meta, meta }, { kind: "internal" }, left.layout.al);
  assert(clean !== undefined && to.ok, "a device that has grown has room for its metadata");
  if (to.value.superblockSector > clean.layout.superblockSector)
    moveMetadata(meta, clean, to.value);
  return ok(undefined);
}
