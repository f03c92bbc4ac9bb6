/**
 * `npm run sim -- exploration [--nodes N] [--guests N] [--faults N] [--states N]` goes through every state that a small cluster
 * can reach with so many faults, in every order. Exit status 1 if a law is broken, with the moves that lead there.
 */
import { parseArgs } from "node:util";
import { explore } from "./explore.ts";

const { values } = parseArgs({
  options: {
    nodes: { type: "string", default: "2" },
    guests: { type: "string", default: "1" },
    faults: { type: "string", default: "2" },
    states: { type: "string", default: "100000" },
  },
});

const result = explore({
  nodes: names("xen", Number(values.nodes)),
  guests: names("host", Number(values.guests)),
  faultsMax: Number(values.faults),
  statesMax: Number(values.states),
});
const extent = result.isComplete ? "all of them" : "there are more";
console.log(`${result.states} states (${extent}), ${result.resting} at rest`);
if (result.broken !== undefined) {
  console.log(`BROKEN: ${result.broken.law}\n  ${result.broken.moves.join("\n  ")}`);
  process.exitCode = 1;
}

function names(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}
