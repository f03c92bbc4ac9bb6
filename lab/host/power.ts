/**
 * A host's power. On: its namespaces, its mounts, its first process. A power cut first takes every cable out, so
 * that no packet tells the others of the end, and then ends all processes of the host at once, by its process
 * namespace. Its disks stay as its last write left them.
 */
import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Readable } from "node:stream";
import { UserError } from "../../src/api/user-error.ts";
import { heldOpen, lettingGo } from "../machine/command.ts";
import {
  isAlive,
  namespaceOf,
  type ProcessIdentity,
  processesIn,
  processesWithParent,
  readProcessStat,
  signalProcess,
} from "../machine/process-identity.ts";
import { allowedProcessors, processorNumbers } from "../machine/processors.ts";
import { until } from "../machine/until.ts";
import { plugIn, removeCards, removeNamespace, unplug } from "../network/lan.ts";
import { hostNamespace, namespaceFile } from "../plan/lab-names.ts";
import type { LabHost } from "../plan/lab-state.ts";
import { bootOver, hostDirectory, hostEnvironment, hostRoot, repository } from "./host-root.ts";
import { clearLeftovers, pinMountNamespace } from "./leftovers.ts";
import { volumeDevice, volumeGroupName } from "./volume-group.ts";

/** For processes that were killed; one that waits for a busy disk ends after that. */
export const endLimitMs = 60_000;

export type PowerState = "on" | "frozen" | "off";

export function powerOf(host: LabHost): PowerState {
  if (host.init === undefined || !isAlive(host.init)) return "off";
  return readProcessStat(host.init.pid)?.state === "T" ? "frozen" : "on";
}

export type LabPlace = {
  readonly name: string;
  readonly dir: string;
  readonly volumes: "files" | "lvm";
};

/** Starts a host that is off; done when its init runs. @throws UserError HF7016 with the console's last lines. */
export async function bootHost(lab: LabPlace, host: LabHost): Promise<LabHost> {
  await clearHost(lab, host);
  await plugIn(lab.name, host);
  // On the processor on which the lab's own namespace was made, a new one always has a higher number.
  for (const processor of [undefined, ...processorNumbers(allowedProcessors())]) {
    const init = await startInit(lab, host, processor);
    if (await pinMountNamespace(lab.dir, host.name, init)) {
      return { name: host.name, number: host.number, init };
    }
    await endAll(init, host.name);
  }
  throw new UserError("HF7016", `the kernel does not let the lab keep ${host.name}'s mounts`, {
    remedy: "Run the lab outside of containers, or on another kernel.",
  });
}

/** Until rc.boot has ended, or the limit: what a person then puts on the host's disk, this boot does not read. */
export async function awaitBooted(host: LabHost, limitMs: number): Promise<void> {
  await until(() => existsSync(`/proc/${host.init?.pid ?? 0}/root${bootOver}`), limitMs);
}

/**
 * Power cut. @returns the host as it is then, and the moment, in ms of the machine's monotonic clock, from which
 * nothing of it reached anyone.
 */
export async function killHost(
  lab: LabPlace,
  host: LabHost,
): Promise<{ readonly host: LabHost; readonly cutAtMs: number }> {
  await unplug(lab.name, host.name);
  const cutAtMs = Number(process.hrtime.bigint()) / 1e6;
  if (host.init !== undefined) await endAll(host.init, host.name);
  await clearHost(lab, host);
  return { host: { name: host.name, number: host.number }, cutAtMs };
}

/** Removes what a dead host has left on the machine. Harmless when there is nothing. */
async function clearHost(lab: LabPlace, host: LabHost): Promise<void> {
  await clearLeftovers(lab.dir, host.name);
  await removeCards(lab.name, host.name);
  await removeNamespace(hostNamespace(lab.name, host.name));
}

async function endAll(init: ProcessIdentity, host: string): Promise<void> {
  const namespace = namespaceOf(init.pid, "pid");
  // Only the host's own namespace may die with its init.
  if (namespace === undefined || namespace === namespaceOf(process.pid, "pid")) return;
  signalProcess(init, "SIGKILL");
  const gone = (): boolean =>
    !isAlive(init) &&
    processesIn("pid", namespace).length === 0 &&
    // Those who wait outside for a process inside (`lab run`) end with it, and hold its namespaces until then.
    processesIn("pid_for_children", namespace).length === 0;
  if (await until(gone, endLimitMs)) return;
  const left = processesIn("pid", namespace).join(", ");
  throw new UserError("HF7017", `processes of ${host} do not end: ${left}`, {
    remedy:
      "See /proc/PID/stack of each; a process that waits for a device ends when the device answers.",
  });
}

/** @param processor the one on which the host's namespaces are made; the host itself then runs on all. */
async function startInit(
  lab: LabPlace,
  host: LabHost,
  processor: number | undefined,
): Promise<ProcessIdentity> {
  const consoleFile = path.join(hostDirectory(lab.dir, host.name), "console.log");
  const log = openSync(consoleFile, "a", 0o600);
  const script = path.join(import.meta.dirname, "boot-host.sh");
  const child = spawn(
    "nsenter",
    [
      `--net=${namespaceFile(hostNamespace(lab.name, host.name))}`,
      // From here on whoever removes the lab finds it in the network namespace.
      ...lettingGo(4),
      ...(processor === undefined ? [] : ["taskset", "--cpu-list", String(processor)]),
      ..."unshare --mount --uts --ipc --pid --fork".split(" "),
      ...(processor === undefined ? [] : ["taskset", "--cpu-list", allowedProcessors()]),
      "sh",
      script,
      hostRoot(lab.dir, host.name),
      host.name,
      repository,
      ...(await volumeArguments(lab, host.name)),
    ],
    {
      detached: true,
      stdio: ["ignore", log, log, "pipe", heldOpen.getStore() ?? "ignore"],
      env: hostEnvironment,
      cwd: "/",
    },
  );
  closeSync(log);
  const news = child.stdio[3] as Readable;
  const ready = await new Promise<boolean>((resolve, reject) => {
    child.once("error", reject);
    news.once("data", () => resolve(true)).once("end", () => resolve(false));
  });
  news.destroy();
  child.unref();
  const init = ready && child.pid !== undefined ? childOf(child.pid) : undefined;
  if (init !== undefined) return init;
  const lines = readFileSync(consoleFile, "utf8").trim().split("\n").slice(-5).join("\n");
  throw new UserError("HF7016", `${host.name} does not boot:\n${lines}`, {
    remedy: `Its console is in ${consoleFile}.`,
  });
}

async function volumeArguments(lab: LabPlace, host: string): Promise<readonly string[]> {
  if (lab.volumes === "files") return [];
  const device = await volumeDevice(lab.dir, host);
  return device === undefined ? [] : [volumeGroupName(lab.name, host), device];
}

/** The host's init is the one child of the process that made its namespaces. */
function childOf(parent: number): ProcessIdentity | undefined {
  const [pid] = processesWithParent(parent);
  const stat = pid === undefined ? undefined : readProcessStat(pid);
  return stat === undefined ? undefined : { pid: stat.pid, startTicks: stat.startTicks };
}

/** How a command is run on a host that is on: in all its namespaces, with its environment. */
export function onHost(host: LabHost, argv: readonly string[]): readonly string[] {
  if (host.init === undefined || powerOf(host) === "off") {
    throw new UserError("HF7007", `${host.name} is off`, {
      remedy: `\`holdfast lab boot ${host.name}\` starts it.`,
    });
  }
  if (powerOf(host) === "frozen") {
    throw new UserError("HF7007", `${host.name} is frozen`, {
      remedy: `\`holdfast lab thaw ${host.name}\` lets it go on.`,
    });
  }
  const environment = Object.entries(hostEnvironment).map(([name, value]) => `${name}=${value}`);
  const enter = ["nsenter", "--target", String(host.init.pid), "--all", "--wdns=/root"];
  return [...enter, "env", "-i", ...environment, ...argv];
}
