/** GuestDriver for QEMU: a guest is a process of its own, found by its command line and asked by QMP. */
import { err, ok, type Result } from "../../base/result.ts";
import type { GuestDriver, MigrationOffer } from "../guest/guest-driver.ts";
import { buildHere } from "./machine-build.ts";
import { lastLine, launchQemu } from "./qemu-launch.ts";
import type { QemuContext, QemuPorts, QemuSettings } from "./qemu-ports.ts";
import { endQemu, isQemuKilled, qemuProcesses } from "./qemu-process.ts";
import { receiveMemory, releaseMemory } from "./qemu-receive.ts";
import { sendMemory } from "./qemu-send.ts";
import { settleMigration } from "./qemu-settle.ts";
import { qemuState, runState } from "./qemu-status.ts";
import { withQmp } from "./qmp-use.ts";
import { runPaths } from "./run-paths.ts";
import { readRunRecord } from "./run-record.ts";

const answerLimitMs = 10_000;

export function qemuDriver(options: QemuPorts & QemuSettings): GuestDriver {
  const context: QemuContext = { ...options, heldQmp: new Map(), lastSeen: new Map() };
  return {
    name: "QEMU",
    state: (guest, limitMs) => qemuState(context, guest, limitMs),
    isGone: (guest) => qemuProcesses(context, guest).length === 0,
    isKilled: (guest) => isQemuKilled(context, guest),
    known: async (guest) => {
      const record = await readRunRecord(
        context.files,
        runPaths(context.directories, guest).record,
      );
      return record.ok ? record.value?.guest : undefined;
    },
    create: async (guest, stop) => {
      const build = await buildHere(context, guest);
      if (!build.ok) return build;
      return await launchQemu(context, { guest, build: build.value, arriving: false, stop });
    },
    prepare: async (guest) => {
      await buildHere(context, guest);
    },
    resume: (guest) => resume(context, guest),
    askShutdown: (guest) => askShutdown(context, guest),
    destroy: (guest, limit) => endQemu(context, guest, limit),
    lastWords: async (guest) => {
      const log = await context.files.read(runPaths(context.directories, guest).qemuLog);
      return log === undefined || log === "" ? undefined : lastLine(log);
    },
    migration: {
      offer: (guest) => offerMemory(context, guest),
      receive: (offer, terms) => receiveMemory(context, offer, terms),
      send: (guest, at, control) => sendMemory(context, guest, at, control),
      release: (guest) => releaseMemory(context, guest),
      settle: (guest, limitMs) => settleMigration(context, guest, limitMs),
    },
  };
}

async function resume(context: QemuContext, guest: string): Promise<Result<void>> {
  const asked = await withQmp(context, guest, answerLimitMs, async (client) => {
    const status = runState(await client.execute("query-status"));
    // Safety: nothing but a failed disk; what a migration halted must not execute.
    if (status !== "io-error") return err(`${guest} is not paused by its disk (${status})`);
    const went = await client.execute("cont");
    return went.ok ? ok(undefined) : err(went.error.description);
  });
  return asked.ok ? asked.value : asked;
}

async function askShutdown(context: QemuContext, guest: string): Promise<Result<void>> {
  const asked = await withQmp(context, guest, answerLimitMs, async (client) => {
    const status = runState(await client.execute("query-status"));
    if (status === "paused") await client.execute("cont");
    return await client.execute("system_powerdown");
  });
  if (!asked.ok) return asked;
  return asked.value.ok ? ok(undefined) : err(asked.value.error.description);
}

async function offerMemory(context: QemuContext, guest: string): Promise<Result<MigrationOffer>> {
  const record = await readRunRecord(context.files, runPaths(context.directories, guest).record);
  if (!record.ok) return record;
  if (record.value === undefined) return err(`how ${guest} was started is not known any more`);
  return ok({ guest: record.value.guest, machine: { ...record.value.build } });
}
