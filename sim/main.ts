/**
 * `npm run sim -- --seeds N [--from S]` runs whole simulated clusters from N seeds; `--seed S [--trace]` one, with all that
 * happens. `--fencing on|off` instead of what the seed says. Exit status 1 if any law was broken.
 */
import { parseArgs } from "node:util";
import { type RunResult, runCluster } from "./cluster/run.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    trace: { type: "boolean", default: false },
    fencing: { type: "string" },
  },
});

const fencing = values.fencing === undefined ? {} : { fencing: values.fencing === "on" };
const failed =
  values.seed === undefined ? await runMany(values.seeds) : await runOne(BigInt(values.seed));
process.exitCode = failed ? 1 : 0;

async function runOne(seed: bigint): Promise<boolean> {
  const print = values.trace ? (line: string) => process.stdout.write(`${line}\n`) : undefined;
  const result = await runCluster({ seed, ...fencing, ...(print === undefined ? {} : { print }) });
  report(result);
  return result.failure !== undefined;
}

async function runMany(seeds = "50"): Promise<boolean> {
  const count = Number(seeds);
  const from = BigInt(values.from);
  let failures = 0;
  let acknowledged = 0;
  let twins = 0;
  for (let i = 0; i < count; i++) {
    const result = await runCluster({ seed: from + BigInt(i), ...fencing });
    acknowledged += result.acknowledged;
    if (result.twins.length > 0) twins++;
    if (result.failure === undefined) continue;
    failures++;
    report(result);
  }
  const silent = twins === 0 ? "" : `, ${twins} with two guests for want of fencing`;
  console.log(
    `${count} seeds from ${from}: ${failures} failed${silent}; ${acknowledged} records acknowledged`,
  );
  return failures > 0;
}

function report(result: RunResult): void {
  const verdict =
    result.failure === undefined
      ? "ok"
      : `FAILED: ${result.failure.split("\n").slice(0, 6).join("\n")}`;
  const how = `${result.nodes} nodes, fencing ${result.fencing ? "on" : "off"}`;
  const seconds = (result.virtualMs / 1000).toFixed(0);
  const facts = `${seconds} s, ${result.acknowledged} records, ${result.changes} changes`;
  console.log(
    `seed ${result.seed} hash ${result.hash} (${how}; ${facts}) [${result.faults.join(", ")}] ${verdict}`,
  );
}
