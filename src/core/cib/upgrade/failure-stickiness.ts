/** 0.6's failure stickiness: what each failure took from a resource's score on the node where it failed. */
import { formatScore, infinity, scoreOr } from "../../../decision/score.ts";

/**
 * The migration-threshold that means the same where no other scores are at play: a resource leaves a node when
 * stickiness + failures * failureStickiness falls below 0. Undefined where it never does.
 */
export function migrationThreshold(
  failureStickiness: string,
  stickiness: number,
): string | undefined {
  const perFailure = -scoreOr(failureStickiness.toUpperCase(), 0);
  if (perFailure <= 0) return undefined;
  if (perFailure >= infinity) return "1";
  if (stickiness >= infinity) return undefined;
  return formatScore(Math.max(1, Math.ceil((Math.max(0, stickiness) + 1) / perFailure)));
}
