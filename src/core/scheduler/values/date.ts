/** Dates and times as rules write them (ISO 8601), as seconds since 1970-01-01T00:00:00Z; in UTC, so that all nodes decide alike. */
import { wallTime } from "../../../base/time.ts";
import {
  addDuration,
  type CivilDate,
  civilFromDays,
  daysFromCivil,
  formatWallTime,
  parseWallTime,
} from "../../../formats/cib/wall-time-text.ts";

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

/** Undefined for what is no date. */
export function parseDate(text: string): number | undefined {
  if (text.trim().toLowerCase() === "epoch") return 0;
  const time = parseWallTime(text);
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

/** Years and months go by the calendar: a day that the month does not have becomes its last. */
export function shiftDate(
  seconds: number,
  by: { readonly months: number; readonly days: number; readonly seconds: number },
): number {
  return addDuration(wallTime(seconds * 1000), { years: 0, ...by }) / 1000;
}

/** "2014-05-07 00:28:00Z" */
export function utcText(seconds: number): string {
  return formatWallTime(wallTime(seconds * 1000));
}

function newYear(year: number): number {
  return daysFromCivil({ year, month: 1, day: 1 });
}
