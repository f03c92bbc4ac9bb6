/**
 * The way from Primary to Secondary, as far as the machine cannot see it. A block device that a person's `drbdadm
 * primary` has made holds the volume open by itself: it is removed first, unless somebody uses it.
 */
import { UserError } from "../../api/user-error.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { detachBlockDevice, hasBlockDevice } from "../../host/block-device/block-device.ts";
import { volumeDevice } from "../../host/block-device/volume-device.ts";
import type { DiskServer } from "./disk-server.ts";

/** How long a guest that has just ended may take to go. */
const leaveMs = 1000;
/** The one who served a removed block device goes for sure; on a busy host it may take its time. */
const serverLeaveMs = 10_000;
/** How long the requests of clients that are sent away may take: longer, and I/O stands still for some reason. */
const answerMs = 10_000;

/** @throws UserError HF2140 (-12) when a volume is in use, or as the machine refuses. */
export async function demote(server: DiskServer, config: DrbdResourceConfig): Promise<void> {
  const waitMs = (await removeBlockDevices(config)) ? serverLeaveMs : leaveMs;
  // Those who have just closed it may still be on their way out.
  await server.feed.until(() => server.nbd.openCount === 0, waitMs);
  await server.admin.run({ name: "secondary" });
}

/**
 * Demotes a server whose clients wait for the next one: they are sent away as soon as their requests are answered.
 * @throws UserError as demote, and HF2165 when requests are not answered; then clients are let in again.
 */
export async function demoteUnderClients(
  server: DiskServer,
  config: DrbdResourceConfig,
): Promise<void> {
  await removeBlockDevices(config);
  server.nbd.sendAway();
  try {
    await server.feed.until(() => server.nbd.openCount === 0, answerMs);
    if (server.nbd.openCount > 0) throw stillWorking(config.name);
    await server.admin.run({ name: "secondary" });
  } catch (error) {
    server.nbd.readmit();
    throw error;
  }
}

/**
 * Takes the volumes away from their clients, whatever they do: a guest that was killed and does not end. Nothing that they
 * asked for is under way any more when the server is Secondary.
 * @throws UserError as demoteUnderClients.
 */
export async function demoteAndTakeAway(
  server: DiskServer,
  config: DrbdResourceConfig,
): Promise<void> {
  await removeBlockDevices(config);
  server.nbd.cutOff();
  try {
    await server.feed.until(() => server.nbd.openCount === 0, answerMs);
    if (server.nbd.openCount > 0) throw stillWorking(config.name);
    await server.admin.run({ name: "secondary" });
  } finally {
    // Whom a Secondary lets in cannot write.
    server.nbd.readmit();
  }
}

/** @returns whether there were any. */
async function removeBlockDevices(config: DrbdResourceConfig): Promise<boolean> {
  let had = false;
  for (const { number, device } of config.volumes) {
    const own = volumeDevice(config.name, number, device);
    had ||= hasBlockDevice(own);
    if (!(await detachBlockDevice(own)))
      throw heldOpen(config.name, `${device} is mounted or open`);
  }
  return had;
}

function stillWorking(resource: string): UserError {
  return new UserError(
    "HF2165",
    `${resource} still has unanswered requests after ${answerMs / 1000} s`,
    {
      exit: 11,
      remedy:
        "Its I/O stands still: drbdadm status tells why (suspended, a disk that hangs). Nothing was changed.",
    },
  );
}

export function heldOpen(resource: string, why: string): UserError {
  return new UserError("HF2140", "State change failed: (-12) Device is held open by someone", {
    exit: 11,
    remedy: `${why}: unmount it (fuser -vm), or stop the guest that uses ${resource} (its NBD clients: ss -xp).`,
  });
}
