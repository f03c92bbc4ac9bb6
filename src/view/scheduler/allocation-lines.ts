/** Scores, and how room was taken (crm_simulate -s and -U), in the order in which they came about. */
import type { ScoreLine, UtilizationLine } from "../../decision/transition.ts";

export type AllocationLine =
  | { readonly kind: "score"; readonly line: ScoreLine }
  | { readonly kind: "utilization"; readonly line: UtilizationLine };

export type Allocations = {
  /** Undefined: not to be shown. */
  readonly scores: readonly ScoreLine[] | undefined;
  readonly utilization: readonly UtilizationLine[] | undefined;
};

/** Those that are to be shown. */
export function allocationLines({ scores, utilization }: Allocations): readonly AllocationLine[] {
  const lines: AllocationLine[] = [];
  let next = 0;
  const addScores = (until: number): void => {
    for (; next < until && scores !== undefined && next < scores.length; next++) {
      lines.push({ kind: "score", line: scores[next] as ScoreLine });
    }
  };
  for (const line of utilization ?? []) {
    addScores(line.afterScores);
    lines.push({ kind: "utilization", line });
  }
  addScores(Number.POSITIVE_INFINITY);
  return lines;
}

/** The heading that Pacemaker 3 gives them; undefined where neither is shown. */
export function allocationTitle({ scores, utilization }: Allocations): string | undefined {
  if (scores === undefined)
    return utilization === undefined ? undefined : "Utilization Information";
  return utilization === undefined
    ? "Assignment Scores"
    : "Assignment Scores and Utilization Information";
}

/** The function of Pacemaker's that names it. */
export const utilizationStep = "pcmk__assign_resource";

export function utilizationText({ kind, resource, node, amounts }: UtilizationLine): string {
  const values = amounts.map(([name, amount]) => ` ${name}=${amount}`).join("");
  if (kind === "assigned")
    return `${utilizationStep}: ${resource} utilization on ${node}:${values}`;
  return `${capacityWords[kind]}: ${node} capacity:${values}`;
}

export const capacityWords = { original: "Original", remaining: "Remaining" } as const;
