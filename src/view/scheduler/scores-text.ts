/** Scores as crm_simulate -s prints them. */
import type { ScoreLine } from "../../decision/transition.ts";

export const infinity = 1_000_000;

export function scoresText(scores: readonly ScoreLine[]): string {
  return scores.map((line) => `${scoreText(line)}\n`).join("");
}

export function scoreText(line: ScoreLine): string {
  const { resource, kind, node } = line;
  const prefix = kind === "promotion" ? "" : `${scoreFunction(line)}: `;
  const where = node === undefined ? "(inactive)" : `on ${node}`;
  return `${prefix}${resource} ${kind} score ${where}: ${scoreValue(line)}`;
}

/** The function of Pacemaker's that would write it down. */
export function scoreFunction({ step }: ScoreLine): string {
  return `pcmk__${step}`;
}

export function scoreValue({ score }: Pick<ScoreLine, "score">): string {
  if (score >= infinity) return "INFINITY";
  return score <= -infinity ? "-INFINITY" : String(score);
}
