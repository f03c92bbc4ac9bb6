/**
 * The kernel that guests boot, from Debian's cloud kernel package as the set-up has unpacked it into .cache, and
 * the initramfs that goes with it, made here.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { UserError } from "../../src/api/user-error.ts";
import { hostRoot, repository } from "../host/host-root.ts";
import { cpioArchive, directoryMode, fileMode, programMode } from "./cpio.ts";
import { modulesFor } from "./kernel-modules.ts";

export type GuestKernel = {
  /** For example "6.1.0-56-cloud-amd64". */
  readonly version: string;
  readonly image: string;
  readonly modulesDir: string;
};

/**
 * On the command line of a guest that is tested and not shown: under emulation the kernel's own tests of its ciphers, and
 * its messages on the serial line, are a third of a boot.
 */
export const quickBoot = "quiet cryptomgr.notests";

/** @throws UserError HF7014 when the set-up has not fetched a kernel. */
export function findGuestKernel(cache: string = path.join(repository, ".cache")): GuestKernel {
  const kernels = path.join(cache, "guest-kernel");
  const versions = existsSync(kernels) ? readdirSync(kernels).sort(byNumbers) : [];
  for (const version of versions.reverse()) {
    const image = path.join(kernels, version, "boot", `vmlinuz-${version}`);
    const modulesDir = [path.join("lib/modules", version), path.join("usr/lib/modules", version)]
      .map((dir) => path.join(kernels, version, dir))
      .find((dir) => existsSync(dir));
    if (existsSync(image) && modulesDir !== undefined) return { version, image, modulesDir };
  }
  throw new UserError("HF7014", `there is no kernel for guests in ${kernels}`, {
    remedy: "`node tools/run.mjs setup` fetches it.",
  });
}

/** 6.1.0-9 comes before 6.1.0-56. */
const byNumbers: (a: string, b: string) => number = new Intl.Collator("en", { numeric: true })
  .compare;

/** What a virtio guest under QEMU's q35 needs; power button and its events are for an orderly shutdown. */
const wantedModules = ["virtio_pci", "virtio_blk", "virtio_net", "ext4", "button", "evdev"];

/** @param busybox a statically linked one. Not compressed: under emulation unpacking costs more than copying. */
function buildInitramfs(kernel: GuestKernel, busybox = "/usr/bin/busybox"): Uint8Array {
  const modules = modulesFor(kernel.modulesDir, wantedModules);
  const order = modules.map((module) => `${module.name}.ko\n`).join("");
  return cpioArchive([
    { name: "bin", mode: directoryMode },
    { name: "bin/busybox", mode: programMode, content: readFileSync(busybox) },
    { name: "modules", mode: directoryMode },
    { name: "modules/order", mode: fileMode, content: new TextEncoder().encode(order) },
    ...modules.map(({ name, content }) => ({
      name: `modules/${name}.ko`,
      mode: fileMode,
      content,
    })),
    {
      name: "init",
      mode: programMode,
      content: readFileSync(path.join(import.meta.dirname, "initramfs-init")),
    },
  ]);
}

/** Puts kernel and initramfs where a domain file names them, on a host's own disk. */
export function placeGuestKernel(
  labDir: string,
  host: string,
  paths: { readonly kernel: string; readonly ramdisk: string },
): GuestKernel {
  const found = findGuestKernel();
  const root = hostRoot(labDir, host);
  for (const file of [paths.kernel, paths.ramdisk]) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  }
  copyFileSync(found.image, path.join(root, paths.kernel));
  writeFileSync(path.join(root, paths.ramdisk), buildInitramfs(found));
  return found;
}
