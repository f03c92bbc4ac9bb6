/**
 * Intervals and timeouts: a number with a unit ("10s", "500ms", "1min", "2 h") or a bare number of seconds; intervals
 * also as an ISO 8601 duration ("PT1M"). Read as Pacemaker reads them: units match by their first letters in any case,
 * a fraction is dropped ("1.5s" is 1 s), space around the number is skipped.
 */
import { durationSeconds, parseIso8601Duration } from "./iso8601-duration.ts";

/** The longest interval, in ms: an unsigned 32-bit number. */
export const intervalMsMax: number = 2 ** 32 - 1;

/** In ms. Undefined when the text is no interval, or a negative one. */
export function parseIntervalMs(text: string): number | undefined {
  return limited(text.startsWith("P") ? isoMs(text) : plainMs(text));
}

/** In ms. A timeout or delay of an operation is no ISO 8601 duration, to Pacemaker and to the agents' metadata. */
export function parseTimeoutMs(text: string): number | undefined {
  return limited(plainMs(text));
}

function limited(ms: number | undefined): number | undefined {
  return ms === undefined || ms < 0 ? undefined : Math.min(ms, intervalMsMax);
}

/** The interval of the text in ms, or `otherwise` where there is no text or no interval in it. */
export function intervalMsOr(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : (parseIntervalMs(text) ?? otherwise);
}

function isoMs(text: string): number | undefined {
  const duration = parseIso8601Duration(text);
  if (duration === undefined) return undefined;
  return Math.min(durationSeconds(duration), Math.floor(intervalMsMax / 1000)) * 1000;
}

function plainMs(text: string): number | undefined {
  const parts = /^\s*([+-]?\d+)[\d.]*\s*(.*)$/s.exec(text);
  if (parts === null) return undefined;
  const [, digits, unit] = parts as unknown as [string, string, string];
  const amount = Number(digits);
  const lower = unit.toLowerCase();
  if (lower === "" || lower.startsWith("s")) return amount * 1000;
  if (lower.startsWith("ms")) return amount;
  if (lower.startsWith("us")) return Math.trunc(amount / 1000);
  if (lower.startsWith("m")) return amount * 60_000;
  return lower.startsWith("h") ? amount * 3_600_000 : undefined;
}
