/**
 * The two kinds of time. They never mix: an Instant orders and measures on one node; a WallTime is
 * what people read and what rules with dates are evaluated against.
 */
declare const instantBrand: unique symbol;
declare const wallBrand: unique symbol;

/** Milliseconds on one node's monotonic clock, fractions allowed. Never compared across nodes. */
export type Instant = number & { readonly [instantBrand]: true };

/** Milliseconds since 1970-01-01T00:00:00Z, as the node's real-time clock says. */
export type WallTime = number & { readonly [wallBrand]: true };

export function instant(ms: number): Instant {
  return ms as Instant;
}

export function wallTime(msSinceEpoch: number): WallTime {
  return msSinceEpoch as WallTime;
}

export function after(start: Instant, durationMs: number): Instant {
  return (start + durationMs) as Instant;
}

/** How long from `earlier` to `later`, in ms; negative if they are the other way round. */
export function elapsedMs(earlier: Instant, later: Instant): number {
  return later - earlier;
}

/** The earliest of some deadlines, each of which may be absent. */
export function earliest(...deadlines: readonly (Instant | undefined)[]): Instant | undefined {
  let first: Instant | undefined;
  for (const deadline of deadlines) {
    if (deadline !== undefined && (first === undefined || deadline < first)) first = deadline;
  }
  return first;
}
