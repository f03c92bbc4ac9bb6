/** Dates and times as rules write them (ISO 8601), as seconds since 1970-01-01T00:00:00Z; in UTC, so that all nodes decide alike. */
import { wallTime } from "../../../base/time.ts";
import { type CivilDate, civilFromDays, newYear } from "../../../formats/cib/civil-date.ts";
import { parseWallTime } from "../../../formats/cib/iso8601-date.ts";
import type { Iso8601Duration } from "../../../formats/cib/iso8601-duration.ts";
import { addDuration, formatWallTime } from "../../../formats/cib/wall-time-text.ts";

const daySeconds = 86_400;

export type DateFields = CivilDate & {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly yearDay: number;
  readonly weekYear: number;
  readonly week: number;
  /** Monday is 1. */
  readonly weekDay: number;
};

/** @param now seconds; without it, times that have no date are none. Undefined for what is no date. */
export function parseDate(text: string, now?: number): number | undefined {
  const time = parseWallTime(text, now === undefined ? undefined : wallTime(now * 1000));
  return time === undefined ? undefined : Math.floor(time / 1000);
}

export function dateFields(seconds: number): DateFields {
  const days = Math.floor(seconds / daySeconds);
  const ofDay = seconds - days * daySeconds;
  const date = civilFromDays(days);
  // Day 0 was a Thursday. A week belongs to the year in which its Thursday lies.
  const weekDay = ((((days + 3) % 7) + 7) % 7) + 1;
  const thursday = days - weekDay + 4;
  const weekYear = civilFromDays(thursday).year;
  return {
    ...date,
    hour: Math.floor(ofDay / 3600),
    minute: Math.floor(ofDay / 60) % 60,
    second: Math.floor(ofDay) % 60,
    yearDay: days - newYear(date.year) + 1,
    weekYear,
    week: Math.floor((thursday - newYear(weekYear)) / 7) + 1,
    weekDay,
  };
}

export function shiftDate(seconds: number, by: Iso8601Duration): number {
  return addDuration(wallTime(seconds * 1000), by) / 1000;
}

/** "2014-05-07 00:28:00Z" */
export function utcText(seconds: number): string {
  return formatWallTime(wallTime(seconds * 1000));
}
