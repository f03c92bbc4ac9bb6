/**
 * Freezing a host: SIGSTOP to its processes, as when a machine hangs and later goes on as if nothing had happened.
 * The outside must not hang with it, and loop devices are the machine's: where a host serves the file behind one
 * itself (/dev/drbdN through FUSE), a mounted file system or dirty pages on it would stop every sync(2), and the mere
 * listing of loop devices asks the FUSE server. So freezing first writes out what is dirty there, refuses
 * while such a file system is mounted, and lets FUSE servers run: all they can do is to ask the frozen disk server.
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { UserError } from "../../src/api/user-error.ts";
import { mustRun } from "../machine/command.ts";
import { listLoops } from "../machine/loops.ts";
import { parseMountInfo } from "../machine/mounts.ts";
import {
  isAlive,
  namespaceOf,
  type ProcessIdentity,
  processesIn,
  readProcessStat,
  signalProcess,
} from "../machine/process-identity.ts";
import { until } from "../machine/until.ts";
import type { LabHost } from "../plan/lab-state.ts";
import { powerOf } from "./power.ts";

/** New processes may appear while the others are being stopped, and on a busy machine one stops when it is its turn. */
const stopLimitMs = 30_000;
/** One that waits for a device stops when the device answers: never, if that is served by a host that is frozen. */
const deviceLimitMs = 300;

export async function freezeHost(host: LabHost): Promise<LabHost> {
  const init = initOf(host);
  if (powerOf(host) === "frozen") return host;
  await settleOwnBlockDevices(init, host.name);
  const stoppedBefore = processesOf(init).filter((one) => one.state === "T");
  // Safety: also one that waits for a device gets its signal: it must do nothing more when the device has answered.
  const left = (states: string): number => {
    const running = processesOf(init).filter(({ state }) => !["T", "Z"].includes(state));
    const stopping = running.filter(({ pid }) => !servesFuse(pid));
    for (const one of stopping) signalProcess(one, "SIGSTOP");
    return stopping.filter(({ state }) => !states.includes(state)).length;
  };
  await until(() => left("D") === 0, stopLimitMs);
  await until(() => left("") === 0, deviceLimitMs);
  return { ...host, stoppedBefore: stoppedBefore.map(identity) };
}

export function thawHost(host: LabHost): LabHost {
  const init = initOf(host);
  const before = new Set((host.stoppedBefore ?? []).map((one) => `${one.pid} ${one.startTicks}`));
  // One that still waits for a device would stop when it has its answer.
  const stopped = processesOf(init).filter((one) => ["T", "D"].includes(one.state));
  for (const one of stopped) {
    if (!before.has(`${one.pid} ${one.startTicks}`)) signalProcess(one, "SIGCONT");
  }
  // nsenter(1) stops itself when its child is stopped, and stands outside.
  const namespace = namespaceOf(init.pid, "pid");
  if (namespace !== undefined) {
    for (const pid of processesIn("pid_for_children", namespace)) {
      if (namespaceOf(pid, "pid") === namespace) continue;
      const stat = readProcessStat(pid);
      if (stat?.state === "T") signalProcess(stat, "SIGCONT");
    }
  }
  return { name: host.name, number: host.number, init };
}

function initOf(host: LabHost): ProcessIdentity {
  if (host.init !== undefined && isAlive(host.init)) return host.init;
  throw new UserError("HF7007", `${host.name} is off`, {
    remedy: `\`holdfast lab boot ${host.name}\` starts it.`,
  });
}

function processesOf(init: ProcessIdentity): readonly (ProcessIdentity & { state: string })[] {
  const namespace = namespaceOf(init.pid, "pid");
  if (namespace === undefined) return [];
  return processesIn("pid", namespace)
    .map((pid) => readProcessStat(pid))
    .filter((stat) => stat !== undefined);
}

function servesFuse(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some(
      (fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === "/dev/fuse",
    );
  } catch {
    return false;
  }
}

function identity(one: ProcessIdentity): ProcessIdentity {
  return { pid: one.pid, startTicks: one.startTicks };
}

async function settleOwnBlockDevices(init: ProcessIdentity, host: string): Promise<void> {
  const mounts = parseMountInfo(readFileSync(`/proc/${init.pid}/mountinfo`, "utf8"));
  const fuse = mounts.filter((mount) => mount.type.startsWith("fuse"));
  const served = (await listLoops()).filter((loop) =>
    fuse.some((mount) => mount.device === loop.backingDevice),
  );
  for (const loop of served) {
    const mounted = mounts.find((mount) => mount.source === loop.device);
    if (mounted !== undefined) {
      const message = `${host} cannot be frozen while ${loop.device}, which it serves itself, is mounted on ${mounted.target}`;
      throw new UserError("HF7012", message, {
        remedy: `Every sync on this machine would hang with it. Unmount it first: holdfast lab run ${host} -- umount ${mounted.target}`,
      });
    }
    await mustRun(["blockdev", "--flushbufs", loop.device], { timeoutMs: 20_000 });
  }
}
