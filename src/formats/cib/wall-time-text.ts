/**
 * Times of day as the CIB spells them: "2026-11-22 18:00:00Z" in rules, "Mon Apr  6 21:30:05 2009" where it says when
 * it was written; and the reading of ISO 8601 dates (calendar, ordinal and week dates). All in UTC.
 */
import { type WallTime, wallTime } from "../../base/time.ts";
import type { Iso8601Duration } from "./iso8601-duration.ts";

const dayMs = 86_400_000;

export type CivilDate = { readonly year: number; readonly month: number; readonly day: number };

/** "2026-11-22 18:00:00Z". */
export function formatWallTime(time: WallTime): string {
  const { date, hours, minutes, seconds } = civilTime(time);
  const day = `${padded(date.year, 4)}-${padded(date.month)}-${padded(date.day)}`;
  return `${day} ${padded(hours)}:${padded(minutes)}:${padded(seconds)}Z`;
}

/** "Mon Apr  6 21:30:05 2009", as the C library writes dates. */
export function formatLastWritten(time: WallTime): string {
  const { days, date, hours, minutes, seconds } = civilTime(time);
  const clock = `${padded(hours)}:${padded(minutes)}:${padded(seconds)}`;
  const weekday = weekdays[(((days + 4) % 7) + 7) % 7];
  return `${weekday} ${months[date.month - 1]} ${String(date.day).padStart(2)} ${clock} ${date.year}`;
}

/** Years and months go by the calendar; a day that the month does not have becomes its last. */
export function addDuration(time: WallTime, duration: Iso8601Duration): WallTime {
  const { days, date } = civilTime(time);
  const monthsFrom0 = date.year * 12 + (date.month - 1) + duration.years * 12 + duration.months;
  const year = Math.floor(monthsFrom0 / 12);
  const month = monthsFrom0 - year * 12 + 1;
  const day = Math.min(date.day, daysInMonth(year, month));
  const moved = daysFromCivil({ year, month, day }) - days + duration.days;
  return wallTime(time + moved * dayMs + duration.seconds * 1000);
}

/**
 * "2026-11-22", "2026-326", "2026-W47-7", each with or without a time ("T12:30", " 12:30:05", "T123005") and an offset
 * ("Z", "+01:00"). Without an offset it is UTC. Undefined when it is no such date.
 */
export function parseWallTime(text: string): WallTime | undefined {
  const parts = /^\s*([0-9W-]+)(?:[T ]\s*([0-9:]+))?\s*(Z|[+-]\d{2}:?\d{2})?\s*$/.exec(text);
  if (parts === null) return undefined;
  const [, dateText = "", clock, zone] = parts;
  const days = parseDays(dateText);
  const seconds = clock === undefined ? 0 : parseClock(clock);
  if (days === undefined || seconds === undefined) return undefined;
  return wallTime(days * dayMs + (seconds - offsetSeconds(zone)) * 1000);
}

function parseDays(text: string): number | undefined {
  const calendar = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text);
  if (calendar !== null) {
    const [year, month, day] = calendar.slice(1).map(Number) as [number, number, number];
    const real = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
    return real ? daysFromCivil({ year, month, day }) : undefined;
  }
  const ordinal = /^(\d{4})-?(\d{3})$/.exec(text);
  if (ordinal !== null) {
    const [year, day] = ordinal.slice(1).map(Number) as [number, number];
    const real = day >= 1 && day <= (isLeap(year) ? 366 : 365);
    return real ? daysFromCivil({ year, month: 1, day: 1 }) + day - 1 : undefined;
  }
  const week = /^(\d{4})-?W(\d{2})-?([1-7])$/.exec(text);
  if (week === null) return undefined;
  const [year, number, day] = week.slice(1).map(Number) as [number, number, number];
  if (number < 1 || number > 53) return undefined;
  // The first week is the one with January 4th; day 0 of the epoch was a Thursday.
  const fourth = daysFromCivil({ year, month: 1, day: 4 });
  const monday = fourth - ((((fourth + 3) % 7) + 7) % 7);
  return monday + (number - 1) * 7 + day - 1;
}

function parseClock(text: string): number | undefined {
  const parts = /^(\d{2})(?::?(\d{2})(?::?(\d{2}))?)?$/.exec(text);
  if (parts === null) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  if (hours > 24 || minutes > 59 || seconds > 59) return undefined;
  return hours * 3600 + minutes * 60 + seconds;
}

function offsetSeconds(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const digits = zone.slice(1).replace(":", "");
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60;
  return zone.startsWith("-") ? -seconds : seconds;
}

function civilTime(time: WallTime) {
  const days = Math.floor(time / dayMs);
  const rest = Math.floor((time - days * dayMs) / 1000);
  return {
    days,
    date: civilFromDays(days),
    hours: Math.floor(rest / 3600),
    minutes: Math.floor(rest / 60) % 60,
    seconds: rest % 60,
  };
}

/** Days since 1970-01-01 of a date of the Gregorian calendar, counted in years that begin in March. */
export function daysFromCivil({ year, month, day }: CivilDate): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export function civilFromDays(days: number): CivilDate {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function padded(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
