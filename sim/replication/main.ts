/**
 * `node sim/replication/main.ts --seeds N [--from S]` runs N seeds; `--seed S [--trace]` one, with all that happens.
 * Exit status 1 if any law was broken.
 */
import { parseArgs } from "node:util";
import { type RunResult, runReplication } from "./run.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    trace: { type: "boolean", default: false },
  },
});

const failed = values.seed === undefined ? runMany() : runOne(BigInt(values.seed));
process.exitCode = failed ? 1 : 0;

function runOne(seed: bigint): boolean {
  const print = values.trace ? (line: string) => process.stdout.write(`${line}\n`) : undefined;
  const result = runReplication({ seed, ...(print === undefined ? {} : { print }) });
  report(result);
  return result.failure !== undefined;
}

function runMany(): boolean {
  const count = Number(values.seeds ?? "100");
  const from = BigInt(values.from);
  let failures = 0;
  let events = 0;
  for (let i = 0; i < count; i++) {
    const result = runReplication({ seed: from + BigInt(i) });
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
