/**
 * `npm run fuzz -- scheduler`: random clusters and, where they are at hand, recorded cases with random changes, decided by
 * this scheduler and by the installed crm_simulate. Prints every difference; each is a mistake of ours or one of the
 * changes between Pacemaker 2.1.5 and 3.0 that docs/design/scheduling.md lists.
 *
 * main.ts [FILE...] [--runs N] [--seed N] [--changes N] [--only random|recorded] [--shrink] [--refused] [--keep DIR] [--program FILE]
 *
 * --changes is how many there are at most. With files only their CIBs are compared. --program is a crm_simulate of 3.0, if there is one: then nothing is version drift.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { Prng } from "../../../src/base/prng.ts";
import { parseXml } from "../../../src/formats/xml/parse-xml.ts";
import { printXml } from "../../../src/formats/xml/print-xml.ts";
import type { XmlElement } from "../../../src/formats/xml/xml-element.ts";
import { crmSimulateMissing } from "../../conformance/crm-simulate.ts";
import { cibOf, clusterArbitrary } from "../../conformance/random-cib.ts";
import {
  casesMissing,
  type Judge,
  judgeMissing,
  loadJudge,
  recordedCibs,
} from "../../conformance/recorded-cases.ts";
import { compareCib, type Difference } from "./compare-cib.ts";
import { mutateCib } from "./mutate-cib.ts";
import { forPacemaker21 } from "./older-pacemaker.ts";
import { shrinkCib } from "./shrink-cib.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    changes: { type: "string", default: "5" },
    only: { type: "string" },
    shrink: { type: "boolean", default: false },
    refused: { type: "boolean", default: false },
    keep: { type: "string" },
    program: { type: "string" },
  },
});
const { program } = values;
const most = Number(values.changes);
const missing = (program === undefined && crmSimulateMissing) || judgeMissing;

type Trial = {
  readonly name: string;
  readonly cib: XmlElement;
  readonly date: string | undefined;
  readonly features: ReadonlySet<string>;
};
type Count = { agreed: number; differed: number; refused: number };

if (missing) console.log(`Nothing is compared: ${missing}.`);
else await campaign();

async function campaign(): Promise<void> {
  const judge = await loadJudge();
  const counts: Count = { agreed: 0, differed: 0, refused: 0 };
  const byFeature = new Map<string, Count>();
  for (const trial of trials(judge)) {
    const difference = compareCib(judge, trial.cib, { program, date: trial.date });
    const outcome =
      difference === undefined
        ? "agreed"
        : difference.levels[0] === "refused"
          ? "refused"
          : "differed";
    counts[outcome]++;
    for (const feature of trial.features) {
      const count = byFeature.get(feature) ?? { agreed: 0, differed: 0, refused: 0 };
      byFeature.set(feature, count);
      count[outcome]++;
    }
    if (difference === undefined) continue;
    if (outcome === "differed") report(judge, trial, difference);
    else if (values.refused) {
      console.log(`${trial.name} is refused: ${difference.notes.join(" ")}`);
      keep(trial.name, trial.cib, difference);
    }
  }
  const features = [...byFeature].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [feature, count] of features) console.log(`${feature}: ${inWords(count)}`);
  console.log(inWords(counts));
  process.exitCode = counts.differed > 0 ? 1 : 0;
}

function inWords({ agreed, differed, refused }: Count): string {
  return `${agreed} agree, ${differed} differ, ${refused} crm_simulate refused`;
}

function* trials(judge: Judge): Generator<Trial> {
  const runs = Number(values.runs);
  const seed = Number(values.seed);
  if (positionals.length > 0) {
    yield* positionals.map(readTrial);
    return;
  }
  if (values.only !== "recorded") yield* randomClusters(runs, seed);
  if (values.only !== "random" && !casesMissing) yield* changedCases(judge, runs, seed);
}

function readTrial(file: string): Trial {
  const parsed = parseXml(readFileSync(file, "utf8"));
  if (!parsed.ok) throw new Error(`${file}: ${parsed.error.message}`);
  const name = path.basename(file, ".xml");
  return { name, cib: inItsWords(parsed.value), date: undefined, features: new Set() };
}

/** Small clusters of the usual kind, and what random changes make of them. */
function* randomClusters(runs: number, seed: number): Generator<Trial> {
  const prng = new Prng(BigInt(seed));
  const specs = fc.sample(clusterArbitrary(), { seed, numRuns: runs });
  for (const [index, spec] of specs.entries()) {
    const own = prng.fork();
    const { cib, features } = mutateCib(cibOf(spec), own, own.between(0, most));
    yield { name: `random-${seed}-${index}`, cib: inItsWords(cib), date: undefined, features };
  }
}

/** Against 2.1.5 only of cases that it decides as recorded: a difference then comes of the change. */
function* changedCases(judge: Judge, runs: number, seed: number): Generator<Trial> {
  const prng = new Prng(BigInt(seed));
  const cases = recordedCibs();
  const agreeing = new Map<string, boolean>();
  for (let run = 0; run < runs; run++) {
    const { name, cib: recorded, date } = prng.pick(cases);
    const own = prng.fork();
    const agrees =
      program !== undefined ||
      (agreeing.get(name) ??
        compareCib(judge, inItsWords(recorded), { program, date }) === undefined);
    agreeing.set(name, agrees);
    if (!agrees) continue;
    const { cib, features } = mutateCib(recorded, own, own.between(1, most));
    yield { name: `${name}-${seed}-${run}`, cib: inItsWords(cib), date, features };
  }
}

function report(judge: Judge, trial: Trial, difference: Difference): void {
  const cib = values.shrink
    ? shrinkCib(trial.cib, (candidate) => differsAlike(judge, candidate, trial, difference), 400)
    : trial.cib;
  const shown = values.shrink
    ? (compareCib(judge, cib, { program, date: trial.date }) ?? difference)
    : difference;
  console.log(`${trial.name} differs by ${difference.levels.join(", ")}`);
  for (const note of shown.notes.slice(0, 8)) console.log(`  ${note}`);
  keep(trial.name, cib, shown);
}

function keep(name: string, cib: XmlElement, shown: Difference): void {
  if (values.keep === undefined) return;
  mkdirSync(values.keep, { recursive: true });
  const file = path.join(values.keep, name);
  writeFileSync(`${file}.xml`, printXml(cib));
  writeFileSync(`${file}.ours`, shown.ours);
  writeFileSync(`${file}.theirs`, shown.theirs);
}

function differsAlike(
  judge: Judge,
  cib: XmlElement,
  { date }: Trial,
  { levels }: Difference,
): boolean {
  const found = compareCib(judge, cib, { program, date })?.levels ?? [];
  return levels.some((level) => found.includes(level));
}

function inItsWords(cib: XmlElement): XmlElement {
  return program === undefined ? forPacemaker21(cib) : cib;
}
