/** The README of this folder: a table of all scenarios and what they assert, and of those that are not here. */
import { notHere } from "./not-here.ts";
import type { NamedScenario } from "./scenario-files.ts";

/** Topics of our own: resyncs that never ended, as users told of them, and what the protocols promise. */
export const ownTopics: readonly string[] = ["endless", "promises"];

const head = `# What DRBD's own tests go through

LINBIT tests DRBD with a collection of 143 tests on virtual machines (github.com/LINBIT/drbd9-tests, \`tests/\`). Their names
are a check-list here: each that makes sense with two nodes and 8.4's rules is told again, on two simulated nodes that
run the real machine, in virtual time, with the laws of \`sim/replication/stage/stage-laws.ts\` checked at every step. The topics
\`endless\` (resyncs that never ended elsewhere) and \`promises\` (of the protocols A, B and C) have names of ours.

\`node test/replication-scenarios/main.ts NAME --trace\` tells one with all that happens; \`--readme\` prints this page.
`;

export function readmeOf(scenarios: readonly NamedScenario[]): string {
  const rows = scenarios.map(
    ({ topic, name, scenario }) => `| ${topic} | ${name} | ${scenario.asserts} |`,
  );
  const others = notHere.map(({ reason, names }) => `| ${namesIn(names).join(", ")} | ${reason} |`);
  return [
    head,
    `| topic | scenario | what is asserted |\n| --- | --- | --- |\n${rows.join("\n")}\n`,
    "## Not here\n",
    `| tests | why |\n| --- | --- |\n${others.join("\n")}\n`,
  ].join("\n");
}

export function namesIn(list: string): readonly string[] {
  return list.split(/\s+/).filter((name) => name !== "");
}
