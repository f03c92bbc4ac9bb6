/** A scenario: a name as in LINBIT's collection of DRBD tests, a sentence on what must hold, and its steps. */
import { withPoisonedGlobals } from "../../kernel/poisoned-globals.ts";
import { Trace } from "../../kernel/trace.ts";
import { failureOf } from "../episode.ts";
import { endEqual } from "./operator.ts";
import { Stage, type StageOptions } from "./stage.ts";

export type Scenario = {
  /** What is asserted, in the operator's words. */
  readonly asserts: string;
  readonly options?: StageOptions;
  /** How it ends: in sync with equal copies, unless it says otherwise. */
  readonly ends?: "in sync" | "as it is";
  run(stage: Stage): void;
};

/** @returns what went wrong, and the last lines of what happened; undefined when all was as it must be. */
export function runScenario(
  scenario: Scenario,
  print?: (line: string) => void,
): { readonly failure: string; readonly lastLines: readonly string[] } | undefined {
  return withPoisonedGlobals(() => {
    const trace = new Trace(print);
    const failure = failureOf(() => {
      const stage = new Stage(trace, scenario.options);
      scenario.run(stage);
      if (scenario.ends !== "as it is") endEqual(stage);
    });
    return failure === undefined ? undefined : { failure, lastLines: trace.lastLines() };
  });
}
