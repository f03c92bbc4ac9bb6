/**
 * Times of day as the CIB spells them: "2026-11-22 18:00:00Z" in rules, "Mon Apr  6 21:30:05 2009" where it says when
 * it was written. All in UTC.
 */
import { type WallTime, wallTime } from "../../base/time.ts";
import { civilFromDays, daysFromCivil, daysInMonth, newYear } from "./civil-date.ts";
import type { Iso8601Duration } from "./iso8601-duration.ts";

const dayMs = 86_400_000;
/** Any amount may be asked for; beyond this no clock goes. */
const farthestMs = 8.64e15;

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

/**
 * Years and months go by the calendar, as Pacemaker counts them: a year later is the same day of the year, a month later the
 * same day of the month, and where the month does not have it, its last.
 */
export function addDuration(time: WallTime, duration: Iso8601Duration): WallTime {
  const { days, date: from } = civilTime(time);
  const toYear = Math.max(1, from.year + duration.years);
  const date = civilFromDays(newYear(toYear) + days - newYear(from.year));
  const monthsFrom0 = date.year * 12 + (date.month - 1) + duration.months;
  const year = Math.floor(monthsFrom0 / 12);
  const month = monthsFrom0 - year * 12 + 1;
  const day = Math.min(date.day, daysInMonth(year, month));
  const moved = daysFromCivil({ year, month, day }) - days + duration.days;
  const later = time + moved * dayMs + duration.seconds * 1000;
  return wallTime(Math.max(-farthestMs, Math.min(farthestMs, later)));
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

function padded(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
