/** What the power cuts took, as a table. */
import { cpus, totalmem } from "node:os";
import type { FailoverTimes } from "../../lab/demo/failover-times.ts";

const phases: readonly (readonly [keyof FailoverTimes, string])[] = [
  ["declared_dead_s", "declared dead"],
  ["promoted_s", "disks promoted"],
  ["powered_on_s", "guest powered on"],
  ["answers_s", "guest answers"],
];

export function failoverTable(measured: readonly FailoverTimes[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const columns = ["min", "p50", "p95", "max"];
  return [
    line([`seconds after the power cut, ${measured.length} runs`, ...columns]),
    line(["---", ...columns.map(() => "---:")]),
    ...phases.map(([phase, words]) => {
      const known = measured.map((times) => times[phase]).filter((value) => value !== null);
      const missing = measured.length - known.length;
      const name = missing === 0 ? words : `${words} (${missing} times not known)`;
      const values = [0, 0.5, 0.95, 1].map((part) => quantile(known, part).toFixed(2));
      return line([name, ...values]);
    }),
    "",
  ].join("\n");
}

/** The smallest value that at least this part of all values does not exceed. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

export function describeMachine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
}
