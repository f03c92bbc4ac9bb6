/**
 * What a host that died can leave on the machine although all its processes are gone: its mount namespace, which
 * the lab keeps by a file, and loop devices, which are the machine's. Which of these were the host's is read
 * from the mounts in that namespace.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mustRun, runCommand } from "../machine/command.ts";
import { type LoopDevice, listLoops } from "../machine/loops.ts";
import { type Mount, parseMountInfo } from "../machine/mounts.ts";
import type { ProcessIdentity } from "../machine/process-identity.ts";
import { until } from "../machine/until.ts";
import { hostRoot, volumesDirectory } from "./host-root.ts";

export function namespaceDirectory(labDir: string): string {
  return path.join(labDir, "namespaces");
}

function mountNamespaceFile(labDir: string, host: string): string {
  return path.join(namespaceDirectory(labDir), `${host}.mnt`);
}

/** Namespace files can only be kept on a mount that is propagated to nobody. */
export async function makeNamespaceDirectory(labDir: string): Promise<void> {
  const dir = namespaceDirectory(labDir);
  mkdirSync(dir, { recursive: true });
  await mustRun(["mount", "--bind", dir, dir]);
  await mustRun(["mount", "--make-private", dir]);
}

/**
 * @returns false when the kernel refuses: it keeps a mount namespace only in one that has a lower number, and Linux
 * 6.18 gives numbers out by the processor on which a namespace is made.
 */
export async function pinMountNamespace(
  labDir: string,
  host: string,
  init: ProcessIdentity,
): Promise<boolean> {
  const file = mountNamespaceFile(labDir, host);
  writeFileSync(file, "");
  const { code } = await runCommand(["mount", "--bind", `/proc/${init.pid}/ns/mnt`, file]);
  return code === 0;
}

/** Detaches the host's loop devices and lets its mounts go. To be called when no process of it is left. */
export async function clearLeftovers(labDir: string, host: string): Promise<void> {
  const file = mountNamespaceFile(labDir, host);
  if (!isPinned(file)) return;
  const mounts = await mountsIn(file);
  const disks = { "/": hostRoot(labDir, host), "/dev/xenhostfs": volumesDirectory(labDir, host) };
  const loops = (await listLoops()).filter((loop) => belongsTo(loop, mounts, disks));
  await mustRun(["umount", file]);
  rmSync(file);
  for (const loop of loops) await runCommand(["losetup", "--detach", loop.device]);
  await awaitFreed(loops);
}

/**
 * One that is still in use by a file system that is just going, or at which somebody just looks, is freed by the kernel after
 * that. Not for ever: somebody on the machine may use it.
 */
async function awaitFreed(loops: readonly LoopDevice[]): Promise<void> {
  const isBound = (loop: LoopDevice): boolean =>
    existsSync(`/sys/block/${path.basename(loop.device)}/loop/backing_file`);
  await until(() => !loops.some(isBound), 10_000);
}

export function isPinned(file: string): boolean {
  if (!existsSync(file)) return false;
  const mounts = parseMountInfo(readFileSync("/proc/self/mountinfo", "utf8"));
  return mounts.some((mount) => mount.target === file);
}

/** The mounts of a namespace in which no process lives any more. */
async function mountsIn(namespaceFile: string): Promise<readonly Mount[]> {
  const script = "mount -t proc proc /proc && cat /proc/self/mountinfo";
  const argv = ["nsenter", `--mount=${namespaceFile}`, "sh", "-c", script];
  return parseMountInfo(await mustRun(argv));
}

/** @param disks where the host's own directories lie on the machine, by their paths on the host. */
export function belongsTo(
  loop: LoopDevice,
  mounts: readonly Mount[],
  disks: Readonly<Record<string, string>>,
): boolean {
  if (loop.backingDevice === "") {
    // The file system of the backing file has died, as FUSE does with its server: its path must do.
    const fuse = mounts.filter((mount) => mount.type.startsWith("fuse"));
    return fuse.some((mount) => loop.backingFile.startsWith(`${mount.target}/`));
  }
  const own = mounts.filter((mount) => mount.type === "tmpfs" || mount.type.startsWith("fuse"));
  if (own.some((mount) => mount.device === loop.backingDevice)) return true;
  return Object.entries(disks).some(([onHost, onMachine]) => {
    const file = path.join(onMachine, path.relative(onHost, loop.backingFile));
    return isSameFile(loop, file);
  });
}

function isSameFile(loop: LoopDevice, file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return false;
  // makedev(3) as glibc numbers devices.
  const major = Number((BigInt(found.dev) >> 8n) & 0xfffn);
  const minor = (found.dev & 0xff) | (Math.floor(found.dev / 4096) & 0xfff00);
  return `${major}:${minor}` === loop.backingDevice && String(found.ino) === loop.backingInode;
}
