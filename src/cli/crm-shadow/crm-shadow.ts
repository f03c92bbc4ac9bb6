/** crm_shadow: changes of the configuration tried on a copy, looked at, and then made as a whole or thrown away. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../api/user-error.ts";
import { by } from "../cluster/by.ts";
import { type ClusterClient, clusterClient } from "../cluster/cluster-client.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { shadowFile } from "../cluster/shadow-file.ts";
import { withoutCluster } from "../cluster/without-cluster.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";
import { diffText } from "./diff-text.ts";

const name = "crm_shadow";
/** sysexits.h EX_CANTCREAT. */
const exitExists = 73;
const exitNoSuch = 105;

export const crmShadow: ClusterCommand = {
  name,
  summary: "Tries changes of the configuration on a copy of it (a shadow).",
  usage: ["--create NAME", "--diff", "--commit NAME --force", "--delete NAME --force"],
  groups: [
    {
      title: "About the shadow in use (CIB_shadow)",
      rows: [
        { long: "which", short: "w", help: "its name" },
        { long: "file", short: "F", help: "its file" },
        { long: "display", short: "p", help: "its content" },
        { long: "diff", short: "d", help: "what differs from the running configuration" },
        { long: "edit", short: "E", help: "open it in $EDITOR" },
      ],
    },
    {
      title: "What to do",
      rows: [
        { long: "create", short: "c", argument: "NAME", help: "copy the running configuration" },
        { long: "create-empty", short: "e", argument: "NAME", help: "begin with an empty one" },
        { long: "commit", short: "C", argument: "NAME", help: "make it the running configuration" },
        { long: "reset", short: "r", argument: "NAME", help: "copy the running one again" },
        { long: "delete", short: "D", argument: "NAME", help: "throw it away" },
        { long: "switch", short: "s", argument: "NAME", help: "use it" },
      ],
    },
    {
      title: "More",
      rows: [
        { long: "force", short: "f", help: "overwrite, commit, delete" },
        { long: "batch", short: "b", help: "start no shell, only say what to type" },
        { long: "all", short: "a", help: "with --commit: the status, too" },
      ],
    },
  ],
  refused: [
    {
      ...{ long: "validate-with", short: "v", argument: "SCHEMA", help: "" },
      reason: "a CIB of Holdfast has the schema of its version.",
    },
  ],
  examples: ["crm_shadow --create try", "crm_shadow --diff", "crm_shadow --commit try --force"],
  run: async (line, shell) => {
    const [step] = steps.filter(([option]) => hasOption(line, option));
    if (step === undefined) throw usageError("nothing to do is given, such as --create NAME", name);
    const [option, perform] = step;
    return await perform({ line, shell, name: optionValue(line, option) ?? "" });
  },
};

type Task = { readonly line: CommandLine; readonly shell: CommandShell; readonly name: string };

const steps: readonly (readonly [option: string, (task: Task) => Promise<number> | number])[] = [
  ["which", ({ shell }) => say(shell, activeName(shell))],
  ["file", ({ shell }) => say(shell, activeFile(shell))],
  ["display", ({ shell }) => say(shell, readShadow(activeFile(shell)).trimEnd())],
  ["diff", diff],
  ["edit", edit],
  ["create", create],
  ["create-empty", createEmpty],
  ["commit", commit],
  ["reset", reset],
  ["delete", deleteShadow],
  ["switch", (task) => use(task)],
];

function say(shell: CommandShell, text: string): number {
  shell.out(`${text}\n`);
  return 0;
}

function activeName({ environment }: CommandShell): string {
  const active = environment["CIB_shadow"] ?? "";
  if (active !== "") return active;
  throw new UserError("HF4608", "no shadow copy is in use", {
    exit: exitNoSuch,
    remedy: "Make one with crm_shadow --create NAME, or set CIB_shadow=NAME.",
  });
}

function activeFile(shell: CommandShell): string {
  return shadowFile(activeName(shell), shell.environment);
}

/** @throws UserError HF4608 when there is none of that name. */
function readShadow(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UserError("HF4608", `there is no shadow copy ${file} (${code})`, {
      exit: exitNoSuch,
      remedy: "Make it with crm_shadow --create NAME.",
      cause,
    });
  }
}

/** The cluster itself, or the file of CIB_file, whatever shadow is in use. */
async function withRunning<T>(
  { environment }: CommandShell,
  work: (client: ClusterClient) => Promise<T>,
): Promise<T> {
  const client = clusterClient(environment["CIB_file"] || undefined);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

async function runningCib(shell: CommandShell): Promise<string> {
  const answer = await withRunning(shell, (client) =>
    client.ask("cib-query", { at: { section: "all" } }),
  );
  return answer.text;
}

async function diff({ shell }: Task): Promise<number> {
  const file = activeFile(shell);
  const other = { xml: readShadow(file), source: file };
  const original = { xml: await runningCib(shell), source: "the running CIB" };
  const { text } = await withoutCluster(shell, (client) =>
    client.ask("cib-diff", { original, other, versions: true, digest: false }),
  );
  shell.out(diffText(text));
  return text === "" ? 0 : 1;
}

function edit({ shell }: Task): number {
  const file = activeFile(shell);
  readShadow(file);
  const editor = shell.environment["EDITOR"] ?? "";
  if (editor === "") throw usageError("EDITOR names no editor", name);
  return spawnSync(editor, [file], { stdio: "inherit" }).status ?? 1;
}

async function create(task: Task): Promise<number> {
  requireNew(task);
  writeShadow(task, await runningCib(task.shell));
  task.shell.out("A new shadow instance was created.\n");
  return use(task);
}

async function createEmpty(task: Task): Promise<number> {
  requireNew(task);
  const { text } = await withoutCluster(task.shell, (client) => client.ask("cib-empty"));
  writeShadow(task, text);
  task.shell.out("A new shadow instance was created.\n");
  return use(task);
}

async function reset(task: Task): Promise<number> {
  readShadow(shadowFile(task.name, task.shell.environment));
  writeShadow(task, await runningCib(task.shell));
  return use(task);
}

function requireNew({ line, shell, name: shadow }: Task): void {
  if (!existsSync(shadowFile(shadow, shell.environment)) || hasOption(line, "force")) return;
  throw new UserError("HF4606", `A shadow instance '${shadow}' already exists`, {
    exit: exitExists,
    remedy: "With --force it is overwritten.",
  });
}

function writeShadow({ shell, name: shadow }: Task, text: string): void {
  const file = shadowFile(shadow, shell.environment);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, text, { mode: 0o600 });
}

/** The configuration alone, unless --all: the status is what the cluster knows, not what somebody has tried. */
async function commit(task: Task): Promise<number> {
  const { line, shell, name: shadow } = task;
  const file = shadowFile(shadow, shell.environment);
  const xml = readShadow(file);
  requireForce(task, `make ${file} the running configuration`);
  const section = hasOption(line, "all") ? "all" : "configuration";
  const { version } = await withRunning(shell, (client) =>
    client.ask("cib-change", {
      ...{ operation: "replace", at: { section }, xml, source: file },
      by: by(name, shell),
    }),
  );
  shell.out(`The configuration is now version ${version}.\n`);
  sayUnset(task);
  return 0;
}

function deleteShadow(task: Task): number {
  const file = shadowFile(task.name, task.shell.environment);
  readShadow(file);
  requireForce(task, `delete ${file}`);
  rmSync(file);
  sayUnset(task);
  return 0;
}

function requireForce({ line }: Task, what: string): void {
  if (hasOption(line, "force")) return;
  throw new UserError("HF4606", `this would ${what}`, {
    exit: 64,
    remedy: "Look at it first (crm_shadow --diff); then add --force.",
  });
}

function sayUnset({ shell, name: shadow }: Task): void {
  if (shell.environment["CIB_shadow"] === shadow)
    shell.out("Remember to go back to the running cluster:\n  unset CIB_shadow\n");
}

/** A shell in which every command works on the shadow; where nobody could type into it, what to type. */
function use({ line, shell, name: shadow }: Task): number {
  readShadow(shadowFile(shadow, shell.environment));
  if (hasOption(line, "batch") || !shell.isTerminal) {
    shell.out(
      `To begin using it paste the following into your shell:\n  CIB_shadow=${shadow} ; export CIB_shadow\n`,
    );
    return 0;
  }
  shell.out("Type Ctrl-D to exit the crm_shadow shell\n");
  const program = shell.environment["SHELL"] || "/bin/sh";
  const plain = path.basename(program) === "bash" ? ["--norc", "--noprofile"] : [];
  const env = { ...shell.environment, CIB_shadow: shadow, PS1: `shadow[${shadow}] # ` };
  return spawnSync(program, plain, { stdio: "inherit", env }).status ?? 1;
}
