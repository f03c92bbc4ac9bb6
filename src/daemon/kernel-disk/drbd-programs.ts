/**
 * DRBD's own programs (Debian: drbd-utils), by absolute path: Holdfast's have the same names. They choose their 8.4 or 9
 * form themselves, by the module that is loaded. HOLDFAST_DRBD_UTILS_DIR moves them, for tests.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { UserError } from "../../api/user-error.ts";
import { runProgram } from "../../host/processes/run-program.ts";
import type { RunOutcome } from "../../ports/processes.ts";

/** The kernel answers at once but where it waits for the peer: a promotion, a disconnect. */
const limitMs = 121_000;
const exitOther = 20;

/** @param words the program's name first: `drbdsetup primary 0`. */
export async function runDrbdProgram(words: readonly string[]): Promise<RunOutcome> {
  const [program = "", ...args] = words;
  return await runProgram(programPath(program), args, { timeoutMs: limitMs });
}

/** Its output. @throws UserError with the program's own words and exit code when it refuses. */
export async function askDrbdProgram(words: readonly string[]): Promise<string> {
  const outcome = await runDrbdProgram(words);
  if (outcome.code === 0) return outcome.stdout;
  throw refusal(words, outcome);
}

export type Followed = { end(): void };

/** A program that goes on telling, a line each; `onEnd` comes once, also when it could not be started. */
export function followDrbdProgram(
  words: readonly string[],
  on: { readonly line: (line: string) => void; readonly end: (why: string) => void },
): Followed {
  const [program = "", ...args] = words;
  const child = spawn(programPath(program), args, { stdio: ["ignore", "pipe", "ignore"] });
  let isOver = false;
  const end = (why: string): void => {
    if (!isOver) on.end(why);
    isOver = true;
  };
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (!isOver) on.line(line);
  });
  child.once("error", (error) => end(error.message));
  child.once("exit", (code) => end(`${program} ended (${code ?? "by a signal"})`));
  return {
    end: () => {
      isOver = true;
      child.kill("SIGTERM");
    },
  };
}

function programPath(program: string): string {
  return path.join(process.env["HOLDFAST_DRBD_UTILS_DIR"] ?? "/usr/sbin", program);
}

/** `0: State change failed: (-2) Need access to UpToDate data`: the words behind the minor. */
function refusal(words: readonly string[], outcome: RunOutcome): UserError {
  const { code = exitOther, failure, stderr } = outcome;
  const said = stderr
    .trim()
    .replace(/^(\d+|[a-zA-Z0-9._-]+): (?=(State change failed|Failure):)/, "");
  const text = said === "" ? `${words.join(" ")} ended with ${failure ?? code}` : said;
  const remedy =
    failure === "not-started"
      ? "Install DRBD's own tools (Debian: drbd-utils), or let Holdfast run the resource: engine holdfast."
      : /module|\/proc\/drbd/.test(text)
        ? "Load the kernel's module: modprobe drbd."
        : undefined;
  const first = text.split("\n").slice(0, 2).join("; ");
  return new UserError("HF2140", first, {
    exit: code,
    ...(remedy === undefined ? {} : { remedy }),
  });
}
