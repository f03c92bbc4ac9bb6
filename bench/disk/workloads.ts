/** What is measured, and one measurement with fio's nbd engine. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

export type Workload = {
  readonly name: string;
  readonly rw: "randwrite" | "randread" | "write" | "read";
  readonly blockBytes: number;
  readonly depth: number;
};

export const workloads: readonly Workload[] = [
  { name: "4k random write, depth 1", rw: "randwrite", blockBytes: 4096, depth: 1 },
  { name: "4k random write, depth 32", rw: "randwrite", blockBytes: 4096, depth: 32 },
  { name: "4k random read, depth 1", rw: "randread", blockBytes: 4096, depth: 1 },
  { name: "4k random read, depth 32", rw: "randread", blockBytes: 4096, depth: 32 },
  { name: "1M sequential write, depth 4", rw: "write", blockBytes: 1 << 20, depth: 4 },
  { name: "1M sequential read, depth 4", rw: "read", blockBytes: 1 << 20, depth: 4 },
];

export type Measured = {
  readonly iops: number;
  readonly mibPerS: number;
  /** Completion latency in µs. */
  readonly meanUs: number;
  readonly p99Us: number;
};

export type Target = { readonly socketPath: string; readonly exportName: string };

type FioSide = {
  readonly iops: number;
  readonly bw_bytes: number;
  readonly clat_ns: { readonly mean: number; readonly percentile?: Record<string, number> };
};

const run = promisify(execFile);

export async function measure(
  workload: Workload,
  target: Target,
  options: { readonly sizeMib: number; readonly seconds: number },
): Promise<Measured> {
  const { stdout } = await run("fio", [
    "--name=bench",
    "--ioengine=nbd",
    `--uri=nbd+unix:///${target.exportName}?socket=${target.socketPath}`,
    `--rw=${workload.rw}`,
    `--bs=${workload.blockBytes}`,
    `--iodepth=${workload.depth}`,
    `--size=${options.sizeMib}m`,
    "--time_based",
    `--runtime=${options.seconds}`,
    "--ramp_time=2",
    "--randrepeat=0",
    "--output-format=json",
  ]);
  // fio prints remarks before its JSON.
  const { jobs } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as {
    readonly jobs: readonly { readonly read: FioSide; readonly write: FioSide }[];
  };
  const [job] = jobs;
  if (job === undefined) throw new Error("fio reports no job");
  const side = workload.rw.endsWith("write") ? job.write : job.read;
  return {
    iops: side.iops,
    mibPerS: side.bw_bytes / (1 << 20),
    meanUs: side.clat_ns.mean / 1000,
    p99Us: (side.clat_ns.percentile?.["99.000000"] ?? 0) / 1000,
  };
}
