/**
 * The way from Primary to Secondary, as far as the machine cannot see it. A block device that a person's `drbdadm
 * primary` has made holds the volume open by itself: it is removed first, unless somebody uses it.
 */
import { UserError } from "../../api/user-error.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { detachBlockDevice } from "../../host/block-device/block-device.ts";
import { volumeDevice } from "../../host/block-device/volume-device.ts";
import type { DiskServer } from "./disk-server.ts";

/** How long the one who served a removed block device, or a guest that has just ended, may take to go. */
const leaveMs = 1000;

/** @throws UserError HF2140 (-12) when a volume is in use, or as the machine refuses. */
export async function demote(server: DiskServer, config: DrbdResourceConfig): Promise<void> {
  for (const { number, device } of config.volumes) {
    if (!(await detachBlockDevice(volumeDevice(config.name, number, device))))
      throw heldOpen(config.name, `${device} is mounted or open`);
  }
  // Those who have just closed it may still be on their way out.
  await server.feed.until(() => server.nbd.openCount === 0, leaveMs);
  await server.admin.run({ name: "secondary" });
}

export function heldOpen(resource: string, why: string): UserError {
  return new UserError("HF2140", "State change failed: (-12) Device is held open by someone", {
    exit: 11,
    remedy: `${why}: unmount it (fuser -vm), or stop the guest that uses ${resource} (its NBD clients: ss -xp).`,
  });
}
