/** check-resize: are the internal metadata at the device's end? If it has grown, they are moved there. */
import { UserError } from "../../api/user-error.ts";
import { assert } from "../../base/assert.ts";
import {
  metadataBeforeGrowth,
  moveAfterGrowth,
} from "../../core/replication/offline/grown-device.ts";
import { readMetadata } from "../../core/replication/offline/read-metadata.ts";
import { found, lastSizeBytes, MetaExit, type MetaWork } from "./meta-work.ts";

export function checkResizeCommand(work: MetaWork): number {
  const { given, devices } = work;
  if (readMetadata(devices, given.placement).ok) return 0;
  if (isBeforeGrowth(work)) return moveGrown(work);
  if (given.placement.kind !== "internal") {
    throw new UserError("HF2155", `${given.device}: only internal metadata are moved`, {
      exit: MetaExit.NoMetadata,
    });
  }
  found(work);
  return 0;
}

/** Are the metadata where the device's end was before it grew? */
export function isBeforeGrowth({ given, devices }: MetaWork): boolean {
  if (readMetadata(devices, given.placement).ok) return false;
  return metadataBeforeGrowth(devices, lastSizeBytes(given)) !== undefined;
}

/** Only where `isBeforeGrowth`. */
export function moveGrown({ given, meta, terminal }: MetaWork): number {
  const lastSize = lastSizeBytes(given);
  assert(lastSize !== undefined, "the metadata have been found where the end was");
  terminal.error("Moving the internal meta data to its proper location\n");
  const moved = moveAfterGrowth(meta, lastSize);
  if (!moved.ok) {
    throw new UserError("HF2155", `${given.device}: ${moved.error}`, {
      exit: MetaExit.NoMetadata,
      remedy: "create-md --force writes new metadata: all is then taken from the peer.",
    });
  }
  terminal.out("Internal drbd meta data successfully moved.\n");
  return 0;
}
