import type { StopSignal } from "./clock.ts";

/** Programs of the operating system. */
export type Processes = {
  /**
   * Runs a program to its end. Never rejects: that it cannot be started, or had to be killed, is an outcome.
   * At the time limit, or when the signal is aborted, the program and its process group get SIGTERM, then SIGKILL.
   * What the program leaves behind when it ends by itself (a daemon) is left alone.
   */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<RunOutcome>;
  /**
   * The living processes whose command line, arguments joined by blanks, contains `marker`, by ascending id.
   * The process table is the only owner of the fact that a process lives: files with ids only speed up the question.
   */
  find(marker: string): readonly ProcessIdentity[];
  /** The process of that id, if it lives and its command line contains `marker`; ids are used again. */
  identify(pid: number, marker: string): ProcessIdentity | undefined;
  /** False only when no thread of that very process can execute any more: a zombie is gone, a stopped process is not. */
  isAlive(process: ProcessIdentity): boolean;
  /**
   * True when it is gone, or SIGKILL has reached every thread of it that is left: none of them will execute the program
   * any more, though they may still be waiting in the kernel for what the program had asked for.
   */
  isKilled(process: ProcessIdentity): boolean;
  /** Sends a signal to that very process; false when it is gone. */
  signal(process: ProcessIdentity, signal: ProcessSignal): boolean;
};

/** One process among all that ever have that id: its start time tells it from the others. */
export type ProcessIdentity = {
  readonly pid: number;
  /** Clock ticks from the system's boot to the process's start (proc(5), stat, field 22). */
  readonly startTicks: number;
};

export type ProcessSignal = "SIGTERM" | "SIGKILL" | "SIGSTOP" | "SIGCONT";

export type RunOptions = {
  /** The program's whole environment; the caller's own when absent. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly timeoutMs?: number;
  readonly signal?: StopSignal;
};

export type RunOutcome = {
  /** The exit status; absent when the program was not started or was ended by a signal. */
  readonly code?: number;
  /** Why there is no exit status: "timed-out", "stopped" (by the signal option), "killed", or "not-started". */
  readonly failure?: "timed-out" | "stopped" | "killed" | "not-started";
  /** At most the last 64 KiB of each. When the program was not started, stderr says why. */
  readonly stdout: string;
  readonly stderr: string;
};
