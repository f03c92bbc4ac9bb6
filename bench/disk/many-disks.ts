/** One disk, and several at the same time: what they do together, and how much of the processors it takes. */
import type { BenchSystem } from "./bench-system.ts";
import { type EngineName, makeEngine } from "./engines.ts";
import { cpuMsOf } from "./process-figures.ts";
import { measure, type Target, type Workload } from "./workloads.ts";

export type ManyFigures = {
  readonly system: string;
  readonly disks: number;
  readonly iops: number;
  readonly p99Us: number;
  /** Processors that the system's processes kept busy, without the client's. */
  readonly processors: number;
};

const sizeMib = 128;
/** Processes that share two processors take so much longer until their code is compiled. */
const warmUpSecondsPerDisk = 3;
const workload: Workload = {
  name: "4k random write, depth 8",
  kind: "write",
  order: "random",
  blockBytes: 4096,
  depth: 8,
};

export async function measureMany(
  directory: string,
  name: EngineName,
  options: { readonly disks: number; readonly seconds: number },
): Promise<ManyFigures> {
  const { disks, seconds } = options;
  const systems = Array.from({ length: disks }, (_, number) =>
    makeEngine(name, { directory, sizeMib, number }),
  );
  const started: BenchSystem[] = [];
  try {
    const targets: Target[] = [];
    for (const system of systems) {
      targets.push(await system.start());
      started.push(system);
    }
    await measure(workload, targets, { sizeMib, seconds: 2 + warmUpSecondsPerDisk * disks });
    const pids = systems.flatMap((system) => system.pids());
    const before = cpuMsOf(pids);
    const began = performance.now();
    const { iops, p99Us } = await measure(workload, targets, { sizeMib, seconds });
    const processors = (cpuMsOf(pids) - before) / (performance.now() - began);
    return { system: systems[0]?.name ?? name, disks, iops, p99Us, processors };
  } finally {
    for (const system of started) await system.stop();
  }
}
