/** What was measured, as Markdown. */
import type { Row, Sample } from "./compare.ts";
import type { EngineName } from "./engines.ts";
import type { Footprint } from "./footprint.ts";
import type { ManyFigures } from "./many-disks.ts";
import type { ResyncFigures } from "./resync.ts";

type Names = ReadonlyMap<EngineName, string>;

/** The goals: of writes against the mirror, of reads against one qemu-nbd without replication. */
const writeGoal = 1.5;
const readGoal = 0.9;
const resyncGoal = 0.8;
const hundredthGoal = 0.03;

export function comparisonTable(names: Names, rows: readonly Row[]): string {
  const head = ["median of rounds", ...names.values(), "Holdfast ×", "goal ×", "p99 ×"];
  return markdown(
    head,
    rows.map((row) => {
      const cells = [...names.keys()].map((name) => figures(row, row.samples.get(name) ?? []));
      return [row.workload.name, ...cells, ...ratioCells(row)];
    }),
  );
}

export function cpuTable(names: Names, rows: readonly Row[]): string {
  const head = ["processor time a request, µs", ...names.values()];
  return markdown(
    head,
    rows.map((row) => [
      row.workload.name,
      ...[...names.keys()].map((name) =>
        whole(median((row.samples.get(name) ?? []).map(({ cpuUs }) => cpuUs))),
      ),
    ]),
  );
}

export function resyncTable(figures: ResyncFigures): string {
  const { sizeMib, copySeconds, storedCopySeconds, allSeconds, hundredthSeconds } = figures;
  const row = (name: string, seconds: number, mib: number, ratio: string): readonly string[] => [
    name,
    `${seconds.toFixed(2)} s`,
    `${whole(mib / seconds)} MiB/s`,
    ratio,
  ];
  return markdown(
    [`${sizeMib} MiB`, "time", "", "to nbdcopy (goal)"],
    [
      row("nbdcopy between two qemu-nbd", copySeconds, sizeMib, ""),
      row(
        "nbdcopy --flush: on the disk at its end, as a resync is",
        storedCopySeconds,
        sizeMib,
        "",
      ),
      row(
        "resync, all blocks",
        allSeconds,
        sizeMib,
        `${(copySeconds / allSeconds).toFixed(2)} × (≥ ${resyncGoal})`,
      ),
      row(
        "resync, 1 % of the blocks",
        hundredthSeconds,
        sizeMib / 100,
        `${((100 * hundredthSeconds) / copySeconds).toFixed(1)} % of the time (≤ ${100 * hundredthGoal} %)`,
      ),
    ],
  );
}

export function manyTable(all: readonly ManyFigures[]): string {
  return markdown(
    ["4k random write, depth 8 each", "disks", "together", "p99", "processors"],
    all.map((one) => [
      one.system,
      String(one.disks),
      `${whole(one.iops)} IOPS`,
      `${whole(one.p99Us)} µs`,
      one.processors.toFixed(2),
    ]),
  );
}

export function footprintTable({ idleMib, idleProcessor, busyMib }: Footprint): string {
  const row = (name: string, i: 0 | 1): readonly string[] => [
    name,
    `${whole(idleMib[i])} MiB`,
    `${(100 * idleProcessor[i]).toFixed(1)} %`,
    `${whole(busyMib[i])} MiB`,
  ];
  return markdown(
    ["one disk server", "memory idle", "processor idle", "memory busy, at most"],
    [row("Primary", 0), row("Secondary", 1)],
  );
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

function figures({ workload }: Row, samples: readonly Sample[]): string {
  const of = (pick: (one: Sample) => number): string => whole(median(samples.map(pick)));
  if (workload.blockBytes >= 1 << 20) return `${of(({ mibPerS }) => mibPerS)} MiB/s`;
  return `${of(({ iops }) => iops)} IOPS, p99 ${of(({ p99Us }) => p99Us)} µs`;
}

/** Holdfast against the one that its goal names: medians of what each round says. */
function ratioCells({ workload, samples }: Row): readonly string[] {
  const isRead = workload.kind === "read";
  const ours = samples.get("holdfast") ?? [];
  const theirs = samples.get(isRead ? "plain" : "mirror") ?? [];
  const ratio = (pick: (one: Sample) => number): string =>
    median(
      ours.flatMap((one, round) => {
        const other = theirs[round];
        return other === undefined ? [] : [pick(one) / pick(other)];
      }),
    ).toFixed(2);
  if (ours.length === 0 || theirs.length === 0) return ["", "", ""];
  const goal = isRead ? `${readGoal} (qemu-nbd)` : `${writeGoal} (mirror)`;
  return [ratio(({ iops }) => iops), goal, ratio(({ p99Us }) => p99Us)];
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, i) => (i === 0 ? "---" : "---:"));
  return [line(head), line(rule), ...rows.map(line), ""].join("\n");
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
