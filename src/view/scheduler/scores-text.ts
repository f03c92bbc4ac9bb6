/** Scores as crm_simulate -s prints them. */
export type Score = {
  readonly step: string;
  readonly resource: string;
  readonly kind: "allocation" | "promotion";
  readonly node: string | undefined;
  readonly score: number;
};

const infinity = 1_000_000;

export function scoresText(scores: readonly Score[]): string {
  return scores.map((line) => `${scoreLine(line)}\n`).join("");
}

function scoreLine({ step, resource, kind, node, score }: Score): string {
  const prefix = kind === "promotion" ? "" : `pcmk__${step}: `;
  const where = node === undefined ? "(inactive)" : `on ${node}`;
  return `${prefix}${resource} ${kind} score ${where}: ${scoreText(score)}`;
}

function scoreText(score: number): string {
  if (score >= infinity) return "INFINITY";
  return score <= -infinity ? "-INFINITY" : String(score);
}
