/**
 * /run/netns, where ip(8) keeps network namespaces by name. ip makes it, a mount of its own, at its first use, and never
 * takes it away: where the labs were the first to use it, the last of them does.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mustRun, runCommand } from "../machine/command.ts";
import { parseMountInfo } from "../machine/mounts.ts";
import { namespaceFile } from "../plan/lab-names.ts";
import { isAnyLocked, labNames, sharedMark } from "../plan/lab-state.ts";

const folder = "/run/netns";
const mark = "namespace-folder";
const attemptsMax = 5;

/** To be used for every namespace that is made: notes whether the folder was there before the labs. */
export async function addNamespace(name: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    if (!isMounted()) writeFileSync(sharedMark(mark), "");
    const { code } = await runCommand(["ip", "netns", "add", name]);
    if (code === 0) return;
    // The last lab of others may have taken the folder away while ip was about to put the namespace there.
    if (attempt === attemptsMax || existsSync(namespaceFile(name))) break;
  }
  await mustRun(["ip", "netns", "add", name]);
}

/** To be called when a lab has gone. */
export async function removeNamespaceFolder(): Promise<void> {
  if (labNames().length > 0 || isAnyLocked() || !existsSync(sharedMark(mark))) return;
  rmSync(sharedMark(mark), { force: true });
  if (!isMounted() || readdirSync(folder).length > 0) return;
  // Both fail, and rightly, when somebody has just put a namespace there.
  const { code } = await runCommand(["umount", folder]);
  if (code === 0 && !isMounted()) await runCommand(["rmdir", folder]);
}

function isMounted(): boolean {
  const mounts = parseMountInfo(readFileSync("/proc/self/mountinfo", "utf8"));
  return mounts.some((mount) => mount.target === folder);
}
