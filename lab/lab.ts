/**
 * A lab: real hosts on one machine, each a set of namespaces with a disk directory of its own, on one LAN. What
 * Holdfast runs on them is what it runs on servers: the lab only makes, cuts, freezes and ends the hosts.
 *
 * Each function here is one command of `holdfast lab`, and is what tests and the demo call. They may be called by
 * several processes at once: a lock per lab puts them in order.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { UserError } from "../src/api/user-error.ts";
import { freezeHost, thawHost } from "./host/freeze.ts";
import { hostRoot, makeHostRoot } from "./host/host-root.ts";
import { makeNamespaceDirectory } from "./host/leftovers.ts";
import { awaitBooted, bootHost, killHost, onHost, powerOf } from "./host/power.ts";
import { checkLvm, makeVolumeGroup } from "./host/volume-group.ts";
import { checkMachine } from "./machine/check-machine.ts";
import { type CommandOptions, type CommandOutcome, runCommand } from "./machine/command.ts";
import { applyCuts, type Cut } from "./network/cuts.ts";
import { makeLan } from "./network/lan.ts";
import { startPdu } from "./pdu/start-pdu.ts";
import { withLabLock } from "./plan/lab-lock.ts";
import { hostName, hostsMax, isLabName, lanNamespace, namespaceFile } from "./plan/lab-names.ts";
import {
  defaultDirectory,
  findLab,
  hostOf,
  type LabState,
  readLab,
  registerLab,
  withHost,
  writeLab,
} from "./plan/lab-state.ts";
import { removeLab } from "./remove-lab.ts";
import { ensureSurroundings } from "./surroundings.ts";

/** A new host starts nothing at boot; this is for a machine that is very busy. */
const bootLimitMs = 120_000;

export type UpOptions = {
  readonly name: string;
  /** 1 to 8; two by default. */
  readonly hosts?: number;
  /** Where the hosts' disks lie; a directory that is not there yet, or is empty. */
  readonly dir?: string;
  readonly lvm?: boolean;
};

/** Makes a lab and boots its hosts. What was made before an error is removed again. */
export async function labUp(options: UpOptions): Promise<LabState> {
  const plan = planOf(options);
  checkMachine();
  if (plan.volumes === "lvm") checkLvm();
  return await withLabLock(plan.name, async () => {
    if (findLab(plan.name) !== undefined) {
      throw new UserError("HF7005", `a lab "${plan.name}" exists already`, {
        remedy: `\`holdfast lab down --name ${plan.name}\` removes it; another --name makes another.`,
      });
    }
    // Whatever a lab of this name has left behind without its state must not become part of the new one.
    await removeLab(plan.name);
    assertEmpty(plan.dir);
    // From here on whatever interrupts this, `lab down` finds the directory.
    registerLab(plan);
    mkdirSync(plan.dir, { recursive: true, mode: 0o700 });
    writeLab(plan);
    try {
      return await raise(plan);
    } catch (error) {
      await removeLab(plan.name);
      throw error;
    }
  });
}

/** Whether there is such a lab and nothing runs on any of its hosts: what is left of one after the machine's reboot. */
export function isLabOff(name: string): boolean {
  return findLab(name)?.hosts.every((host) => powerOf(host) === "off") ?? false;
}

/** Removes a lab and all that it made. No error when there is none of that name. */
export async function labDown(name: string): Promise<{ readonly existed: boolean }> {
  return await withLabLock(name, async () => ({ existed: await removeLab(name) }));
}

/** Power cut. @returns the moment of it, in ms of the machine's monotonic clock; undefined when it was off. */
export async function labKill(name: string, host: string): Promise<number | undefined> {
  let cutAtMs: number | undefined;
  await changeLab(name, async (state) => {
    const before = hostOf(state, host);
    const wasOff = powerOf(before) === "off";
    const killed = await killHost(state, before);
    if (!wasOff) cutAtMs = killed.cutAtMs;
    return withHost(state, killed.host);
  });
  return cutAtMs;
}

/** @returns false when the host was on already. */
export async function labBoot(name: string, host: string): Promise<boolean> {
  let booted = false;
  await changeLab(name, async (state) => {
    const before = hostOf(state, host);
    if (powerOf(before) !== "off") return state;
    booted = true;
    const whole = await ensureSurroundings(state);
    return withHost(whole, await bootHost(whole, before));
  });
  return booted;
}

export async function labCut(name: string, cut: Cut): Promise<void> {
  await changeLab(name, async (state) => {
    hostOf(state, cut.host);
    if (cut.from !== undefined && cut.from !== "client") hostOf(state, cut.from);
    const cuts = [...state.cuts, cut];
    await applyCuts(state.name, cuts);
    return { ...state, cuts };
  });
}

/** Undoes all cuts, or those of one host. */
export async function labHeal(name: string, host?: string): Promise<void> {
  await changeLab(name, async (state) => {
    if (host !== undefined) hostOf(state, host);
    const left = state.cuts.filter(
      (cut) => host !== undefined && cut.host !== host && cut.from !== host,
    );
    await applyCuts(state.name, left);
    return { ...state, cuts: left };
  });
}

export async function labFreeze(name: string, host: string): Promise<void> {
  await changeLab(name, async (state) => withHost(state, await freezeHost(hostOf(state, host))));
}

export async function labThaw(name: string, host: string): Promise<void> {
  await changeLab(name, async (state) => withHost(state, thawHost(hostOf(state, host))));
}

/** How a command is run on a host, for whoever spawns it. @throws UserError HF7007 when the host is off or frozen. */
export function commandOnHost(
  name: string,
  host: string,
  argv: readonly string[],
): readonly string[] {
  return onHost(hostOf(readLab(name), host), argv);
}

/** How a command is run as the LAN's client, which also has the management network. */
export function commandOnClient(name: string, argv: readonly string[]): readonly string[] {
  return ["nsenter", `--net=${namespaceFile(lanNamespace(readLab(name).name))}`, ...argv];
}

/** Runs a command on a host to its end. */
export async function runOnHost(
  name: string,
  host: string,
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandOutcome> {
  return await runCommand(commandOnHost(name, host, argv), options);
}

/** Writes a file on a host's disk, as a person would before the host is started. `file` is a path on the host. */
export function writeOnHost(
  name: string,
  host: string,
  file: { readonly path: string; readonly text: string; readonly mode?: number },
): void {
  const target = path.join(hostRoot(readLab(name).dir, host), file.path);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, file.text);
  chmodSync(target, file.mode ?? 0o644);
}

/** Reads a file of a host's disk, also when the host is off. /run, /tmp and /dev are no part of the disk. */
export function readOnHost(name: string, host: string, file: string): string {
  return readFileSync(path.join(hostRoot(readLab(name).dir, host), file), "utf8");
}

function planOf(options: UpOptions): LabState {
  const count = options.hosts ?? 2;
  if (!isLabName(options.name)) {
    throw new UserError("HF7009", `"${options.name}" cannot be the name of a lab`, {
      remedy: "Use small letters, digits and hyphens, at most 31.",
    });
  }
  if (!Number.isInteger(count) || count < 1 || count > hostsMax) {
    throw new UserError("HF7009", `a lab has 1 to ${hostsMax} hosts, not ${count}`);
  }
  const hosts = Array.from({ length: count }, (_, i) => ({ name: hostName(i + 1), number: i + 1 }));
  return {
    version: 1,
    name: options.name,
    dir: path.resolve(options.dir ?? defaultDirectory(options.name)),
    createdAt: Date.now(),
    volumes: options.lvm === true ? "lvm" : "files",
    hosts,
    cuts: [],
  };
}

function assertEmpty(dir: string): void {
  if (existsSync(dir) && readdirSync(dir).length > 0) {
    throw new UserError("HF7010", `${dir} is not empty, and no lab that exists uses it`, {
      remedy: "Remove it, or give another directory with --dir.",
    });
  }
}

async function raise(plan: LabState): Promise<LabState> {
  await Promise.all([
    makeLan(plan.name),
    makeNamespaceDirectory(plan.dir),
    ...plan.hosts.map((host) => makeHostRoot(plan.dir, host, plan.hosts)),
  ]);
  if (plan.volumes === "lvm") {
    for (const host of plan.hosts) await makeVolumeGroup(plan.name, plan.dir, host.name);
  }
  const [pdu, ...hosts] = await Promise.all([
    startPdu(plan),
    ...plan.hosts.map((host) => bootHost(plan, host)),
  ]);
  const state: LabState = { ...plan, hosts, pdu };
  writeLab(state);
  await Promise.all(hosts.map((host) => awaitBooted(host, bootLimitMs)));
  return state;
}

async function changeLab(
  name: string,
  change: (state: LabState) => Promise<LabState>,
): Promise<void> {
  await withLabLock(name, async () => writeLab(await change(readLab(name))));
}
