/** What a disk server needs while nobody uses it, and while it is busy. */
import { setTimeout as sleep } from "node:timers/promises";
import { makeEngine } from "./engines.ts";
import { cpuMsOf, memoryMibOf } from "./process-figures.ts";
import { measure, workloads } from "./workloads.ts";

/** Of the Primary and of the Secondary; memory in MiB, processor time in parts of one processor. */
export type Footprint = {
  readonly idleMib: readonly [number, number];
  readonly idleProcessor: readonly [number, number];
  readonly busyMib: readonly [number, number];
};

const sizeMib = 256;
const idleSeconds = 4;

export async function measureFootprint(directory: string, seconds: number): Promise<Footprint> {
  const system = makeEngine("holdfast", { directory, sizeMib, number: 8 });
  const target = await system.start();
  try {
    const [one = 0, two = 0] = system.pids();
    const both = <T>(of: (pid: number) => T): [T, T] => [of(one), of(two)];
    const before = both((pid) => cpuMsOf([pid]));
    await sleep(1000 * idleSeconds);
    const after = both((pid) => cpuMsOf([pid]));
    const share = (i: 0 | 1): number => (after[i] - before[i]) / (1000 * idleSeconds);
    const idleMib = both((pid) => memoryMibOf(pid).now);
    for (const workload of workloads)
      if (workload.kind !== "read") await measure(workload, [target], { sizeMib, seconds });
    return {
      idleMib,
      idleProcessor: [share(0), share(1)],
      busyMib: both((pid) => memoryMibOf(pid).peak),
    };
  } finally {
    await system.stop();
  }
}
