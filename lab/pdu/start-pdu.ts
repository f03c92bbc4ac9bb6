/** Starts the lab's power switch as a process of its own, in the LAN namespace, outside the hosts. */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../src/api/user-error.ts";
import { heldOpen, lettingGo } from "../machine/command.ts";
import { type ProcessIdentity, readProcessStat } from "../machine/process-identity.ts";
import { lanNamespace, namespaceFile } from "../plan/lab-names.ts";

/** @returns when it listens. */
export async function startPdu(lab: {
  readonly name: string;
  readonly dir: string;
}): Promise<ProcessIdentity> {
  const logFile = path.join(lab.dir, "log", "pdu.log");
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = openSync(logFile, "a", 0o600);
  const argv = [
    `--net=${namespaceFile(lanNamespace(lab.name))}`,
    // From here on whoever removes the lab finds it in the network namespace.
    ...lettingGo(3),
    process.execPath,
    path.join(import.meta.dirname, "main.ts"),
    lab.name,
  ];
  const child = spawn("nsenter", argv, {
    detached: true,
    cwd: "/",
    stdio: ["ignore", "pipe", log, heldOpen.getStore() ?? "ignore"],
  });
  closeSync(log);
  const ready = await new Promise<boolean>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => resolve(false));
    child.stdout?.once("data", () => resolve(true));
  });
  child.stdout?.destroy();
  child.unref();
  const stat = child.pid === undefined ? undefined : readProcessStat(child.pid);
  if (ready && stat !== undefined) return { pid: stat.pid, startTicks: stat.startTicks };
  throw new UserError("HF7016", "the lab's power switch does not start", {
    remedy: `Its log is ${logFile}.`,
  });
}
