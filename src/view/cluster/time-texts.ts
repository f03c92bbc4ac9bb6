/** Times in words. What needs a calendar comes from outside: pure code has no time zone. */

export type TimeTexts = {
  /** "Wed Apr  8 21:08:56 2009", in the reader's time zone. */
  readonly full: (ms: number) => string;
  /** "21:08:56", or with the day where it is not today's. */
  readonly short: (ms: number) => string;
  /** "2009-04-08 21:08:56Z", with the offset of the reader's time zone where it is another. */
  readonly iso: (ms: number) => string;
};

/** "30s", "2m5s", "1h30m" as Pacemaker's tools write intervals; a unit is used from just above one of it ("60s"). */
export function intervalText(ms: number): string {
  if (ms === 0) return "0s";
  let rest = ms;
  let text = "";
  for (const [size, unit] of units) {
    if (rest <= size) continue;
    text += `${Math.floor(rest / size)}${unit}`;
    rest %= size;
  }
  if (rest > 1000) {
    text += rest % 1000 === 0 ? `${rest / 1000}s` : `${(rest / 1000).toFixed(3)}s`;
    rest = 0;
  }
  return rest > 0 ? `${text}${rest}ms` : text;
}

const units: readonly (readonly [sizeMs: number, unit: string])[] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "m"],
];

/** How long: "less than a second", "40 s", "5 min", "3 h", "2 days": one unit, rounded down. */
export function agoText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 1) return "less than a second";
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}
