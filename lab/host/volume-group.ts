/**
 * A host's volumes as LVM's logical volumes, for `lab up --lvm`. The physical volume is a sparse file behind a loop
 * device; like a server's disk it outlives power cuts. Names of volume groups are the kernel's and thus the whole
 * machine's, so each host's is its own; on the host /dev/xenhostfs leads to it, and lvcreate works there.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../src/api/user-error.ts";
import { mustRun, runCommand } from "../machine/command.ts";
import { listLoops } from "../machine/loops.ts";
import { hostDirectory, hostRoot } from "./host-root.ts";

const sizeBytes = 64 * 2 ** 30;

/** Labs' names have hyphens and no underscores, so that no two hosts of the machine share a name. */
export function volumeGroupName(lab: string, host: string): string {
  return `xenhostfs_${lab.replaceAll("-", "_")}_${host}`;
}

/** @throws UserError HF7013 when the kernel has no device mapper, or LVM's programs are missing. */
export function checkLvm(): void {
  if (!existsSync("/dev/mapper/control")) spawnSync("modprobe", ["dm_mod"]);
  if (!existsSync("/dev/mapper/control")) {
    throw new UserError("HF7013", "this kernel has no device mapper (/dev/mapper/control)", {
      remedy: "Leave --lvm out: volumes are sparse files then.",
    });
  }
  if (spawnSync("lvm", ["version"]).status !== 0) {
    throw new UserError("HF7013", "LVM's programs are missing", {
      remedy: "apt-get install lvm2, or leave --lvm out: volumes are sparse files then.",
    });
  }
}

export async function makeVolumeGroup(lab: string, dir: string, host: string): Promise<void> {
  const file = diskFile(dir, host);
  writeFileSync(file, "", { mode: 0o600 });
  truncateSync(file, sizeBytes);
  const device = (await mustRun(["losetup", "--find", "--show", file])).trim();
  await mustRun(lvm(device, "vgcreate", volumeGroupName(lab, host), device));
  // What is typed on the host goes the same way, without udev, which no lab host has.
  const etc = path.join(hostRoot(dir, host), "etc/lvm");
  mkdirSync(etc, { recursive: true });
  writeFileSync(path.join(etc, "lvm.conf"), `${lvmConfig(device)}\n`);
}

/** The loop device under the host's volume group, from the machine's own list. */
export async function volumeDevice(dir: string, host: string): Promise<string | undefined> {
  const file = diskFile(dir, host);
  return (await listLoops()).find((loop) => loop.backingFile === file)?.device;
}

/** To be called when nothing of the host runs or is mounted any more; does nothing where there is no group. */
export async function removeVolumeGroup(lab: string, dir: string, host: string): Promise<void> {
  const device = await volumeDevice(dir, host);
  if (device === undefined) return;
  const group = volumeGroupName(lab, host);
  // Interrupted before vgcreate there is a device and no group: then this fails, and nothing hangs on it.
  await runCommand(lvm(device, "vgchange", "--activate", "n", group));
  await mustRun(["losetup", "--detach", device]);
}

export type LogicalVolume = { readonly name: string; readonly sizeBytes: number };

export function logicalVolumes(lab: string, host: string): readonly LogicalVolume[] {
  const group = volumeGroupName(lab, host);
  const config = lvmConfig("/dev/loop[0-9]+");
  const [command = "", ...args] = [
    ...["lvm", "lvs", "--config", config, "--noheadings", "--separator", " "],
    ...["--units", "b", "--nosuffix", "-o", "lv_name,lv_size", group],
  ];
  const { stdout } = spawnSync(command, args, { encoding: "utf8" });
  return parseLogicalVolumes(stdout ?? "");
}

export function parseLogicalVolumes(text: string): readonly LogicalVolume[] {
  return text
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words.length === 2)
    .map(([name = "", size]) => ({ name, sizeBytes: Number(size) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function diskFile(dir: string, host: string): string {
  return path.join(hostDirectory(dir, host), "disk.img");
}

function lvm(device: string, command: string, ...args: readonly string[]): readonly string[] {
  return ["lvm", command, "--config", lvmConfig(device), ...args];
}

/** Looks at one device only, so that no group of the machine's own, or of another host, is ever touched. */
export function lvmConfig(device: string): string {
  return [
    `devices { use_devicesfile=0 obtain_device_list_from_udev=0 external_device_info_source="none"`,
    ` global_filter=["a|^${device}$|","r|.*|"] }`,
    ` activation { udev_sync=0 udev_rules=0 monitoring=0 }`,
    ` global { use_lvmpolld=0 }`,
    ` backup { backup=0 archive=0 }`,
  ].join("");
}
