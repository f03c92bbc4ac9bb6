import type { Target } from "./workloads.ts";

/** One of the systems that are compared. It is started and stopped for every round. */
export type BenchSystem = {
  readonly name: string;
  /** Resolves when both copies are equal, if there are two. */
  start(): Promise<Target>;
  /** The processes that do its work, while it runs. */
  pids(): readonly number[];
  stop(): Promise<void>;
};
