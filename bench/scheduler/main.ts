/**
 * `npm run bench -- scheduler`: the CPU time of the recorded cases, where they are at hand, and of one transition of large
 * clusters (scheduling and graph), the median of some rounds, and how it grows; then what the start of the commands costs that are typed most.
 *
 * main.ts [--nodes N] [--guests N,N,…] [--rounds N]
 */
import { parseArgs } from "node:util";
import { wallTime } from "../../src/base/time.ts";
import { schedule } from "../../src/core/scheduler/schedule.ts";
import { casesMissing } from "../../test/conformance/recorded-cases.ts";
import { largeCluster, states } from "./large-cluster.ts";
import { recordedCasesLine } from "./recorded-cases.ts";

const { values } = parseArgs({
  options: {
    nodes: { type: "string", default: "32" },
    guests: { type: "string", default: "100,500,1000,2000,5000" },
    rounds: { type: "string", default: "3" },
  },
});
const nodes = Number(values.nodes);
const now = wallTime(1_700_000_000_000);

if (casesMissing) console.log(`Recorded cases: ${casesMissing}.\n`);
else console.log(`${recordedCasesLine(5)}\n`);
console.log(`${nodes} nodes: CPU time of a transition in ms, and its actions\n`);
console.log(`| guests | ${states.join(" | ")} |`);
console.log(`| ---: | ${states.map(() => "---:").join(" | ")} |`);
for (const guests of values.guests.split(",").map(Number)) {
  const cells = states.map((state) => {
    const cib = largeCluster(nodes, guests, state);
    const rounds = Array.from({ length: Number(values.rounds) }, () => {
      const before = process.cpuUsage();
      const { graph } = schedule(cib, now);
      const { user, system } = process.cpuUsage(before);
      return { cpuMs: (user + system) / 1000, actions: graph.synapses.length };
    });
    rounds.sort((a, b) => a.cpuMs - b.cpuMs);
    const median = rounds[rounds.length >> 1];
    return `${median?.cpuMs.toFixed(0)} (${median?.actions})`;
  });
  console.log(`| ${guests} | ${cells.join(" | ")} |`);
}

console.log("");
await import("./command-start.ts");
