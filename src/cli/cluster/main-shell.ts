/** A command as a process: its shell is the real one. */
import { readXml } from "../../host/files/xml-file.ts";
import { clusterClient } from "./cluster-client.ts";
import { type ClusterCommand, runCommand } from "./cluster-command.ts";
import { type CommandSet, runCommandSet } from "./command-set.ts";
import type { CommandShell } from "./command-shell.ts";
import { cibFileOf } from "./shadow-file.ts";

function processShell(): CommandShell {
  const { env, stdout } = process;
  return {
    out: (text) => stdout.write(text),
    error: (text) => process.stderr.write(text),
    readInput: () => readXml(0, "standard input"),
    isTerminal: stdout.isTTY === true,
    size: () => ({ columns: stdout.columns ?? 100, rows: stdout.rows ?? 40 }),
    environment: env,
    cluster: clusterClient(cibFileOf(env), env["CIB_user"] || undefined),
    withoutCluster: () => clusterClient(""),
  };
}

export async function commandMain(command: ClusterCommand): Promise<void> {
  await asProcess((words, shell) => runCommand(command, words, shell));
}

export async function commandSetMain(set: CommandSet): Promise<void> {
  await asProcess((words, shell) => runCommandSet(set, words, shell));
}

async function asProcess(
  run: (words: readonly string[], shell: CommandShell) => Promise<number>,
): Promise<void> {
  // A reader that goes away (`crm_mon | head`) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  process.exitCode = await run(process.argv.slice(2), processShell());
}
