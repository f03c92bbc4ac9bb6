/**
 * The kernel that lab guests boot: Debian's cloud kernel, downloaded and unpacked into .cache/guest-kernel/VERSION,
 * never installed. linux-image-cloud-amd64 only depends on the package with the files.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";

const metaPackage = "linux-image-cloud-amd64";

/** @returns the versions that are there. */
export function guestKernels(cache) {
  const dir = path.join(cache, "guest-kernel");
  if (!existsSync(dir)) return [];
  return readdirSync(dir).filter((version) =>
    existsSync(path.join(dir, version, "boot", `vmlinuz-${version}`)),
  );
}

/** @returns the name of the package with the kernel's files, or undefined where the archive has none. */
export function kernelPackage(apt) {
  const find = () => apt.dependsOf(metaPackage).find((name) => name.startsWith("linux-image-"));
  const known = find();
  if (known !== undefined) return known;
  apt.update();
  return find();
}

export function fetchGuestKernel(name, cache, apt) {
  const version = name.replace("linux-image-", "");
  const target = path.join(cache, "guest-kernel", version);
  const work = path.join(cache, `guest-kernel.${process.pid}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    apt.download(name, work);
    const archive = readdirSync(work).find((file) => file.endsWith(".deb"));
    if (archive === undefined) throw new Error(`apt-get download ${name} left no package`);
    apt.unpack(path.join(work, archive), path.join(work, "tree"));
    mkdirSync(path.dirname(target), { recursive: true });
    rmSync(target, { recursive: true, force: true });
    // Whole or not at all: who looks for a kernel never sees half of one.
    renameSync(path.join(work, "tree"), target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
