/**
 * Which process is meant: process ids are used again, so each goes with its start time. Everything here is read
 * from /proc, where a process may vanish between two reads: that is an answer, not an error.
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export type ProcessIdentity = {
  readonly pid: number;
  /** Clock ticks since the machine's boot, field 22 of /proc/PID/stat (proc(5)). */
  readonly startTicks: number;
};

export type ProcessStat = ProcessIdentity & {
  readonly parent: number;
  /** R, S, D, T (stopped), Z … as in proc(5). */
  readonly state: string;
};

export function readProcessStat(pid: number): ProcessStat | undefined {
  const text = readText(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The command's name, in parentheses, may hold anything, so the fields are counted from its end.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return {
    pid,
    state: fields[0] ?? "",
    parent: Number(fields[1]),
    startTicks: Number(fields[19]),
  };
}

export function isAlive(identity: ProcessIdentity): boolean {
  const stat = readProcessStat(identity.pid);
  return stat !== undefined && stat.startTicks === identity.startTicks && stat.state !== "Z";
}

/** @returns false when that process is not there any more. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch {
    return false;
  }
}

function allProcesses(): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

export function processesWithParent(parent: number): readonly number[] {
  return allProcesses().filter((pid) => readProcessStat(pid)?.parent === parent);
}

export type NamespaceKind = "net" | "pid" | "mnt" | "uts" | "pid_for_children";

/** What identifies a namespace, for example "net:[4026531840]"; undefined when the process has gone. */
export function namespaceOf(pid: number, kind: NamespaceKind): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`);
  } catch {
    return undefined;
  }
}

export function processesIn(kind: NamespaceKind, namespace: string): readonly number[] {
  return allProcesses().filter((pid) => namespaceOf(pid, kind) === namespace);
}

export function commandLineOf(pid: number): string {
  return (readText(`/proc/${pid}/cmdline`) ?? "").replaceAll("\0", " ").trim();
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
