/** This node's own orderly end or restart: it is told until every member has heard of it, or for two keepalives. */
import { after, type Instant } from "../../base/time.ts";
import type { Intent } from "./types.ts";

export type Departure = {
  readonly intent: Exclude<Intent, "running">;
  readonly holdMs: number;
  /** The first packet that says it: who has this one, or a later one, knows. */
  readonly firstSequence: number;
  readonly until: Instant;
};

export function departure(
  how: { readonly intent: Departure["intent"]; readonly holdMs: number },
  firstSequence: number,
  options: { readonly keepaliveMs: number; readonly now: Instant },
): Departure {
  const { keepaliveMs, now } = options;
  return {
    ...how,
    firstSequence,
    until: after(now, 2 * keepaliveMs),
  };
}
