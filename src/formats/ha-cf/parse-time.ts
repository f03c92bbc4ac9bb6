/**
 * A time as Heartbeat writes it: a number with or without a fraction, then a unit or none (seconds). Heartbeat 2
 * itself knows ms and us; the other units are those that people write.
 */

const unitMs: Readonly<Record<string, number>> = {
  "": 1000,
  us: 0.001,
  usec: 0.001,
  ms: 1,
  msec: 1,
  s: 1000,
  sec: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
};

/** Longer than this is no time of a cluster (1000 days), and numbers stay exact. */
const longestMs = 1000 * 86_400_000;

/** Whole milliseconds, rounded half up as Heartbeat does (499us is 0); undefined when the text is no such time. */
export function parseTimeMs(text: string): number | undefined {
  const match = /^(\d*\.?\d+|\d+\.)([a-z]*)$/i.exec(text);
  if (match === null) return undefined;
  const [, digits = "", unit = ""] = match;
  const name = unit.toLowerCase();
  const factor = Object.hasOwn(unitMs, name) ? unitMs[name] : undefined;
  if (factor === undefined) return undefined;
  const ms = Math.floor(Number(digits) * factor + 0.5);
  return ms <= longestMs ? ms : undefined;
}
