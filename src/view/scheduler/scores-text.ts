/** Scores as crm_simulate -s prints them. */
import type { ScoreLine } from "../../decision/transition.ts";

const infinity = 1_000_000;

export function scoresText(scores: readonly ScoreLine[]): string {
  return scores.map((line) => `${scoreText(line)}\n`).join("");
}

export function scoreText({ step, resource, kind, node, score }: ScoreLine): string {
  const prefix = kind === "promotion" ? "" : `pcmk__${step}: `;
  const where = node === undefined ? "(inactive)" : `on ${node}`;
  return `${prefix}${resource} ${kind} score ${where}: ${valueText(score)}`;
}

function valueText(score: number): string {
  if (score >= infinity) return "INFINITY";
  return score <= -infinity ? "-INFINITY" : String(score);
}
