/** Runs programs of the machine: the lab is made of ip, nft, mount, nsenter and the like. */
import { AsyncLocalStorage } from "node:async_hooks";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import type { Writable } from "node:stream";
import { UserError } from "../../src/api/user-error.ts";

export type CommandOutcome = {
  /** The exit status; 128 + signal number is not used: a signal is told by `signal`. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type CommandOptions = {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** After this long the program gets SIGKILL. */
  readonly timeoutMs?: number;
};

/**
 * What the programs that are run within hold open, each for as long as it runs. However we die, who waits for the other
 * end to be closed waits for them, too.
 */
export const heldOpen: AsyncLocalStorage<Writable> = new AsyncLocalStorage();

/** The beginning of a command that goes on for long: what is held open is closed as soon as it has come this far. */
export function lettingGo(fd: number): readonly string[] {
  return ["sh", "-c", `exec ${fd}>&-; exec "$@"`, "sh"];
}

/** @throws UserError HF7003 when the program is not there. */
export function runCommand(
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandOutcome> {
  const [command = "", ...args] = argv;
  return new Promise((resolve, reject) => {
    const held = heldOpen.getStore();
    const child = spawn(command, args, {
      stdio: ["pipe", "pipe", "pipe", ...(held === undefined ? [] : [held])],
      ...(options.env === undefined ? {} : { env: { ...options.env } }),
      ...(options.timeoutMs === undefined
        ? {}
        : { timeout: options.timeoutMs, killSignal: "SIGKILL" }),
    }) as ChildProcessWithoutNullStreams;
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.once("error", (cause: NodeJS.ErrnoException) => reject(notStarted(command, cause)));
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
    // A program that ends without reading its input is no fault.
    child.stdin.on("error", () => {});
    child.stdin.end(options.stdin ?? "");
  });
}

/**
 * What the program printed, when it ended well.
 * @throws UserError HF7008 with the program's own words when it did not.
 */
export async function mustRun(
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const outcome = await runCommand(argv, options);
  if (outcome.code !== 0) throw commandFailed(argv, outcome);
  return outcome.stdout;
}

function commandFailed(argv: readonly string[], outcome: CommandOutcome): UserError {
  const how = outcome.code === null ? `was ended by ${outcome.signal}` : `failed (${outcome.code})`;
  const words = (outcome.stderr.trim() || outcome.stdout.trim()).split("\n").slice(-3).join("; ");
  return new UserError("HF7008", `${argv.join(" ")} ${how}${words === "" ? "" : `: ${words}`}`);
}

function notStarted(command: string, cause: NodeJS.ErrnoException): UserError {
  const message = `cannot start ${command}: ${cause.code === "ENOENT" ? "it is not installed" : cause.message}`;
  const remedy = "`npm run demo` and `npm test` install what is missing.";
  return new UserError("HF7003", message, { remedy, cause });
}
