/**
 * `node sim/replication/main.ts --seeds N [--from S]` runs N seeds; `--seed S [--trace]` one, with all that happens.
 * `--hosts 3`: three servers with a resource each two.
 * `--moments` tells every tale with every fault at each of its moments; `--tale N --moment packet:12` those of one moment,
 * with `--trace` all that happens. Exit status 1 if any law was broken.
 */
import { parseArgs } from "node:util";
import { type Moment, momentsOf, runTale, type Tale } from "./moments.ts";
import { type RunResult, runReplication } from "./run.ts";
import { tales } from "./tales.ts";
import { runThreeHosts } from "./three-hosts.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    trace: { type: "boolean", default: false },
    hosts: { type: "string", default: "2" },
    moments: { type: "boolean", default: false },
    tale: { type: "string" },
    moment: { type: "string" },
  },
});

const runSeed = values.hosts === "3" ? runThreeHosts : runReplication;
process.exitCode = runAsAsked() ? 1 : 0;

function runAsAsked(): boolean {
  if (values.moments || values.tale !== undefined) return runMoments();
  return values.seed === undefined ? runMany() : runOne(BigInt(values.seed));
}

function runMoments(): boolean {
  let failures = 0;
  for (const [i, tale] of tales.entries()) {
    if (values.tale !== undefined && Number(values.tale) !== i) continue;
    const { moments, failure } = runTale(tale);
    if (failure !== undefined) console.log(`tale ${i} FAILED: ${failure}`);
    const chosen = momentsOf(moments, "all").filter(isChosen);
    const failed = chosen.filter((moment) => !holds(tale, i, moment)).length;
    failures += failed + (failure === undefined ? 0 : 1);
    console.log(`tale ${i}: ${tale.name}: ${chosen.length} faults, ${failed} failed`);
  }
  return failures > 0;
}

function isChosen({ kind, number }: Moment): boolean {
  return values.moment === undefined || values.moment === `${kind}:${number}`;
}

function holds(tale: Tale, i: number, moment: Moment): boolean {
  const { kind, number, fault } = moment;
  const { failure } = runTale(tale, moment, values.trace ? printLine : undefined);
  if (failure === undefined) return true;
  console.log(`tale ${i} ${kind}:${number} ${fault.name} FAILED: ${firstLines(failure)}`);
  return false;
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

function runOne(seed: bigint): boolean {
  const print = values.trace ? printLine : undefined;
  const result = runSeed({ seed, ...(print === undefined ? {} : { print }) });
  report(result);
  return result.failure !== undefined;
}

function runMany(): boolean {
  const count = Number(values.seeds ?? "100");
  const from = BigInt(values.from);
  let failures = 0;
  let events = 0;
  for (let i = 0; i < count; i++) {
    const result = runSeed({ seed: from + BigInt(i) });
    events += result.events;
    if (result.failure === undefined) continue;
    failures++;
    report({ ...result, failure: firstLines(result.failure) });
  }
  console.log(`${count} seeds from ${from}: ${failures} failed, ${events} events`);
  return failures > 0;
}

function report(result: RunResult): void {
  const seconds = (result.virtualMs / 1000).toFixed(1);
  const verdict = result.failure === undefined ? "ok" : `FAILED: ${result.failure}`;
  console.log(
    `seed ${result.seed} hash ${result.hash} ${result.events} events ${seconds} s [${result.faults.join(", ")}] ${verdict}`,
  );
}

/** Of an assertion's stack, the machine's own part. */
function firstLines(text: string): string {
  return text.split("\n").slice(0, 6).join("\n");
}
