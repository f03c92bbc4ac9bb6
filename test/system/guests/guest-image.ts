/**
 * A guest of a few megabytes for these tests: the lab's kernel, and an initramfs with busybox and the modules that the
 * machine needs. What it does it writes to its console, line by line:
 *
 *   UP <boot id>            once, when it is up
 *   tick <n>                five times a second, after <n> was written to /dev/vda and flushed
 *   POWER                   when its power button is pressed; then it shuts down
 *
 * `panic` on its kernel's command line makes it panic after the first tick.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cpioArchive, directoryMode, fileMode, programMode } from "../../../lab/guest/cpio.ts";
import { findGuestKernel, type GuestKernel } from "../../../lab/guest/guest-kernel.ts";
import { modulesFor } from "../../../lab/guest/kernel-modules.ts";
import { UserError } from "../../../src/api/user-error.ts";

export type GuestImage = { readonly kernel: string; readonly ramdisk: string };

const cache = path.resolve(import.meta.dirname, "../../../.cache/guest-tests");
const programs = ["/usr/bin/qemu-system-x86_64", "/usr/bin/busybox"];
const wantedModules = ["virtio_pci", "virtio_blk", "virtio_net", "button", "evdev", "pvpanic_pci"];

/** The image, or, as a sentence, why there is none. */
export function guestImage(): GuestImage | string {
  const missing = programs.find((program) => !existsSync(program));
  if (missing !== undefined) return `${missing} is missing`;
  try {
    const kernel = findGuestKernel();
    return { kernel: kernel.image, ramdisk: makeRamdisk(kernel) };
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

function makeRamdisk(kernel: GuestKernel): string {
  const modules = modulesFor(kernel.modulesDir, wantedModules);
  const list = modules.map(({ name }) => `${name}.ko\n`).join("");
  const archive = cpioArchive([
    ...["bin", "lib", "proc", "sys", "dev"].map((name) => ({ name, mode: directoryMode })),
    { name: "bin/busybox", mode: programMode, content: readFileSync("/usr/bin/busybox") },
    { name: "lib/list", mode: fileMode, content: Buffer.from(list) },
    ...modules.map(({ name, content }) => ({ name: `lib/${name}.ko`, mode: fileMode, content })),
    { name: "init", mode: programMode, content: Buffer.from(initScript) },
  ]);
  const file = path.join(cache, "initramfs");
  mkdirSync(cache, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, archive);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}

const initScript = `#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
while read m; do insmod /lib/$m; done < /lib/list
ip link set eth0 up 2>/dev/null
# The power button is one of the input devices, the keyboard another.
press() { dd if=$1 bs=24 count=1 >/dev/null 2>&1 && echo POWER && poweroff -f; }
for device in /dev/input/event*; do press $device & done
echo "UP $(cat /proc/sys/kernel/random/boot_id)"
n=0
while :; do
  n=$((n+1))
  if [ -b /dev/vda ]; then echo "$n" | dd of=/dev/vda bs=512 count=1 conv=sync,fsync 2>/dev/null || echo "write failed"; fi
  echo "tick $n"
  grep -q panic /proc/cmdline && echo c > /proc/sysrq-trigger
  usleep 200000
done
`;
