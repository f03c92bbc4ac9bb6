/**
 * `npm run fuzz -- drbd-grammar [--files N] [--seed S]`: random drbd.conf files, read by us and by DRBD's own drbdadm of
 * 8.4. What the two read differently is made as small as it goes, and printed with its seed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { drbdadmMissing } from "../../compat/drbdadm-84.ts";
import { compare } from "./differs.ts";
import { randomDrbdConf, randomHost } from "./random-drbd-conf.ts";

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "20000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const missing = drbdadmMissing();
if (missing === undefined) run();
else process.stdout.write(`skipped: ${missing}\n`);

function run(): void {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-drbd-grammar-"));
  const file = path.join(directory, "drbd.conf");
  let accepted = 0;
  const result = fc.check(
    fc.property(randomDrbdConf, randomHost, (text, host) => {
      const outcome = compare(text, file, host);
      if (outcome.accepted) accepted += 1;
      return outcome.difference === undefined;
    }),
    { numRuns: Number(values.files), seed: Number(values.seed) },
  );
  process.stdout.write(
    `${result.numRuns} files, seed ${values.seed}, ${accepted} readings of accepted ones\n`,
  );
  if (result.failed) {
    const [text, host] = result.counterexample ?? ["", "alpha"];
    process.stdout.write(`${text}\n${host}: ${compare(text, file, host).difference}\n`);
    process.exitCode = 1;
  }
  rmSync(directory, { recursive: true });
}
