/**
 * Takes a lab away, whatever state it is in: also one whose making, or removal, was interrupted, and one whose state
 * file has gone. Each step finds what it removes on the machine, and does nothing where there is nothing.
 */
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import path from "node:path";
import { UserError } from "../src/api/user-error.ts";
import { clearLeftovers, isPinned, namespaceDirectory } from "./host/leftovers.ts";
import { endLimitMs } from "./host/power.ts";
import { removeVolumeGroup } from "./host/volume-group.ts";
import { mustRun } from "./machine/command.ts";
import { parseMountInfo } from "./machine/mounts.ts";
import {
  commandLineOf,
  namespaceOf,
  processesIn,
  readProcessStat,
  signalProcess,
} from "./machine/process-identity.ts";
import { until } from "./machine/until.ts";
import { namespacesOf, removeNamespace } from "./network/lan.ts";
import { namespaceFile } from "./plan/lab-names.ts";
import { registeredDirectory, unregisterLab } from "./plan/lab-state.ts";

/** @returns whether there was anything to remove. */
export async function removeLab(name: string): Promise<boolean> {
  const dir = registeredDirectory(name);
  const namespaces = await namespacesOf(name);
  await Promise.all(namespaces.map((namespace) => endProcessesOf(namespace)));
  if (dir !== undefined) await removeDirectory(name, dir);
  for (const namespace of namespaces) await removeNamespace(namespace);
  unregisterLab(name);
  return dir !== undefined || namespaces.length > 0;
}

/** Every process of a lab lives in one of its network namespaces. */
async function endProcessesOf(namespaceName: string): Promise<void> {
  const file = namespaceFile(namespaceName);
  // Safety: a file that is no namespace of its own would name ours.
  const probe = await mustRun(["nsenter", `--net=${file}`, "readlink", "/proc/self/ns/net"]);
  const namespace = probe.trim();
  if (namespace === "" || namespace === namespaceOf(process.pid, "net")) return;
  const kill = (): boolean => {
    const left = processesIn("net", namespace);
    for (const pid of left) {
      const stat = readProcessStat(pid);
      if (stat !== undefined && stat.state !== "Z") signalProcess(stat, "SIGKILL");
    }
    return left.filter((pid) => readProcessStat(pid)?.state !== "Z").length === 0;
  };
  if (await until(kill, endLimitMs)) return;
  const left = processesIn("net", namespace).map((pid) => `${pid} (${commandLineOf(pid)})`);
  throw new UserError("HF7017", `processes of the lab do not end: ${left.join(", ")}`, {
    remedy: "See /proc/PID/stack of each; then try `holdfast lab down` again.",
  });
}

async function removeDirectory(lab: string, dir: string): Promise<void> {
  const hosts = path.join(dir, "hosts");
  const names = existsSync(hosts) ? readdirSync(hosts) : [];
  for (const host of names) {
    await clearLeftovers(dir, host);
    await removeVolumeGroup(lab, dir, host);
  }
  const pins = namespaceDirectory(dir);
  while (isPinned(pins)) await mustRun(["umount", pins]);
  // Safety: what is mounted below would be emptied with the directory.
  const mounted = parseMountInfo(readFileSync("/proc/self/mountinfo", "utf8")).filter((mount) =>
    `${mount.target}/`.startsWith(`${dir}/`),
  );
  if (mounted.length > 0) {
    const targets = mounted.map((mount) => mount.target).join(", ");
    throw new UserError("HF7010", `${dir} cannot be removed: something is mounted on ${targets}`, {
      remedy: `Unmount it (umount ${targets}), then try again.`,
    });
  }
  // Only what a lab makes: files that a person put there stay, and the directory with them.
  for (const name of ["hosts", "namespaces", "log", "lab.json", "lab.json.new"]) {
    rmSync(path.join(dir, name), { recursive: true, force: true });
  }
  if (existsSync(dir) && readdirSync(dir).length === 0) rmdirSync(dir);
}
