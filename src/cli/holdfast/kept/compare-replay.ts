/** Whether a kept input, decided about again, leads to the actions that were run then. */
import type { ExecutedStep } from "../../../decision/transition.ts";
import type { ActionOutcome } from "../../../decision/transition-outcome.ts";

export type ReplayDifference = {
  /** "start host1 on xen2" */
  readonly onlyThen: readonly string[];
  readonly onlyNow: readonly string[];
};

/** What is only a point in the order does not count; nor does the order, which times decide. */
export function compareReplay(
  then: readonly ActionOutcome[],
  now: readonly ExecutedStep[],
): ReplayDifference {
  const were = then.map(nameOf);
  const are = now.flatMap(actionOf).map(nameOf);
  return {
    onlyThen: were.filter((each) => !are.includes(each)),
    onlyNow: are.filter((each) => !were.includes(each)),
  };
}

type Named = Pick<ActionOutcome, "task" | "resource" | "node" | "intervalMs">;

function actionOf(step: ExecutedStep): readonly Named[] {
  switch (step.kind) {
    case "resource":
      return [step];
    case "cluster": {
      const { task, resource, node } = step;
      return [{ task, node, intervalMs: 0, ...(resource !== undefined && { resource }) }];
    }
    case "fence":
      return [{ task: "stonith", node: step.node, intervalMs: 0 }];
    case "pseudo":
    case "attribute":
    case "failed":
      return [];
  }
}

function nameOf({ task, resource, node, intervalMs }: Named): string {
  const every = intervalMs === 0 ? "" : ` every ${intervalMs / 1000} s`;
  return `${[task, ...(resource === undefined ? [] : [resource]), "on", node].join(" ")}${every}`;
}
