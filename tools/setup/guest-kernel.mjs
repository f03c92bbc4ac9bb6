/**
 * The kernel that lab guests boot: Debian's cloud kernel, downloaded and unpacked into .cache/guest-kernel/VERSION,
 * never installed. linux-image-cloud-amd64 only depends on the package with the files.
 */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { unpackPackage } from "./unpacked-package.mjs";

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
  unpackPackage(name, path.join(cache, "guest-kernel", version), cache, apt);
}
