/**
 * What is known about a lab: one file in its directory, replaced as a whole, written before anything of what it
 * names is made. /run/holdfast-lab/NAME leads to the directory; after a reboot of the machine a lab in its usual
 * place is found without. What can be seen on the machine (whether a host is on, or frozen) is not kept here.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { UserError } from "../../src/api/user-error.ts";
import type { ProcessIdentity } from "../machine/process-identity.ts";
import type { Cut } from "../network/cuts.ts";
import { isLabName } from "./lab-names.ts";

export type LabHost = {
  readonly name: string;
  /** From 1: the last part of its addresses. */
  readonly number: number;
  /** The host's first process while it is on, as the machine sees it. */
  readonly init?: ProcessIdentity;
  /** Processes that were stopped already when the host was frozen: a thaw leaves them so. */
  readonly stoppedBefore?: readonly ProcessIdentity[];
};

export type LabState = {
  readonly version: 1;
  readonly name: string;
  readonly dir: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly volumes: "files" | "lvm";
  readonly hosts: readonly LabHost[];
  readonly cuts: readonly Cut[];
  readonly pdu?: ProcessIdentity;
};

const registry = "/run/holdfast-lab";
const defaultParent = "/var/lib/holdfast-lab";

export function defaultDirectory(name: string): string {
  return path.join(defaultParent, name);
}

function stateFile(dir: string): string {
  return path.join(dir, "lab.json");
}

/** Its folder may go at any moment, with the last lab. */
export function lockFile(name: string): string {
  try {
    mkdirSync(registry, { recursive: true, mode: 0o700 });
  } catch (error) {
    // It was there, and went before that could be seen.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return path.join(registry, `${name}.lock`);
}

/** Names of the labs that exist, sorted. */
export function labNames(): readonly string[] {
  const registered = filesOf(registry).filter((name) => isLabName(name));
  const inUsualPlace = filesOf(defaultParent).filter((name) => isInUsualPlace(name));
  return [...new Set([...registered, ...inUsualPlace])].sort();
}

function isInUsualPlace(name: string): boolean {
  return isLabName(name) && existsSync(stateFile(defaultDirectory(name)));
}

function filesOf(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** @throws UserError HF7004 when there is no lab of that name. */
export function readLab(name: string): LabState {
  const state = findLab(name);
  if (state !== undefined) return state;
  const others = labNames();
  const remedy =
    others.length > 0
      ? `Labs that exist: ${others.join(", ")} (choose one with --name).`
      : "`holdfast lab up` makes one.";
  throw new UserError("HF7004", `there is no lab "${name}"`, { remedy });
}

export function findLab(name: string): LabState | undefined {
  try {
    const dir = registeredDirectory(name);
    return dir === undefined
      ? undefined
      : (JSON.parse(readFileSync(stateFile(dir), "utf8")) as LabState);
  } catch {
    return undefined;
  }
}

export function writeLab(state: LabState): void {
  const file = stateFile(state.dir);
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function registerLab(state: LabState): void {
  mkdirSync(registry, { recursive: true, mode: 0o700 });
  rmSync(path.join(registry, state.name), { force: true });
  symlinkSync(state.dir, path.join(registry, state.name));
}

/** The directory of a lab, also when its state file has gone. */
export function registeredDirectory(name: string): string | undefined {
  try {
    return readlinkSync(path.join(registry, name));
  } catch {
    return isInUsualPlace(name) ? defaultDirectory(name) : undefined;
  }
}

export function unregisterLab(name: string): void {
  rmSync(path.join(registry, name), { force: true });
}

/** Removes the lock of a lab that is no more. */
export function removeLockOf(name: string): void {
  rmSync(path.join(registry, `${name}.lock`), { force: true });
}

/** What the labs of this machine share, and the last one takes away. */
export function sharedMark(name: string): string {
  return path.join(registry, `.${name}`);
}

/** Removes the folders that all labs share, if nothing is in them any more. */
export function removeSharedFolders(): void {
  removeIfEmpty(registry);
  removeIfEmpty(defaultParent);
}

/** Whether a lab is being made or changed by somebody at this moment. */
export function isAnyLocked(): boolean {
  return filesOf(registry).some((name) => name.endsWith(".lock"));
}

function removeIfEmpty(dir: string): void {
  try {
    rmdirSync(dir);
  } catch (error) {
    // Another lab may be made, or may be going, at the same time.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "ENOENT") throw error;
  }
}

export function hostOf(state: LabState, name: string): LabHost {
  const host = state.hosts.find((candidate) => candidate.name === name);
  if (host !== undefined) return host;
  const known = state.hosts.map((candidate) => candidate.name).join(", ");
  throw new UserError("HF7006", `the lab "${state.name}" has no host "${name}"`, {
    remedy: `Its hosts are ${known}.`,
  });
}

export function withHost(state: LabState, host: LabHost): LabState {
  return {
    ...state,
    hosts: state.hosts.map((other) => (other.name === host.name ? host : other)),
  };
}
