/**
 * The kernel's process table, read from /proc (proc(5)). Everything here is synchronous, so that what is known of a
 * process still holds when it is signalled in the same turn of the event loop.
 */
import { readdirSync, readFileSync } from "node:fs";
import type { ProcessIdentity } from "../../ports/processes.ts";

/** The ids of all processes, ascending; some may be zombies, some gone when they are looked at. */
export function listProcessIds(): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** The living process of that id; a zombie none of whose threads are left is no process any more. */
export function readProcess(pid: number): ProcessIdentity | undefined {
  const stat = readStat(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  if (isDead(stat.state) && liveTasks(pid).length === 0) return undefined;
  return { pid, startTicks: stat.startTicks };
}

/** The arguments joined by blanks; empty for kernel threads and for what is gone. */
export function commandLine(pid: number): string {
  const own = readCommandLine(`/proc/${pid}/cmdline`);
  if (own !== "") return own;
  const stat = readStat(`/proc/${pid}/stat`);
  if (stat === undefined || !isDead(stat.state)) return "";
  // A first thread that has ended shows no command line, though others of its process may still execute.
  for (const task of liveTasks(pid)) {
    const text = readCommandLine(`/proc/${pid}/task/${task}/cmdline`);
    if (text !== "") return text;
  }
  return "";
}

/** Whether SIGKILL is pending for each of its threads that is left (proc(5), status: SigPnd and ShdPnd). */
export function isKillPending(pid: number): boolean {
  return liveTasks(pid).every((task) => {
    const status = readOrUndefined(() => readFileSync(`/proc/${pid}/task/${task}/status`, "utf8"));
    if (status === undefined) return true;
    const masks = [...status.matchAll(/^(?:SigPnd|ShdPnd):\s*([0-9a-f]+)$/gm)];
    return masks.some(([, mask]) => (BigInt(`0x${mask}`) & sigkillBit) !== 0n);
  });
}

/** Signal 9, counted from 1. */
const sigkillBit = 1n << 8n;

function liveTasks(pid: number): readonly string[] {
  const tasks = readOrUndefined(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  return tasks.filter((task) => {
    const stat = readStat(`/proc/${pid}/task/${task}/stat`);
    return stat !== undefined && !isDead(stat.state);
  });
}

function isDead(state: string): boolean {
  return state === "Z" || state === "X" || state === "x";
}

function readStat(
  path: string,
): { readonly state: string; readonly startTicks: number } | undefined {
  const text = readOrUndefined(() => readFileSync(path, "utf8"));
  if (text === undefined) return undefined;
  // The second field is the name in parentheses and may itself hold blanks and parentheses.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "X", startTicks: Number(fields[19]) };
}

function readCommandLine(path: string): string {
  const text = readOrUndefined(() => readFileSync(path, "utf8")) ?? "";
  return text.replace(/\0+$/, "").replaceAll("\0", " ");
}

/** A process may end at any moment: ENOENT and ESRCH are answers, anything else is an error. */
function readOrUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
}
