/**
 * Reading dates and times of ISO 8601 as rules have them: calendar, ordinal and week dates. As Pacemaker reads them, field by
 * field from the left: "2026-1-1" is a date, fractions of a second and what follows "Z" are passed over, and "2026-11" is the
 * eleventh day of the year. Without an offset it is UTC, so that all nodes decide alike.
 */
import { type WallTime, wallTime } from "../../base/time.ts";
import { daysFromCivil, daysInMonth, newYear } from "./civil-date.ts";

const dayMs = 86_400_000;
/** More digits than this are no year, and would make a time that is no safe integer. */
const yearMax = 200_000;

/**
 * "2026-11-22", "20261122", "2026-326", "2026-W47-7", each with or without a time ("T12:30", " 12:30:05", "T123005") and an
 * offset ("Z", "+01:00"); "T12:30" and "12:30:05" are times of today, when it is known; "epoch" is
 * 1970-01-01. Undefined when it is no such date.
 */
export function parseWallTime(text: string, today?: WallTime): WallTime | undefined {
  if (/^epoch(?:[/\s]|$)/i.test(text)) return wallTime(0);
  const timeOnly = text.startsWith("T") || text[2] === ":";
  if (timeOnly) {
    if (today === undefined) return undefined;
    const clock = text.startsWith("T") ? text.slice(1) : text;
    return at(Math.floor(today / dayMs), clock);
  }
  const days = parseDays(text);
  if (days === undefined) return undefined;
  const rest = /^[0-9W-]*[ T](.*)$/s.exec(text);
  return rest === null ? wallTime(days * dayMs) : at(days, rest[1] ?? "");
}

function at(days: number, text: string): WallTime | undefined {
  const [clock, offset] = [parseClock(text), parseOffset(text)];
  if (clock === undefined || offset === undefined) return undefined;
  return wallTime(days * dayMs + (clock - offset) * 1000);
}

function parseDays(text: string): number | undefined {
  const calendar = /^(\d+)-(\d+)-(\d+)/.exec(text) ?? /^(\d{4})(\d{2})(\d{1,2})/.exec(text);
  if (calendar !== null) {
    const [year, month, day] = calendar.slice(1).map(Number) as [number, number, number];
    if (!isYear(year) || month < 1 || month > 12) return undefined;
    const real = day >= 1 && day <= daysInMonth(year, month);
    return real ? daysFromCivil({ year, month, day }) : undefined;
  }
  const ordinal = /^(\d+)-(\d+)/.exec(text);
  if (ordinal !== null) {
    const [year, day] = ordinal.slice(1).map(Number) as [number, number];
    return isYear(year) && day >= 1 && day <= newYear(year + 1) - newYear(year)
      ? newYear(year) + day - 1
      : undefined;
  }
  const week = /^(\d+)-W(\d+)-(\d+)/.exec(text);
  if (week === null) return undefined;
  const [year, number, day] = week.slice(1).map(Number) as [number, number, number];
  if (!isYear(year) || day < 1 || day > 7) return undefined;
  const first = firstMonday(year);
  const weeks = (firstMonday(year + 1) - first) / 7;
  return number >= 1 && number <= weeks ? first + (number - 1) * 7 + day - 1 : undefined;
}

function isYear(year: number): boolean {
  return year >= 1 && year <= yearMax;
}

/** Of the first week, which is the one with January 4th; day 0 of the epoch was a Thursday. */
function firstMonday(year: number): number {
  const fourth = newYear(year) + 3;
  return fourth - ((((fourth + 3) % 7) + 7) % 7);
}

/** Seconds of "6", "06:30", "06:30:05" or "063005"; 24:00 is the end of the day. */
function parseClock(text: string): number | undefined {
  const parts =
    /^\s*(\d+):(\d+)(?::(\d+))?/.exec(text) ?? /^\s*(\d{1,2})(?:(\d{1,2})(\d{1,2})?)?/.exec(text);
  if (parts === null) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  if (minutes > 59 || seconds > 59) return undefined;
  if (hours > 23 && (hours > 24 || minutes > 0 || seconds > 0)) return undefined;
  return hours * 3600 + minutes * 60 + seconds;
}

/** Seconds east of UTC. */
function parseOffset(text: string): number | undefined {
  if (text.includes("Z")) return 0;
  const found = /[ +-]\s*(.*)$/s.exec(text);
  if (found === null) return 0;
  const zone = found[0].trimStart();
  const signed = zone.startsWith("+") || zone.startsWith("-");
  if (!signed && !/^\d/.test(zone)) return 0;
  const seconds = parseClock(signed ? zone.slice(1) : zone);
  return seconds === undefined ? undefined : zone.startsWith("-") ? -seconds : seconds;
}
