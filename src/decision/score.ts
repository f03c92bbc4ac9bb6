/**
 * Scores: integers bounded by ±INFINITY (1,000,000), as Pacemaker reads and adds them. INFINITY stands for
 * "must", -INFINITY for "must not", and -INFINITY wins over INFINITY.
 */

export const infinity = 1_000_000;

/** What the node health colours mean where a score is expected; the cluster options set them. */
export type HealthScores = {
  readonly red: number;
  readonly yellow: number;
  readonly green: number;
};

const plainHealth: HealthScores = { red: 0, yellow: 0, green: 0 };

/**
 * "INFINITY", "+INFINITY", "-INFINITY", a health colour, or an integer that the text starts with ("100.5" is 100).
 * Larger values are cut to ±INFINITY. Undefined when the text is no score at all.
 */
export function parseScore(text: string, health: HealthScores = plainHealth): number | undefined {
  if (text === "INFINITY" || text === "+INFINITY") return infinity;
  if (text === "-INFINITY") return -infinity;
  switch (text.toLowerCase()) {
    case "red":
      return health.red;
    case "yellow":
      return health.yellow;
    case "green":
      return health.green;
  }
  const digits = /^[\t\n\v\f\r ]*([+-]?\d+)/.exec(text)?.[1];
  return digits === undefined ? undefined : clampScore(Number(digits));
}

/** The score of the text, or `otherwise` where there is no text or no score in it. */
export function scoreOr(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : (parseScore(text) ?? otherwise);
}

/** Adds two scores; -INFINITY is absorbing, then INFINITY. */
export function addScores(a: number, b: number): number {
  if (a <= -infinity || b <= -infinity) return -infinity;
  if (a >= infinity || b >= infinity) return infinity;
  return clampScore(a + b);
}

export function formatScore(score: number): string {
  if (score >= infinity) return "INFINITY";
  return score <= -infinity ? "-INFINITY" : String(score);
}

function clampScore(score: number): number {
  // The addition turns a negative zero into zero.
  return Math.min(infinity, Math.max(-infinity, score)) + 0;
}
