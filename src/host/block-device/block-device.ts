/**
 * A block device for people (mkfs, mount, fsck) over a volume's NBD export: nbdfuse makes it a file, the file is bound
 * to a loop device, and /dev/drbdN is a symbolic link to that. Guests use the export itself and none of this.
 */
import { lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../api/user-error.ts";
import { isMounted, isMountedFrom, mountExport, unmountExport } from "./fuse-mount.ts";
import { attachLoop, detachLoop, flushLoop, loopBackingFile } from "./loop-device.ts";

/**
 * How long one who merely looks at the device may hold it open: udev does after each who wrote to it, `losetup --list` and
 * blkid do with all devices of the machine.
 */
const glanceMs = 1000;
const lookAgainMs = 20;

export type BlockDevice = {
  /** /dev/drbd0: what people call it. */
  readonly device: string;
  /** Where its parts are kept: the directory of the FUSE mount. */
  readonly directory: string;
  readonly socketPath: string;
  readonly exportName: string;
  readonly log: string;
};

/**
 * Makes the device, unless it is there. One that a disk server's crash has left without an export is replaced.
 * @throws UserError when it cannot be made; then nothing is left of it.
 */
export async function attachBlockDevice(wanted: BlockDevice): Promise<void> {
  if (await isAlive(wanted)) return;
  if (!(await removeBlockDevice(wanted)))
    throw new UserError("HF2133", `${wanted.device} is in use and its disk server is gone`, {
      remedy: `Unmount ${wanted.device} and end those who use it, then try again.`,
    });
  const file = await mountExport(wanted);
  try {
    const loop = attachLoop(file);
    mkdirSync(path.dirname(wanted.device), { recursive: true });
    symlinkSync(loop, wanted.device);
  } catch (cause) {
    await removeBlockDevice(wanted);
    throw new UserError("HF2133", `${wanted.device} cannot be made: ${(cause as Error).message}`, {
      remedy: "Is /dev/loop-control there, and the loop module loaded (modprobe loop)?",
      cause,
    });
  }
}

/**
 * Removes the device, after everything written to it has reached the volume.
 * @returns false, and nothing is changed, when someone has it open or mounted. True also when there is none.
 * @throws UserError HF2134 when what was written cannot reach the volume; the device is still there.
 */
export async function detachBlockDevice(wanted: BlockDevice): Promise<boolean> {
  const loop = loopOf(wanted);
  if (loop !== undefined) {
    try {
      await flushLoop(loop);
    } catch (cause) {
      throw new UserError(
        "HF2134",
        `what was written to ${wanted.device} cannot reach its volume`,
        {
          remedy: "See drbdadm status and the disk server's log; the device is left as it is.",
          cause,
        },
      );
    }
  }
  return removeBlockDevice(wanted);
}

/**
 * Removes the device as it is: what it holds and the volume does not have is lost.
 * @returns false, and nothing is changed, when someone has it open or mounted.
 */
export async function removeBlockDevice(wanted: BlockDevice): Promise<boolean> {
  const loop = loopOf(wanted);
  if (loop !== undefined && !(await detachUnused(loop))) return false;
  // Only links to loop devices are ours, also those whose loop device was freed by another.
  if (linkedLoop(wanted) !== undefined) rmSync(wanted.device, { force: true });
  await unmountExport(wanted.directory);
  return true;
}

/** Whether there is a device, or anything of one. */
export function hasBlockDevice(wanted: BlockDevice): boolean {
  return loopOf(wanted) !== undefined || isMounted(wanted.directory);
}

/** @returns false when it is mounted, or open for longer than a glance. */
async function detachUnused(loop: string): Promise<boolean> {
  const end = performance.now() + glanceMs;
  while (!(await detachLoop(loop))) {
    if (isMountedFrom(loop) || performance.now() >= end) return false;
    await sleep(lookAgainMs);
  }
  return true;
}

/** Whether the device is there and its writes reach the volume. */
async function isAlive(wanted: BlockDevice): Promise<boolean> {
  const loop = loopOf(wanted);
  if (loop === undefined || !isMounted(wanted.directory)) return false;
  try {
    await flushLoop(loop);
    return true;
  } catch {
    return false;
  }
}

/** The loop device that is bound to this volume's file, if the link points to one. */
function loopOf(wanted: BlockDevice): string | undefined {
  const target = linkedLoop(wanted);
  if (target === undefined) return undefined;
  const file = loopBackingFile(target);
  // The kernel names the file as seen from the mount namespace's root, or, unmounted, from the mount's own.
  return file === path.join(wanted.directory, "nbd") || file === "/nbd" ? target : undefined;
}

function linkedLoop(wanted: BlockDevice): string | undefined {
  try {
    if (!lstatSync(wanted.device).isSymbolicLink()) return undefined;
    const target = readlinkSync(wanted.device);
    return /^\/dev\/loop\d+$/.test(target) ? target : undefined;
  } catch {
    return undefined;
  }
}
