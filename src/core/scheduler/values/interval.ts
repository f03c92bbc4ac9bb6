/** Durations: a number with a unit ("10s", "1min", "500ms"; seconds where there is none) or ISO 8601 ("PT1M"). */
import { scanInteger } from "./number.ts";

const uintMax = 4_294_967_295;

/** Milliseconds; undefined for an unknown unit or no number. */
export function parseMilliseconds(text: string): number | undefined {
  const value = scanInteger(text);
  if (value === undefined) return undefined;
  const unit = /^\s*[+-]?\d+[\d.]*\s*(.*)$/s.exec(text)?.[1] ?? "";
  const factor = unitFactor(unit.toLowerCase());
  return factor === undefined ? undefined : Math.trunc(value * factor);
}

/** Milliseconds of an interval; 0 where there is none or it is not valid. */
export function parseInterval(text: string | undefined): number {
  if (text === undefined) return 0;
  const milliseconds = text.startsWith("P") ? isoDurationMs(text) : parseMilliseconds(text);
  return Math.max(0, Math.min(uintMax, milliseconds ?? 0));
}

/** Whole seconds of a timeout: at least 1 unless it is 0, halves rounded up. */
export function wholeSeconds(milliseconds: number): number {
  if (milliseconds === 0) return 0;
  return milliseconds < 1000 ? 1 : Math.floor(milliseconds / 1000 + 0.5);
}

function unitFactor(unit: string): number | undefined {
  if (unit === "" || unit.startsWith("s")) return 1000;
  if (unit.startsWith("ms")) return 1;
  if (unit.startsWith("us")) return 0.001;
  if (unit.startsWith("m")) return 60_000;
  if (unit.startsWith("h")) return 3_600_000;
  return undefined;
}

const designator = /(\d+)([YMWDHS])|T/gy;

/** The designators of times of day count without a T before them too, as they have always been read. */
function isoDurationMs(text: string): number | undefined {
  let seconds = 0;
  let inTime = false;
  designator.lastIndex = 1;
  while (designator.lastIndex < text.length) {
    const match = designator.exec(text);
    if (match === null) return undefined;
    const [, digits, unit] = match;
    if (digits === undefined || unit === undefined) inTime = true;
    else seconds += Number(digits) * (unit === "M" && inTime ? 60 : (unitSeconds[unit] as number));
  }
  return seconds * 1000;
}

/** A month is taken for 30 days and a year for 365. */
const unitSeconds: Readonly<Record<string, number>> = {
  Y: 365 * 86_400,
  M: 30 * 86_400,
  W: 7 * 86_400,
  D: 86_400,
  H: 3600,
  S: 1,
};
