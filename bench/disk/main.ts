/**
 * The disk benchmark: fio's nbd engine against one DRBD resource with its peer connected, both disk servers on this
 * machine, next to QEMU's synchronous mirror and plain qemu-nbd. Rounds are interleaved, so that what else the
 * machine does meets all alike; the table has medians.
 *
 * main.ts [--rounds N] [--seconds S] [--size-mib M] [--only SYSTEM,…] [--json FILE]
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type { BenchSystem } from "./bench-system.ts";
import { fillFile } from "./fill-file.ts";
import { holdfastPair } from "./holdfast-system.ts";
import { localServer } from "./local-system.ts";
import { plainQemuNbd, qemuMirror } from "./qemu-systems.ts";
import { markdownTable, type Row } from "./table.ts";
import { type Measured, measure, workloads } from "./workloads.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "4" },
    "size-mib": { type: "string", default: "1024" },
    only: { type: "string" },
    json: { type: "string" },
  },
});
const sizeMib = Number(values["size-mib"]);
const directory = mkdtempSync(path.join(tmpdir(), "holdfast-bench-"));
let running: BenchSystem | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void endEarly());
try {
  await main();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const file = (name: string): string => fillFile(path.join(directory, name), sizeMib);
  const all: Readonly<Record<string, () => BenchSystem>> = {
    plain: () => plainQemuNbd(directory, file("plain")),
    mirror: () =>
      qemuMirror(directory, { source: file("mirror-source"), target: file("mirror-target") }),
    holdfast: () => holdfastPair(directory, { one: file("one"), two: file("two") }),
    local: () => localServer(directory, file("local")),
  };
  const names = values.only?.split(",") ?? Object.keys(all);
  const systems = names.map((name) => {
    const make = all[name];
    if (make === undefined)
      throw new Error(`--only ${name}: known are ${Object.keys(all).join(", ")}`);
    return make();
  });
  const rows: Row[] = workloads.map((workload) => ({ workload, measured: systems.map(() => []) }));
  for (let round = 1; round <= Number(values.rounds); round++) {
    for (const [column, system] of systems.entries()) {
      console.error(`round ${round}: ${system.name}`);
      await measureSystem(system, (row, measured) => {
        rows[row]?.measured[column]?.push(measured);
      });
    }
  }
  const [cpu] = cpus();
  console.log(
    `${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB; ` +
      `${values.rounds} rounds of ${values.seconds} s; ${sizeMib} MiB volumes in the page cache\n`,
  );
  console.log(
    markdownTable(
      systems.map((system) => system.name),
      rows,
    ),
  );
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(rows, undefined, 1));
}

async function measureSystem(
  system: BenchSystem,
  take: (row: number, measured: Measured) => void,
): Promise<void> {
  running = system;
  const target = await system.start();
  try {
    for (const [row, workload] of workloads.entries())
      take(row, await measure(workload, target, { sizeMib, seconds: Number(values.seconds) }));
  } finally {
    await system.stop();
    running = undefined;
  }
}

async function endEarly(): Promise<void> {
  await running?.stop();
  rmSync(directory, { recursive: true, force: true });
  process.exit(1);
}
