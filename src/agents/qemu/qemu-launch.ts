/** Starts a guest's QEMU: to execute at once, or to wait for a memory. When it fails, nothing of it is left. */
import { assert } from "../../base/assert.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { StopSignal } from "../../ports/clock.ts";
import type { Guest } from "../guest/guest.ts";
import { faultAsError } from "../world-fault.ts";
import { disksMax } from "./device-names.ts";
import { nicsMax, qemuArguments } from "./qemu-arguments.ts";
import type { QemuContext } from "./qemu-ports.ts";
import { endQemu, qemuProcesses } from "./qemu-process.ts";
import { qemuProgram } from "./qemu-version.ts";
import { runPaths } from "./run-paths.ts";
import { type MachineBuild, printRunRecord, type RunRecord } from "./run-record.ts";
import { makeTaps } from "./tap.ts";

/** QEMU is a daemon in a tenth of a second, unless a disk server or the machine is in trouble. */
const launchLimitMs = 30_000;
/** For ending what was started in vain. */
const endLimitMs = 10_000;

export type Launch = {
  readonly guest: Guest;
  readonly build: MachineBuild;
  readonly arriving: boolean;
  readonly stop: StopSignal;
};

export async function launchQemu(context: QemuContext, launch: Launch): Promise<Result<void>> {
  const { guest } = launch;
  const fits = fitsMachine(guest);
  if (!fits.ok) return fits;
  const [here] = qemuProcesses(context, guest.name);
  if (here !== undefined) return err(`${guest.name} is here already (process ${here.pid})`);
  const taps = await makeTaps(context.processes, guest);
  if (!taps.ok) return taps;
  const record: RunRecord = {
    guest,
    build: launch.build,
    taps: taps.value,
    ...(launch.arriving ? { migration: "arriving" } : {}),
  };
  const started = await faultAsError(() => runQemu(context, launch, record));
  if (started.ok) return started;
  const ended = await endQemu(context, guest.name, { limitMs: endLimitMs });
  return err(ended.ok ? started.error : `${started.error}; and ${ended.error}`);
}

function fitsMachine(guest: Guest): Result<void> {
  const { name, disks, nics } = guest;
  if (disks.length > disksMax)
    return err(`${name} has ${disks.length} disks; at most ${disksMax} fit`);
  if (nics.length > nicsMax)
    return err(`${name} has ${nics.length} network interfaces; at most ${nicsMax} fit`);
  return ok(undefined);
}

async function runQemu(
  context: QemuContext,
  launch: Launch,
  record: RunRecord,
): Promise<Result<void>> {
  const { guest, build, arriving, stop } = launch;
  const paths = runPaths(context.directories, guest.name);
  await context.files.write(paths.record, printRunRecord(record));
  // QEMU makes no directories: these exist once there is a file in them.
  await context.files.write(paths.qemuLog, "");
  if (stop.aborted) return err(`the start of ${guest.name} was stopped`);
  // Safety: one guest, one process; the caller holds the guest's lock between this look and the start.
  assert(qemuProcesses(context, guest.name).length === 0, "no process of the guest is here");
  const args = qemuArguments({
    guest,
    paths,
    machine: build.machine,
    accelerator: build.accelerator,
    taps: record.taps,
    volume: (resource) => context.volumes.nbdExport(resource, { standby: arriving }),
    arriving,
  });
  const run = await context.processes.run(qemuProgram, args, {
    timeoutMs: launchLimitMs,
    signal: stop,
  });
  if (run.code === 0) return ok(undefined);
  if (run.failure === "timed-out")
    return err(`QEMU did not start ${guest.name} within ${launchLimitMs / 1000} s`);
  const said = (await context.files.read(paths.qemuLog)) || run.stderr;
  return err(`QEMU does not start ${guest.name}: ${lastLine(said) || run.failure}`);
}

/** The last thing that a program said, without its own name in front. */
export function lastLine(text: string): string {
  const line = text.trim().split("\n").at(-1) ?? "";
  return line.replace(/^qemu(-system-x86_64)?: /, "");
}
