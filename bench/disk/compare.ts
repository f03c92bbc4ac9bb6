/**
 * Every workload on every system, in rounds: what else the machine does meanwhile meets all alike, and what is set
 * against each other was measured in the same round.
 */
import type { BenchSystem } from "./bench-system.ts";
import type { EngineName } from "./engines.ts";
import { cpuMsOf } from "./process-figures.ts";
import { type Measured, measure, type Target, type Workload, workloads } from "./workloads.ts";

export type Sample = Measured & {
  /** Processor time of the system's processes for each request, without that of the client. */
  readonly cpuUs: number;
};

/** The samples of one workload by system, one a round. */
export type Row = {
  readonly workload: Workload;
  readonly samples: ReadonlyMap<EngineName, readonly Sample[]>;
};

/** Code is compiled, extents are active, caches are filled: what one measures afterwards lasts. */
const warmUp = { seconds: 4, depths: [1, 32] } as const;
const warmUpSeconds = 1;

export async function compare(
  systems: ReadonlyMap<EngineName, BenchSystem>,
  options: { readonly rounds: number; readonly seconds: number; readonly sizeMib: number },
): Promise<readonly Row[]> {
  const rows = workloads.map((workload) => ({
    workload,
    samples: new Map<EngineName, Sample[]>([...systems.keys()].map((name) => [name, []])),
  }));
  for (let round = 1; round <= options.rounds; round++) {
    for (const [name, system] of systems) {
      console.error(`round ${round}: ${system.name}`);
      const target = await system.start();
      try {
        await warm(target, options.sizeMib);
        for (const row of rows)
          row.samples.get(name)?.push(await sample(system, target, row.workload, options));
      } finally {
        await system.stop();
      }
    }
  }
  return rows;
}

async function warm(target: Target, sizeMib: number): Promise<void> {
  for (const workload of workloads) {
    const isOne = workload.kind === "write" && workload.order === "random";
    if (!isOne || !warmUp.depths.some((depth) => depth === workload.depth)) continue;
    await measure(workload, [target], { sizeMib, seconds: warmUp.seconds });
  }
}

async function sample(
  system: BenchSystem,
  target: Target,
  workload: Workload,
  options: { readonly seconds: number; readonly sizeMib: number },
): Promise<Sample> {
  const { sizeMib } = options;
  await measure(workload, [target], { sizeMib, seconds: warmUpSeconds });
  const before = cpuMsOf(system.pids());
  const measured = await measure(workload, [target], options);
  const cpuMs = cpuMsOf(system.pids()) - before;
  return { ...measured, cpuUs: (1000 * cpuMs) / measured.requests };
}
