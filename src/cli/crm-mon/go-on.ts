/** crm_mon --daemonize and --external-agent: what has to be given together, and how it ends. */
import { accessSync, constants } from "node:fs";
import { UserError } from "../../api/user-error.ts";
import { clusterClient } from "../cluster/cluster-client.ts";
import { usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";
import { type Following, followMon } from "./follow-mon.ts";
import {
  isInBackground,
  refuseOther,
  sayReady,
  startInBackground,
  takePidFile,
} from "./mon-daemon.ts";
import { intervalOf } from "./mon-interval.ts";

/** Looked at least so often. */
const intervalMsUsual = 5000;

/** @returns when it is told to end (SIGTERM, SIGINT), or has a process in the background that goes on. */
export async function goOn(
  line: CommandLine,
  shell: CommandShell,
  write: Following["write"],
): Promise<number> {
  demandSense(line);
  const pidFile = optionValue(line, "pid-file");
  // What can be wrong is said to the one who asks, not in the background.
  if (pidFile !== undefined) refuseOther(pidFile);
  const agent = optionValue(line, "external-agent");
  if (agent !== undefined) demandProgram(agent);
  await shell.cluster.ask("watch-status");
  if (hasOption(line, "daemonize") && !isInBackground()) {
    await startInBackground(line);
    return 0;
  }
  shell.cluster.close();
  // Told to end before it has begun, it takes its pid file away all the same.
  const following = followingOf(line, shell, write);
  if (pidFile !== undefined) takePidFile(pidFile);
  if (isInBackground()) sayReady();
  await followMon(following);
  return 0;
}

/** @throws UserError HF4600 */
function demandSense(line: CommandLine): void {
  if (!hasOption(line, "daemonize")) return;
  if (hasOption(line, "one-shot")) {
    throw usageError("--daemonize goes on, and --one-shot does not: give one of them", "crm_mon");
  }
  const file = optionValue(line, "output-to") ?? optionValue(line, "as-html") ?? "-";
  if (file === "-" && !hasOption(line, "external-agent")) {
    throw usageError("--daemonize needs --output-to, --external-agent, or both", "crm_mon");
  }
}

/** @throws UserError HF4603 */
function demandProgram(file: string): void {
  try {
    accessSync(file, constants.X_OK);
  } catch (cause) {
    throw new UserError("HF4603", `${file} is no program that can be run`, { exit: 66, cause });
  }
}

function followingOf(line: CommandLine, shell: CommandShell, write: Following["write"]): Following {
  const end = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => end.abort());
  const file = optionValue(line, "external-agent");
  return {
    connect: () => clusterClient(undefined, shell.environment["CIB_user"] || undefined),
    intervalMs: intervalOf(line) ?? intervalMsUsual,
    end: end.signal,
    write,
    agent:
      file === undefined ? undefined : { file, recipient: optionValue(line, "external-recipient") },
    withFencing: hasOption(line, "watch-fencing"),
    complain: (sentence) => shell.error(`crm_mon: ${sentence}\n`),
  };
}
