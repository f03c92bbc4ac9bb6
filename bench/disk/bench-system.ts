import type { Target } from "./workloads.ts";

/** One of the systems that are compared. It is started and stopped for every round. */
export type BenchSystem = {
  readonly name: string;
  start(): Promise<Target>;
  stop(): Promise<void>;
};
