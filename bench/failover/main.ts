/**
 * The failover benchmark: power cuts in a lab of two hosts that run the how-to's two guests, one after another, and
 * when after each the survivor declared the host dead, made the disks Primary, powered the guest on, and the
 * guest answered. All are measured by the demo's own means: see lab/demo/power-cut.ts.
 *
 * main.ts [--runs N] [--files DIR] [--json FILE]
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { labDown } from "../../lab/lab.ts";
import { UserError } from "../../src/api/user-error.ts";
import { FailoverLab } from "./failover-lab.ts";
import { describeMachine, failoverTable } from "./failover-table.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10" },
    files: { type: "string", default: path.join(import.meta.dirname, "../../examples/howto") },
    json: { type: "string" },
  },
});
const runs = Number(values.runs);
const lab = new FailoverLab(`bench-${process.pid}`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void endEarly());
try {
  await main();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`bench failover: ${error.message} (${error.code})\n`);
  process.exitCode = 1;
} finally {
  await lab.down();
}

async function main(): Promise<void> {
  process.stderr.write("Two hosts, two guests: being set up …\n");
  await lab.up(path.resolve(values.files));
  const measured = [];
  for (let run = 1; run <= runs; run++) {
    const times = await lab.powerCut();
    measured.push(times);
    process.stderr.write(`${run}: ${JSON.stringify(times)}\n`);
    if (run < runs) await lab.bringBack();
  }
  const verdicts = await lab.finish();
  process.stdout.write(`${describeMachine()}\n\n${failoverTable(measured)}`);
  for (const [guest, verdict] of Object.entries(verdicts)) {
    if (verdict === undefined) continue;
    const { acknowledged, lost, doubled } = verdict;
    process.stdout.write(
      `\n${guest}: ${acknowledged} records acknowledged, ${lost} lost, ${doubled} doubled`,
    );
  }
  process.stdout.write("\n");
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ measured, verdicts }, null, 2)}\n`);
}

async function endEarly(): Promise<void> {
  lab.abandon();
  await labDown(lab.name);
  process.exit(130);
}
