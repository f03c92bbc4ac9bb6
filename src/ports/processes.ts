import type { StopSignal } from "./clock.ts";

/** Programs of the operating system. */
export type Processes = {
  /**
   * Runs a program to its end. Never rejects: that it cannot be started, or had to be killed, is an outcome.
   * At the time limit, or when the signal is aborted, the program and its process group get SIGTERM, then SIGKILL.
   */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<RunOutcome>;
  /** Whether a process with that id exists and its command line contains `marker` (ids are used again). */
  isAlive(pid: number, marker: string): boolean;
  /** Sends a signal to such a process; false when it is not there. */
  signal(
    pid: number,
    marker: string,
    signal: "SIGTERM" | "SIGKILL" | "SIGSTOP" | "SIGCONT",
  ): boolean;
};

export type RunOptions = {
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
  /** At most the last 64 KiB of each. */
  readonly stdout: string;
  readonly stderr: string;
};
