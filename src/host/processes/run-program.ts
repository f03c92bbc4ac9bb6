/** Runs one program in a process group of its own, with limits on its time and on what is kept of its output. */
import { type ChildProcess, spawn } from "node:child_process";
import type { RunOptions, RunOutcome } from "../../ports/processes.ts";

const outputBytesMax = 64 * 1024;
/** What a program gets between SIGTERM and SIGKILL. */
const graceMs = 2000;
/** How long the output of a program that has ended is waited for, where a daemon of its keeps the pipe open. */
const drainMs = 200;

export function runProgram(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<RunOutcome> {
  const child = spawn(command, args, {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: options.env === undefined ? ownEnvironment() : { ...options.env },
  });
  const stdout = keepTail(child.stdout);
  const stderr = keepTail(child.stderr);
  // A program that does not read its input, or ends before, breaks the pipe: no concern of ours.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.stdin ?? "");
  return new Promise((resolve) => {
    const limits = enforceLimits(child, options);
    child.once("error", (error) => {
      limits.lift();
      if (child.pid === undefined)
        resolve({ failure: "not-started", stdout: "", stderr: `${command}: ${error.message}` });
    });
    child.once("exit", (code) => {
      limits.lift();
      void drained(child).then(() => {
        const failure = limits.reason() ?? (code === null ? "killed" : undefined);
        resolve({
          ...(failure === undefined ? { code: code as number } : { failure }),
          stdout: stdout(),
          stderr: stderr(),
        });
      });
    });
  });
}

/** A daemon may be started without the directories of the programs that only root runs. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const own = process.env["PATH"] ?? "/usr/bin:/bin";
  return { ...process.env, PATH: `${own}:/usr/sbin:/sbin` };
}

type Limits = {
  /** Why the program was ended by us; undefined when it was not. */
  reason(): "timed-out" | "stopped" | undefined;
  lift(): void;
};

function enforceLimits(child: ChildProcess, options: RunOptions): Limits {
  let reason: "timed-out" | "stopped" | undefined;
  let kill: NodeJS.Timeout | undefined;
  const end = (why: "timed-out" | "stopped"): void => {
    if (reason !== undefined) return;
    reason = why;
    signalGroup(child, "SIGTERM");
    kill = setTimeout(() => signalGroup(child, "SIGKILL"), graceMs);
  };
  const limit =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => end("timed-out"), options.timeoutMs);
  const onAbort = (): void => end("stopped");
  if (options.signal?.aborted === true) onAbort();
  else options.signal?.addEventListener("abort", onAbort);
  return {
    reason: () => reason,
    lift: () => {
      clearTimeout(limit);
      clearTimeout(kill);
      options.signal?.removeEventListener("abort", onAbort);
      // Its children had the same limit: those that outlive its SIGTERM go with it.
      if (reason !== undefined) signalGroup(child, "SIGKILL");
    },
  };
}

function signalGroup(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: the group is gone, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function drained(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, drainMs);
    child.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function keepTail(stream: NodeJS.ReadableStream): () => string {
  let kept = Buffer.alloc(0);
  stream.on("data", (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]);
    if (kept.length > outputBytesMax) kept = kept.subarray(kept.length - outputBytesMax);
  });
  return () => kept.toString("utf8");
}
