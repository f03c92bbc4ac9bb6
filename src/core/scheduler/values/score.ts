/** Scores: integers between -INFINITY and INFINITY, where -INFINITY wins every sum and INFINITY every other. */
import { scanInteger } from "./number.ts";

export const infinity = 1_000_000;

/** What the node health colours mean as scores; the cluster options set them. */
export type HealthScores = {
  readonly red: number;
  readonly yellow: number;
  readonly green: number;
};

/** No text is 0, text that is no score undefined; values beyond the bounds are clipped. */
export function parseScore(text: string | undefined, health?: HealthScores): number | undefined {
  if (text === undefined) return 0;
  if (text === "-INFINITY") return -infinity;
  if (text === "INFINITY" || text === "+INFINITY") return infinity;
  const value = scanInteger(text);
  if (value === undefined) {
    const colour = text.toLowerCase();
    if (colour !== "red" && colour !== "yellow" && colour !== "green") return undefined;
    return health?.[colour] ?? 0;
  }
  return Math.max(-infinity, Math.min(infinity, value));
}

export function addScores(a: number, b: number): number {
  if (a <= -infinity || b <= -infinity) return -infinity;
  if (a >= infinity || b >= infinity) return infinity;
  return Math.max(-infinity, Math.min(infinity, a + b));
}

export function scoreText(score: number): string {
  if (score >= infinity) return "INFINITY";
  if (score <= -infinity) return "-INFINITY";
  return String(score);
}
