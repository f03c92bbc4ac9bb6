/**
 * The disk benchmark: fio's nbd engine against one DRBD resource with its peer connected, both disk servers on this
 * machine, next to QEMU's synchronous mirror and plain qemu-nbd; resyncs next to nbdcopy; eight disks at once; what a
 * disk server needs. Everything may use all processors. The tables are Markdown.
 *
 * main.ts [--quick] [--rounds N] [--seconds S] [--size-mib M] [--resync-mib M] [--only SYSTEM,…] [--parts PART,…]
 *         [--json FILE]
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { compare } from "./compare.ts";
import { type EngineName, engineNames, isEngineName, makeEngine } from "./engines.ts";
import { measureFootprint } from "./footprint.ts";
import { type ManyFigures, measureMany } from "./many-disks.ts";
import { endAllProcesses } from "./processes.ts";
import { measureResync } from "./resync.ts";
import { comparisonTable, cpuTable, footprintTable, manyTable, resyncTable } from "./table.ts";

const partNames = ["workloads", "resync", "many", "footprint"] as const;
type Part = (typeof partNames)[number];

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    seconds: { type: "string" },
    "size-mib": { type: "string" },
    "resync-mib": { type: "string" },
    only: { type: "string", default: engineNames.join(",") },
    parts: { type: "string", default: partNames.join(",") },
    json: { type: "string" },
  },
});
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
const seconds = Number(values.seconds ?? (values.quick ? 2 : 4));
const sizeMib = Number(values["size-mib"] ?? (values.quick ? 256 : 1024));
const resyncMib = Number(values["resync-mib"] ?? (values.quick ? 512 : 4096));

const directory = mkdtempSync(path.join(tmpdir(), "holdfast-bench-"));
const results: Record<string, unknown> = {};
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => end(1));
const parts: Readonly<Record<Part, (directory: string) => Promise<void>>> = {
  workloads: workloadsPart,
  resync: resyncPart,
  many: manyPart,
  footprint: footprintPart,
};
try {
  await main();
} finally {
  end();
}

async function main(): Promise<void> {
  const wanted = values.parts.split(",");
  const unknown = wanted.find((part) => !Object.hasOwn(parts, part));
  if (unknown !== undefined)
    throw new Error(`--parts ${unknown}: known are ${partNames.join(", ")}`);
  const [cpu] = cpus();
  console.log(
    `${new Date().toISOString().slice(0, 10)}; ${cpus().length} × ${cpu?.model.trim()}, ` +
      `${Math.round(totalmem() / 2 ** 30)} GiB; ${rounds} rounds of ${seconds} s; ` +
      `${sizeMib} MiB volumes in the page cache\n`,
  );
  for (const part of partNames) {
    if (!wanted.includes(part)) continue;
    const own = path.join(directory, part);
    mkdirSync(own);
    console.error(`${part} …`);
    await parts[part](own);
    rmSync(own, { recursive: true });
  }
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(results, undefined, 1));
}

async function workloadsPart(own: string): Promise<void> {
  const systems = new Map(
    values.only.split(",").map((name) => {
      if (!isEngineName(name))
        throw new Error(`--only ${name}: known are ${engineNames.join(", ")}`);
      return [name, makeEngine(name, { directory: own, sizeMib })];
    }),
  );
  const rows = await compare(systems, { rounds, seconds, sizeMib });
  const names = new Map([...systems].map(([name, system]) => [name, system.name]));
  console.log(`${comparisonTable(names, rows)}\n${cpuTable(names, rows)}`);
  results["workloads"] = rows.map(({ workload, samples }) => ({
    workload: workload.name,
    samples: Object.fromEntries(samples),
  }));
}

async function resyncPart(own: string): Promise<void> {
  const figures = await measureResync(own, resyncMib);
  console.log(resyncTable(figures));
  results["resync"] = figures;
}

async function manyPart(own: string): Promise<void> {
  const all: ManyFigures[] = [];
  for (const engine of ["mirror", "holdfast"] as const satisfies EngineName[])
    for (const disks of [1, 8]) all.push(await measureMany(own, engine, { disks, seconds }));
  console.log(manyTable(all));
  results["many"] = all;
}

async function footprintPart(own: string): Promise<void> {
  const footprint = await measureFootprint(own, seconds);
  console.log(footprintTable(footprint));
  results["footprint"] = footprint;
}

/** @param status the exit code, for an end before its time. */
function end(status?: number): void {
  endAllProcesses();
  rmSync(directory, { recursive: true, force: true });
  if (status !== undefined) process.exit(status);
}
