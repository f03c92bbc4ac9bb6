/** Runs the demo's steps on the lab's hosts, shows each with its output, and keeps what the report needs. */
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../src/api/user-error.ts";
import type { DemoStep, DoneStep } from "./demo-step.ts";
import type { Screen } from "./screen.ts";

const limitMsPreset = 300_000;
const repeatPauseMs = 250;
/** How long after a command's end its last words may take to arrive. */
const outputGraceMs = 200;

export type StepRunner = {
  readonly done: readonly DoneStep[];
  /** @returns what the command printed. @throws UserError HF7018 when it did not end as it must. */
  run(step: DemoStep): Promise<string>;
};

/** @param enter how a command is run on a host, for example `commandOnHost`. */
export function newStepRunner(
  enter: (host: string, argv: readonly string[]) => readonly string[],
  screen: Screen,
  signal: AbortSignal,
): StepRunner {
  const done: DoneStep[] = [];
  return {
    done,
    run: async (step) => {
      const started = performance.now();
      const seconds = (): number => (performance.now() - started) / 1000;
      screen.command(step.host, step.command);
      const endMs = started + (step.limitMs ?? limitMsPreset);
      const last = await repeat(step, enter, endMs, signal);
      done.push({
        host: step.host,
        command: step.command,
        exit: last.exit,
        seconds: Math.round(seconds() * 1000) / 1000,
      });
      if (!step.silent) screen.output(last.output);
      screen.seconds(seconds());
      assertGood(step, last, seconds());
      return last.output;
    },
  };
}

type Run = { readonly exit: number; readonly output: string };

async function repeat(
  step: DemoStep,
  enter: (host: string, argv: readonly string[]) => readonly string[],
  endMs: number,
  signal: AbortSignal,
): Promise<Run> {
  for (;;) {
    const argv = enter(step.host, ["sh", "-c", step.command]);
    const run = await runOnce(argv, Math.max(1, endMs - performance.now()), signal);
    signal.throwIfAborted();
    const goesOn = step.until?.holds(run.output) === false;
    if (!goesOn || performance.now() >= endMs) return run;
    await sleep(repeatPauseMs, undefined, { signal });
  }
}

function assertGood(step: DemoStep, last: Run, seconds: number): void {
  const what = `${step.host}# ${step.command}`;
  if (step.until?.holds(last.output) === false) {
    const message = `after ${seconds.toFixed(0)} s not yet: ${step.until.what} (${what})`;
    throw new UserError("HF7018", message);
  }
  if (!(step.exits ?? [0]).includes(last.exit)) {
    throw new UserError("HF7018", `exit code ${last.exit} of: ${what}`);
  }
}

/** Both outputs in the order in which they came, as on a terminal. */
async function runOnce(
  argv: readonly string[],
  limitMs: number,
  signal: AbortSignal,
): Promise<Run> {
  const [command = "", ...args] = argv;
  // In a process group of its own: a Ctrl-C is for the demo alone, which ends its commands itself.
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  let output = "";
  const onData = (chunk: string): void => {
    output += chunk;
  };
  child.stdout.setEncoding("utf8").on("data", onData);
  child.stderr.setEncoding("utf8").on("data", onData);
  const kill = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
  const timer = setTimeout(kill, limitMs);
  signal.addEventListener("abort", kill);
  try {
    const exit = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? 137));
      // What it left running in the background may keep its output open for ever: its own end counts.
      child.once("exit", (code) => setTimeout(resolve, outputGraceMs, code ?? 137));
    });
    return { exit, output };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}
