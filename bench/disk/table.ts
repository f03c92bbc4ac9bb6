/** The medians as a table. */
import type { Measured, Workload } from "./workloads.ts";

export type Row = {
  readonly workload: Workload;
  /** One list of measurements for each system, in the order of the columns. */
  readonly measured: readonly Measured[][];
};

export function markdownTable(names: readonly string[], rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(["median of rounds", ...names]),
    line(["---", ...names.map(() => "---:")]),
    ...rows.map((row) =>
      line([row.workload.name, ...row.measured.map((rounds) => cell(row.workload, rounds))]),
    ),
    "",
  ].join("\n");
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

function cell(workload: Workload, rounds: readonly Measured[]): string {
  const of = (pick: (one: Measured) => number): number => median(rounds.map(pick));
  const number = (value: number): string => Math.round(value).toLocaleString("en");
  if (workload.blockBytes >= 1 << 20) return `${number(of((one) => one.mibPerS))} MiB/s`;
  return `${number(of((one) => one.iops))} IOPS, ${number(of((one) => one.p99Us))} µs p99`;
}
