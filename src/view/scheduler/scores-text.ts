/** Scores as crm_simulate -s prints them. */
import { formatScore } from "../../decision/score.ts";
import type { ScoreLine } from "../../decision/transition.ts";

export function scoresText(scores: readonly ScoreLine[]): string {
  return scores.map((line) => `${scoreText(line)}\n`).join("");
}

export function scoreText(line: ScoreLine): string {
  const { resource, kind, node } = line;
  const prefix = kind === "promotion" ? "" : `${scoreFunction(line)}: `;
  const where = node === undefined ? "(inactive)" : `on ${node}`;
  return `${prefix}${resource} ${kind} score ${where}: ${formatScore(line.score)}`;
}

/** The function of Pacemaker's that would write it down. */
export function scoreFunction({ step }: ScoreLine): string {
  return `pcmk__${step}`;
}
