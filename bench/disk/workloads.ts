/** What is measured, and one measurement with fio's nbd engine. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

export type Workload = {
  readonly name: string;
  readonly kind: "write" | "read" | "mixed";
  readonly order: "random" | "sequential";
  readonly blockBytes: number;
  readonly depth: number;
};

const depths = [1, 8, 32] as const;
const small = { order: "random", blockBytes: 4096 } as const;
const large = { order: "sequential", blockBytes: 1 << 20, depth: 4 } as const;

export const workloads: readonly Workload[] = [
  ...depths.map((depth) => ({
    name: `4k random write, depth ${depth}`,
    kind: "write" as const,
    ...small,
    depth,
  })),
  ...depths.map((depth) => ({
    name: `4k random read, depth ${depth}`,
    kind: "read" as const,
    ...small,
    depth,
  })),
  { name: "4k random, 70 % reads, depth 8", kind: "mixed", ...small, depth: 8 },
  { name: "1M sequential write, depth 4", kind: "write", ...large },
  { name: "1M sequential read, depth 4", kind: "read", ...large },
];

export type Measured = {
  readonly iops: number;
  readonly mibPerS: number;
  /** Completion latency of the writes, or of the reads where there are no writes, in µs. */
  readonly p99Us: number;
  /** Requests that ended while it was measured. */
  readonly requests: number;
};

export type Target = { readonly socketPath: string; readonly exportName: string };

type FioSide = {
  readonly iops: number;
  readonly bw_bytes: number;
  readonly total_ios: number;
  readonly clat_ns: { readonly percentile?: Record<string, number> };
};

const run = promisify(execFile);

/** @param targets one, or several at the same time: then what they do together. */
export async function measure(
  workload: Workload,
  targets: readonly Target[],
  options: { readonly sizeMib: number; readonly seconds: number },
): Promise<Measured> {
  const { stdout } = await run("fio", [
    "--ioengine=nbd",
    `--rw=${fioName(workload)}`,
    "--rwmixread=70",
    `--bs=${workload.blockBytes}`,
    `--iodepth=${workload.depth}`,
    `--size=${options.sizeMib}m`,
    "--time_based",
    `--runtime=${options.seconds}`,
    "--randrepeat=0",
    "--group_reporting",
    "--output-format=json",
    ...targets.flatMap(({ exportName, socketPath }, i) => [
      `--name=disk${i}`,
      `--uri=nbd+unix:///${exportName}?socket=${socketPath}`,
    ]),
  ]);
  // fio prints remarks before its JSON.
  const { jobs } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as {
    readonly jobs: readonly { readonly read: FioSide; readonly write: FioSide }[];
  };
  const [job] = jobs;
  if (job === undefined) throw new Error("fio reports no job");
  const sides = [job.read, job.write].filter((side) => side.total_ios > 0);
  const sum = (pick: (side: FioSide) => number): number =>
    sides.reduce((total, side) => total + pick(side), 0);
  return {
    iops: sum((side) => side.iops),
    mibPerS: sum((side) => side.bw_bytes) / (1 << 20),
    p99Us: (sides.at(-1)?.clat_ns.percentile?.["99.000000"] ?? 0) / 1000,
    requests: sum((side) => side.total_ios),
  };
}

function fioName({ kind, order }: Workload): string {
  const name = kind === "mixed" ? "rw" : kind;
  return order === "random" ? `rand${name}` : name;
}
