/**
 * node sim/membership/main.ts [--seeds N] [--from SEED] | --seed S [--trace]
 * Runs seeds until one breaks a law; prints it with what to repeat it by.
 */
import { type RunResult, runSeed } from "./run.ts";

const words = process.argv.slice(2);
const value = (name: string): string | undefined => {
  const at = words.indexOf(name);
  return at < 0 ? undefined : words[at + 1];
};
const one = value("--seed");
const first = BigInt(one ?? value("--from") ?? "1");
const count = one === undefined ? BigInt(value("--seeds") ?? "200") : 1n;
const print = words.includes("--trace") ? (line: string) => console.log(line) : undefined;

const sums = { faults: 0, attacks: 0, losses: 0, messages: 0 };
let broken: RunResult | undefined;
for (let seed = first; seed < first + count && broken === undefined; seed++) {
  const result = runSeed({
    seed,
    faults: seed % 5n !== 0n,
    attacker: seed % 2n === 0n,
    ...(print === undefined ? {} : { print }),
  });
  for (const key of ["faults", "attacks", "losses", "messages"] as const) sums[key] += result[key];
  if (one !== undefined) console.log(`seed ${seed}: hash ${result.hash}`);
  if (result.violations.length > 0) broken = result;
}

const { faults, attacks, losses, messages } = sums;
console.log(`${faults} faults, ${attacks} attacks, ${losses} losses, ${messages} messages`);
if (broken === undefined) {
  console.log(`${count} seeds from ${first}: no law broken`);
} else {
  console.log(`seed ${broken.seed}: ${broken.violations.length} violations`);
  for (const violation of broken.violations.slice(0, 5)) console.log(`  ${violation}`);
  console.log(`again: node sim/membership/main.ts --seed ${broken.seed} --trace`);
  process.exitCode = 1;
}
