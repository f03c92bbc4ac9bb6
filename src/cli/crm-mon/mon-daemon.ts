/** crm_mon --daemonize: the same command line again, in a session of its own; and the file that says which process it is. */
import { spawn } from "node:child_process";
import { closeSync, readFileSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import type { Readable } from "node:stream";
import { UserError } from "../../api/user-error.ts";
import { writeText } from "../cluster/text-file.ts";
import type { CommandLine } from "../getopt/getopt.ts";

/** Where the process in the background says that it goes on. */
const readyVariable = "HOLDFAST_MON_READY_FD";

/** This is the process in the background. */
export function isInBackground(): boolean {
  return process.env[readyVariable] !== undefined;
}

/** @throws UserError HF4613 when it did not come that far. */
export async function startInBackground(line: CommandLine): Promise<void> {
  const main = path.join(import.meta.dirname, "main.ts");
  const words = line.options.map(({ long, value }) =>
    value === undefined ? `--${long}` : `--${long}=${value}`,
  );
  const child = spawn(process.execPath, [main, ...words], {
    detached: true,
    // Under its own name: ClusterMon, the resource agent, looks for it in the list of processes.
    argv0: "crm_mon",
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    env: { ...process.env, [readyVariable]: "3" },
  });
  const ready = child.stdio[3] as Readable;
  ready.setEncoding("utf8");
  let said = "";
  for await (const chunk of ready) {
    said += chunk;
    if (said.includes("\n")) break;
  }
  child.unref();
  if (said === "") {
    throw new UserError("HF4613", "crm_mon has ended in the background", {
      remedy: "Run it without --daemonize to see why.",
    });
  }
}

/** To the one who waits in the foreground. */
export function sayReady(): void {
  const number = Number(process.env[readyVariable]);
  writeSync(number, "ready\n");
  closeSync(number);
}

/** It is taken away again when the process ends, after all else. @throws UserError HF4613 when another process has it. */
export function takePidFile(file: string): void {
  refuseOther(file);
  writeText(file, `${process.pid}\n`);
  process.once("exit", () => {
    if (pidIn(file) === process.pid) rmSync(file, { force: true });
  });
}

/** @throws UserError HF4613 */
export function refuseOther(file: string): void {
  const other = pidIn(file);
  if (other === undefined || other === process.pid || !isAlive(other)) return;
  throw new UserError("HF4613", `crm_mon runs already: process ${other}, by ${file}`, {
    remedy: `End it (kill ${other}), or name another --pid-file.`,
  });
}

function pidIn(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8").trim());
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    // There is none.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
