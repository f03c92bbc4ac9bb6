/**
 * `npm run fuzz`: every decoder of foreign bytes and text, with inputs that begin as valid ones and are then changed.
 * An input may be read or refused; what must not be is a throw, a broken law, a circle, or memory that grows.
 *
 * main.ts [TARGET …] [--inputs N] [--seed S] [--input I] [--list]
 *
 * A TARGET is a name or the beginning of names (`metadata` is `metadata-superblock` too). --inputs is the number for
 * each of them; without it each has its own. --input runs one input of a seed again, and prints it.
 */
import { parseArgs } from "node:util";
import { type CampaignResult, failureOf, inputOf, runCampaign } from "./campaign.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { watchForHangs } from "./hang-watch.ts";
import { fuzzTargets } from "./targets/fuzz-targets.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    inputs: { type: "string" },
    seed: { type: "string", default: "1" },
    input: { type: "string" },
    list: { type: "boolean", default: false },
  },
});
const seed = BigInt(values.seed);
const chosen = fuzzTargets.filter(
  ({ name }) => positionals.length === 0 || positionals.some((word) => name.startsWith(word)),
);

if (values.list) for (const { name, inputs } of fuzzTargets) console.log(`${name} ${inputs}`);
else if (chosen.length === 0) {
  console.error(`no target is called ${positionals.join(" ")}; --list shows them`);
  process.exitCode = 2;
} else if (values.input !== undefined) for (const target of chosen) again(target, values.input);
else await campaigns();

async function campaigns(): Promise<void> {
  const watch = watchForHangs(
    chosen.map(({ name }) => name),
    seed,
  );
  let total = 0;
  for (const [index, target] of chosen.entries()) {
    if (target.missing !== undefined) {
      console.log(`${target.name.padEnd(20)} skipped: ${target.missing}`);
      continue;
    }
    const inputs = values.inputs === undefined ? target.inputs : Number(values.inputs);
    const onInput = (input: number): void => watch.begin(index, input);
    const result = runCampaign(target, { seed, inputs, onInput });
    total += result.inputs;
    report(target, result);
  }
  await watch.close();
  console.log(`${total} inputs in all, seed ${seed}`);
}

function report(target: FuzzTarget, result: CampaignResult): void {
  const { inputs, read, refused, elapsedMs, slowestMs, heapGrowthBytes, failures, fault } = result;
  const perInput = ((elapsedMs * 1000) / inputs).toFixed(1);
  console.log(
    `${target.name.padEnd(20)} ${inputs} inputs: ${read} read, ${refused} refused, ${failures.length} failed; ` +
      `${(elapsedMs / 1000).toFixed(1)} s, ${perInput} us each, slowest ${slowestMs.toFixed(0)} ms, ` +
      `heap ${heapGrowthBytes >= 0 ? "+" : ""}${Math.round(heapGrowthBytes / 1024)} KiB`,
  );
  for (const failure of failures) {
    console.log(`\n${target.name}, input ${failure.input} of seed ${seed}: ${failure.error}`);
    console.log(`  again: npm run fuzz -- ${target.name} --seed ${seed} --input ${failure.input}`);
    console.log(`  shrunk to ${failure.shrunk.length} bytes: ${shown(target, failure.shrunk)}\n`);
  }
  if (fault !== undefined) console.log(`${target.name}: ${fault}`);
  if (failures.length > 0 || fault !== undefined) process.exitCode = 1;
}

function again(target: FuzzTarget, input: string): void {
  const bytes = inputOf(target, seed, Number(input));
  const error = failureOf(target, bytes);
  console.log(`${target.name}, input ${input} of seed ${seed}: ${error ?? "nothing is wrong"}`);
  console.log(shown(target, bytes));
  if (error !== undefined) process.exitCode = 1;
}

function shown(target: FuzzTarget, bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes);
  return target.isText === true ? JSON.stringify(buffer.toString("utf8")) : buffer.toString("hex");
}
