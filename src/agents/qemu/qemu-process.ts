/** A guest's QEMU as a process: found, ended, and what it leaves behind. It is nobody's child. */
import { err, ok, type Result } from "../../base/result.ts";
import type { StopSignal } from "../../ports/clock.ts";
import type { ProcessIdentity } from "../../ports/processes.ts";
import { poll } from "../time-limit.ts";
import { qemuMarker } from "./qemu-arguments.ts";
import type { QemuContext } from "./qemu-ports.ts";
import { withQmp } from "./qmp-use.ts";
import { runPaths } from "./run-paths.ts";
import { readRunRecord } from "./run-record.ts";
import { removeTaps } from "./tap.ts";

/** What a QEMU that still answers gets to end by itself, its writes included. */
const quitLimitMs = 3000;

/**
 * The guest's processes; more than one would be a bug. None is said only after a look at all processes: one that was
 * seen last time and still lives is answer enough, and spares that look.
 */
export function qemuProcesses(context: QemuContext, guest: string): readonly ProcessIdentity[] {
  const last = context.lastSeen.get(guest);
  if (last !== undefined && context.processes.isAlive(last)) return [last];
  const found = context.processes.find(qemuMarker(runPaths(context.directories, guest)));
  const [first] = found;
  if (first === undefined) context.lastSeen.delete(guest);
  else context.lastSeen.set(guest, first);
  return found;
}

export function isQemuKilled(context: QemuContext, guest: string): boolean {
  return qemuProcesses(context, guest).every((each) => context.processes.isKilled(each));
}

/** ok only when no process of the guest is left; then its interfaces and files are gone, too. */
export async function endQemu(
  context: QemuContext,
  guest: string,
  limit: { readonly limitMs: number; readonly stop?: StopSignal },
): Promise<Result<void>> {
  if (qemuProcesses(context, guest).length > 0) await quit(context, guest);
  const gone = await poll(context.clock, limit, () => {
    const left = qemuProcesses(context, guest);
    // Again each time: a QEMU that was being started may have become a daemon meanwhile.
    for (const each of left) context.processes.signal(each, "SIGKILL");
    return left.length === 0 ? true : undefined;
  });
  if (gone !== true) {
    const pids = qemuProcesses(context, guest).map(({ pid }) => pid);
    return err(`the QEMU of ${guest} (process ${pids.join(", ")}) does not end, even by SIGKILL`);
  }
  await removeLeftovers(context, guest);
  return ok(undefined);
}

/** Asks QEMU to end and waits a little; what comes of it is seen in the process table. */
async function quit(context: QemuContext, guest: string): Promise<void> {
  const asked = await withQmp(context, guest, quitLimitMs, (client) => client.execute("quit"));
  if (!asked.ok) return;
  await poll(context.clock, { limitMs: quitLimitMs }, () =>
    qemuProcesses(context, guest).length === 0 ? true : undefined,
  );
}

async function removeLeftovers(context: QemuContext, guest: string): Promise<void> {
  const paths = runPaths(context.directories, guest);
  const record = await readRunRecord(context.files, paths.record);
  if (record.ok && record.value !== undefined)
    await removeTaps(context.processes, record.value.taps);
  for (const path of [paths.key, paths.qmp, paths.console, paths.pid, paths.record])
    await context.files.remove(path);
}
