/** Which QEMU this host has, and which machine it builds when asked for a q35. */
import { err, ok, type Result } from "../../base/result.ts";
import type { Processes } from "../../ports/processes.ts";

export const qemuProgram = "qemu-system-x86_64";

export type QemuVersion = {
  /** "7.2.22" */
  readonly version: string;
  /** "pc-q35-7.2": a machine type that later versions of QEMU build alike. */
  readonly machine: string;
};

/** Asks the program itself: it may have been replaced since the last time. */
export async function readQemuVersion(processes: Processes): Promise<Result<QemuVersion>> {
  const run = await processes.run(qemuProgram, ["--version"], { timeoutMs: 10_000 });
  if (run.failure === "not-started")
    return err(
      `${qemuProgram} can't be started; install the package qemu-system-x86 (${run.stderr})`,
    );
  const found = /version (\d+)\.(\d+)\.(\d+)/.exec(run.stdout);
  if (run.code !== 0 || found === null)
    return err(`${qemuProgram} --version says nothing useful: ${run.stderr || run.stdout}`);
  const [, major, minor, micro] = found;
  return ok({ version: `${major}.${minor}.${micro}`, machine: `pc-q35-${major}.${minor}` });
}
