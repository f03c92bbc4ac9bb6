/**
 * `npm run conformance`: passes by stage and category, every failure with the levels at which it differs, and the CPU
 * time. `npm run conformance -- NAME...` says of some cases what differs. Exit status 1 if a case fails.
 * `npm run conformance -- --texts [TOOL [WORD...]]` compares what crm_mon and crm_simulate print with Debian's tools.
 */
import { compareTexts } from "./compare-texts.ts";
import { casesMissing, countBy, type JudgedCase, judgeCases } from "./recorded-cases.ts";

if (casesMissing) console.log(`Nothing is compared: ${casesMissing}.`);
else await run(process.argv.slice(2));

async function run(words: readonly string[]): Promise<void> {
  if (words[0] === "--texts") await compareTexts(words.slice(1));
  else await report(words);
}

async function report(names: readonly string[]): Promise<void> {
  const { cases, cpuMs } = await judgeCases(Math.floor(Date.now() / 1000));
  if (names.length > 0) return explain(cases, names);
  for (const key of ["stage", "category"] as const) {
    for (const { of, passed, total } of countBy(cases, key)) {
      console.log(`${key} ${of}: ${passed} of ${total}`);
    }
    console.log("");
  }
  const failed = cases.filter(({ passed }) => !passed);
  for (const each of failed) console.log(`FAIL ${line(each)}`);
  for (const each of cases) {
    if (each.passed && each.failed.length > 0) console.log(`pass ${line(each)}`);
  }
  const passed = cases.length - failed.length;
  console.log(
    `${passed} of ${cases.length} cases pass; ${(cpuMs / 1000).toFixed(1)} s of CPU time`,
  );
  process.exitCode = failed.length > 0 ? 1 : 0;
}

function explain(cases: readonly JudgedCase[], names: readonly string[]): void {
  const chosen = cases.filter(({ name }) => names.includes(name));
  for (const each of chosen) {
    console.log(`${each.passed ? "pass" : "FAIL"} ${line(each)}`);
    for (const note of each.notes) console.log(`  ${note}`);
  }
  process.exitCode = chosen.length > 0 && chosen.every(({ passed }) => passed) ? 0 : 1;
}

function line({ name, stage, category, failed }: JudgedCase): string {
  const words = failed.length === 0 ? "equal at every level" : `differs by ${failed.join(", ")}`;
  return `${name} (stage ${stage}, ${category}) ${words}`;
}
