/**
 * A guest of a few megabytes for these tests: Debian's cloud kernel, unpacked into .cache/, and an initramfs with
 * busybox and the modules that the machine needs. What it does it writes to its console, line by line:
 *
 *   UP <boot id>            once, when it is up
 *   tick <n>                five times a second, after <n> was written to /dev/vda and flushed
 *   POWER                   when its power button is pressed; then it shuts down
 *
 * Words on its kernel's command line: `deaf` ignores the power button, `panic` panics after the first tick.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export type GuestImage = { readonly kernel: string; readonly ramdisk: string };

const cache = path.resolve(import.meta.dirname, "../../../.cache/guest-tests");
const busybox = "/bin/busybox";
const wantedModules = ["virtio_pci", "virtio_blk", "virtio_net", "button", "evdev", "pvpanic-pci"];

/** The image, or, as a sentence, why there is none. */
export function guestImage(): GuestImage | string {
  for (const program of ["qemu-system-x86_64", busybox, "cpio", "dpkg-deb", "gzip"])
    if (spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0)
      return `${program} is missing`;
  const tree = kernelTree();
  if (tree === undefined) return "the package linux-image-cloud-amd64 can't be had";
  const release = readdirSync(path.join(tree, "lib/modules"))[0] as string;
  const image = {
    kernel: path.join(tree, "boot", `vmlinuz-${release}`),
    ramdisk: path.join(cache, `initrd-${initVersion}-${release}.gz`),
  };
  if (!existsSync(image.ramdisk))
    makeRamdisk(path.join(tree, "lib/modules", release), image.ramdisk);
  return image;
}

function kernelTree(): string | undefined {
  const tree = path.join(cache, "kernel");
  if (existsSync(tree)) return tree;
  mkdirSync(cache, { recursive: true });
  const depends = spawnSync("apt-cache", ["depends", "linux-image-cloud-amd64"], {
    encoding: "utf8",
  });
  const name = /linux-image-\d\S*/.exec(depends.stdout ?? "")?.[0];
  if (name === undefined) return undefined;
  const work = mkdtempSync(path.join(cache, "download-"));
  try {
    if (spawnSync("apt-get", ["download", name], { cwd: work }).status !== 0) return undefined;
    const archive = readdirSync(work)[0] as string;
    execFileSync("dpkg-deb", ["-x", path.join(work, archive), path.join(work, "tree")]);
    renameSync(path.join(work, "tree"), tree);
    return tree;
  } finally {
    rmSync(work, { recursive: true });
  }
}

function makeRamdisk(modules: string, target: string): void {
  const root = mkdtempSync(path.join(tmpdir(), "holdfast-initrd-"));
  try {
    for (const directory of ["bin", "lib", "proc", "sys", "dev"])
      mkdirSync(path.join(root, directory));
    execFileSync("cp", [busybox, path.join(root, "bin/busybox")]);
    execFileSync("ln", ["-s", "busybox", path.join(root, "bin/sh")]);
    const files = [...new Set(wantedModules.flatMap((name) => moduleWithNeeds(modules, name)))];
    for (const file of files) execFileSync("cp", [file, path.join(root, "lib")]);
    writeFileSync(
      path.join(root, "lib/list"),
      files.map((file) => `${path.basename(file)}\n`).join(""),
    );
    writeFileSync(path.join(root, "init"), initScript, { mode: 0o755 });
    const unfinished = `${target}.${process.pid}`;
    const pack = `find . | cpio --quiet -o -H newc -R 0:0 | gzip -1 > "${unfinished}"`;
    execFileSync("sh", ["-c", pack], { cwd: root });
    renameSync(unfinished, target);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** The module's file after those of the modules that it needs. */
function moduleWithNeeds(modules: string, name: string): readonly string[] {
  const pattern = new RegExp(`(^|/)${name.replace(/[-_]/g, "[-_]")}\\.ko$`);
  const found = readdirSync(modules, { recursive: true, encoding: "utf8" }).find((file) =>
    pattern.test(file),
  );
  if (found === undefined) return []; // built in
  const file = path.join(modules, found);
  const strings = execFileSync(busybox, ["strings", file], {
    encoding: "latin1",
    maxBuffer: 1 << 26,
  });
  const needs = /^depends=(.+)$/m.exec(strings)?.[1]?.split(",") ?? [];
  return [...needs.flatMap((each) => moduleWithNeeds(modules, each)), file];
}

const initVersion = 2;
const initScript = `#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
while read m; do insmod /lib/$m; done < /lib/list
ip link set eth0 up 2>/dev/null
# The power button is one of the input devices, the keyboard another.
press() { dd if=$1 bs=24 count=1 >/dev/null 2>&1 && echo POWER && poweroff -f; }
grep -q deaf /proc/cmdline || for device in /dev/input/event*; do press $device & done
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
