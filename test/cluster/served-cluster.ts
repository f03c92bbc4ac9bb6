/**
 * The control socket of a daemon whose answers a test chooses, and commands run against it as their processes would: by
 * the real client, over the real protocol.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import { clusterClient } from "../../src/cli/cluster/cluster-client.ts";
import { type ClusterCommand, runCommand } from "../../src/cli/cluster/cluster-command.ts";
import { type CommandSet, runCommandSet } from "../../src/cli/cluster/command-set.ts";
import type { CommandShell } from "../../src/cli/cluster/command-shell.ts";
import { type ControlMethod, serveControl } from "../../src/host/control/control-server.ts";

export type Ran = { readonly exit: number; readonly out: string; readonly err: string };

export type ServedCluster = {
  /** A directory of the test's own. */
  readonly directory: string;
  /** What was asked, in order. */
  readonly asked: readonly { readonly method: string; readonly params: unknown }[];
  run(command: ClusterCommand | CommandSet, ...words: readonly string[]): Promise<Ran>;
  /** The same with a terminal as standard output. */
  onTerminal(command: ClusterCommand | CommandSet, ...words: readonly string[]): Promise<Ran>;
  endDaemon(): Promise<void>;
};

/** @param methods given the test's own directory. */
export async function servedCluster(
  t: TestContext,
  methods: (directory: string) => Readonly<Record<string, ControlMethod>>,
): Promise<ServedCluster> {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-test-"));
  const run = path.join(directory, "run");
  mkdirSync(run);
  const asked: { method: string; params: unknown }[] = [];
  const recorded = Object.entries(methods(directory)).map(
    ([method, answer]): [string, ControlMethod] => [
      method,
      (params, client) => {
        asked.push({ method, params });
        return answer(params, client);
      },
    ],
  );
  const before = process.env["HOLDFAST_RUN_DIR"];
  process.env["HOLDFAST_RUN_DIR"] = run;
  const server = await serveControl({
    socketPath: path.join(run, "holdfastd.sock"),
    methods: Object.fromEntries(recorded),
    onBug: (error) => {
      throw error;
    },
  });
  let end: Promise<void> | undefined;
  const endDaemon = (): Promise<void> => {
    end ??= server.close();
    return end;
  };
  t.after(async () => {
    await endDaemon();
    if (before === undefined) delete process.env["HOLDFAST_RUN_DIR"];
    else process.env["HOLDFAST_RUN_DIR"] = before;
    rmSync(directory, { recursive: true });
  });
  return {
    directory,
    asked,
    run: (command, ...words) => runHere(command, words, false),
    onTerminal: (command, ...words) => runHere(command, words, true),
    endDaemon,
  };
}

async function runHere(
  command: ClusterCommand | CommandSet,
  words: readonly string[],
  isTerminal: boolean,
): Promise<Ran> {
  let [out, err] = ["", ""];
  const shell: CommandShell = {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      err += text;
    },
    readInput: () => "",
    isTerminal,
    size: () => ({ columns: 100, rows: 40 }),
    environment: { USER: "anna" },
    cluster: clusterClient(undefined),
    withoutCluster: () => clusterClient(""),
  };
  const exit =
    "commands" in command
      ? await runCommandSet(command, words, shell)
      : await runCommand(command, words, shell);
  return { exit, out, err };
}
