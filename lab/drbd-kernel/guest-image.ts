/** The initramfs of a guest that has the kernel's DRBD: its modules, drbd-utils and busybox, and no disk of its own. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import {
  type ArchiveEntry,
  cpioArchive,
  directoryMode,
  fileMode,
  programMode,
} from "../guest/cpio.ts";
import type { GuestKernel } from "../guest/guest-kernel.ts";
import { modulesFor } from "../guest/kernel-modules.ts";
import { mustRun } from "../machine/command.ts";

const wantedModules = [
  "virtio_pci",
  "virtio_blk",
  "virtio_net",
  "crc32c_intel",
  "sha512_generic",
  "drbd",
];

/** Programs of this machine, at the same place in the guest. The first three call the last two for an 8.4 module. */
const drbdPrograms = [
  "/sbin/drbdadm",
  "/sbin/drbdsetup",
  "/sbin/drbdmeta",
  "/lib/drbd/drbdadm-84",
  "/lib/drbd/drbdsetup-84",
];
/** util-linux's: busybox's cannot write zeroes. */
const blkdiscard = "/sbin/blkdiscard";
const busybox = "/usr/bin/busybox";

/** False where all programs are there that the guest is made of, else a sentence. */
export function guestImageLacks(): string | false {
  const missing = [...drbdPrograms, blkdiscard, busybox].filter((file) => !existsSync(file));
  return missing.length === 0 ? false : `the DRBD guest needs ${missing.join(", ")}`;
}

/** Not compressed: under emulation unpacking costs more than copying. */
export async function drbdGuestImage(kernel: GuestKernel): Promise<Uint8Array> {
  const modules = modulesFor(kernel.modulesDir, wantedModules);
  const order = modules.map((module) => `${module.name}.ko\n`).join("");
  const files: ArchiveEntry[] = [
    program("/init", path.join(import.meta.dirname, "guest-init")),
    program("/bin/busybox", busybox),
    ...[...drbdPrograms, blkdiscard].map((file) => program(file, file)),
    ...(await librariesOf([...drbdPrograms, blkdiscard])).map((file) => program(file, file)),
    text("/modules/order", order),
    ...modules.map(({ name, content }) => ({
      name: `modules/${name}.ko`,
      mode: fileMode,
      content,
    })),
    text("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"),
    text("/etc/group", "root:x:0:\nhaclient:x:99:\n"),
  ];
  const empty = ["dev", "proc", "sys", "run", "tmp", "var/lib/drbd", "var/lock", "var/run/drbd"];
  return cpioArchive([
    ...directoriesOf([...files, ...empty.map((dir) => text(`${dir}/x`, ""))]),
    ...files,
  ]);
}

/** The shared libraries that programs are linked with, and the loader, as ldd(1) lists them. */
async function librariesOf(programs: readonly string[]): Promise<readonly string[]> {
  const listing = await mustRun(["ldd", ...programs]);
  const found = new Set<string>();
  for (const line of listing.split("\n")) {
    const file = /(?:=> )?(\/\S+) \(0x/.exec(line)?.[1];
    if (file !== undefined) found.add(file);
  }
  return [...found].sort();
}

/** All directories above files, the upper ones first. */
function directoriesOf(files: readonly ArchiveEntry[]): readonly ArchiveEntry[] {
  const names = new Set<string>();
  for (const { name } of files) {
    const parts = name.split("/").slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) names.add(parts.slice(0, depth).join("/"));
  }
  return [...names].sort().map((name) => ({ name, mode: directoryMode }));
}

function program(place: string, file: string): ArchiveEntry {
  return { name: place.slice(1), mode: programMode, content: readFileSync(file) };
}

function text(place: string, content: string): ArchiveEntry {
  const name = place.startsWith("/") ? place.slice(1) : place;
  return { name, mode: fileMode, content: new TextEncoder().encode(content) };
}
