/**
 * node sim/membership/main.ts [--seeds N] [--from SEED] | --seed S [--trace]
 * Runs seeds until one breaks a law; prints it with what to repeat it by.
 */
import { runSeed, traceLine } from "./run.ts";

const arguments_ = process.argv.slice(2);
const value = (name: string): string | undefined => {
  const at = arguments_.indexOf(name);
  return at < 0 ? undefined : arguments_[at + 1];
};
const trace = arguments_.includes("--trace");
const one = value("--seed");
const first = BigInt(one ?? value("--from") ?? "1");
const count = one === undefined ? BigInt(value("--seeds") ?? "200") : 1n;

let losses = 0;
let faults = 0;
for (let seed = first; seed < first + count; seed++) {
  const result = runSeed({
    seed,
    faults: seed % 5n !== 0n,
    attacker: seed % 2n === 0n,
    onTold: (told) => {
      if (trace) console.log(traceLine(told));
    },
  });
  losses += result.losses;
  faults += result.faults;
  if (one !== undefined) console.log(result);
  if (result.violations.length === 0) continue;
  console.log(`seed ${seed}: ${result.violations.length} violations`);
  for (const violation of result.violations.slice(0, 5)) console.log(`  ${violation}`);
  console.log(`  again: node sim/membership/main.ts --seed ${seed} --trace`);
  process.exitCode = 1;
  break;
}
if (process.exitCode !== 1) {
  console.log(`${count} seeds from ${first}: ${faults} faults, ${losses} losses, no law broken`);
}
