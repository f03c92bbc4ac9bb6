/**
 * Dates and times as rules write them (ISO 8601), as seconds since 1970-01-01T00:00:00Z. A date without an offset is
 * UTC: all nodes must decide alike, whatever their time zones.
 */
export type CivilDate = { readonly year: number; readonly month: number; readonly day: number };

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

const daySeconds = 86_400;
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

const calendar = /^(\d{1,9})-(\d{1,2})-(\d{1,9})|^(\d{4})(\d{2})(\d{2})/;
const ordinal = /^(\d{1,9})-(\d{1,3})(?!\d*-)/;
const weekDate = /^(\d{1,9})-W(\d{1,2})-(\d)/;

/** Undefined for what is no date. */
export function parseDate(text: string): number | undefined {
  if (/^epoch(?:$|[/\s])/i.test(text)) return 0;
  const days = parseDays(text);
  if (days === undefined) return undefined;
  const rest = text.replace(/^[-0-9W]*/, "");
  if (rest === "" || (rest[0] !== " " && rest[0] !== "T")) return days * daySeconds;
  const time = parseTime(rest.slice(1));
  return time === undefined ? undefined : days * daySeconds + time;
}

export function dateFields(seconds: number): DateFields {
  const days = Math.floor(seconds / daySeconds);
  const ofDay = seconds - days * daySeconds;
  const date = civilFromDays(days);
  const weekDay = weekDayOf(days);
  const thursday = civilFromDays(days - weekDay + 4);
  const firstOfWeekYear = daysFromCivil(thursday.year, 1, 1);
  return {
    ...date,
    hour: Math.floor(ofDay / 3600),
    minute: Math.floor(ofDay / 60) % 60,
    second: Math.floor(ofDay) % 60,
    yearDay: days - daysFromCivil(date.year, 1, 1) + 1,
    weekYear: thursday.year,
    week: Math.floor((days - weekDay + 4 - firstOfWeekYear) / 7) + 1,
    weekDay,
  };
}

/** The same day of month, or the month's last, some months later (or earlier). */
export function addMonths(seconds: number, months: number): number {
  const days = Math.floor(seconds / daySeconds);
  const { year, month, day } = civilFromDays(days);
  const index = year * 12 + (month - 1) + months;
  const toYear = Math.floor(index / 12);
  const toMonth = index - toYear * 12 + 1;
  const toDay = Math.min(day, daysInMonth(toYear, toMonth));
  return daysFromCivil(toYear, toMonth, toDay) * daySeconds + (seconds - days * daySeconds);
}

/** "2014-05-07 00:28:00Z" */
export function utcText(seconds: number): string {
  const at = dateFields(seconds);
  const two = (n: number): string => String(n).padStart(2, "0");
  const date = `${String(at.year).padStart(4, "0")}-${two(at.month)}-${two(at.day)}`;
  return `${date} ${two(at.hour)}:${two(at.minute)}:${two(at.second)}Z`;
}

/** Days since 1970-01-01 of a date of the Gregorian calendar. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function civilFromDays(days: number): CivilDate {
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
  const index = Math.floor((5 * dayOfYear + 2) / 153);
  const month = index < 10 ? index + 3 : index - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * index + 2) / 5) + 1,
  };
}

function parseDays(text: string): number | undefined {
  const byMonth = calendar.exec(text);
  if (byMonth !== null) {
    const [year, month, day] = [1, 2, 3].map((i) => Number(byMonth[i] ?? byMonth[i + 3])) as [
      number,
      number,
      number,
    ];
    const valid = year >= 1 && month >= 1 && month <= 12 && day >= 1;
    return valid && day <= daysInMonth(year, month) ? daysFromCivil(year, month, day) : undefined;
  }
  const byDay = ordinal.exec(text);
  if (byDay !== null) {
    const [year, day] = [Number(byDay[1]), Number(byDay[2])];
    const valid = year >= 1 && day >= 1 && day <= (isLeap(year) ? 366 : 365);
    return valid ? daysFromCivil(year, 1, 1) + day - 1 : undefined;
  }
  const byWeek = weekDate.exec(text);
  if (byWeek === null) return undefined;
  const [year, week, day] = [Number(byWeek[1]), Number(byWeek[2]), Number(byWeek[3])];
  if (year < 1 || week < 1 || week > 53 || day < 1 || day > 7) return undefined;
  const fourth = daysFromCivil(year, 1, 4);
  return fourth - weekDayOf(fourth) + (week - 1) * 7 + day;
}

const clock = /^(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?(?:\.\d+)?\s*(Z|[+-]\d{1,2}(?::?\d{2})?)?\s*$/;

/** Seconds of the day, less the offset. */
function parseTime(text: string): number | undefined {
  const match = clock.exec(text);
  if (match === null) return undefined;
  const [hour, minute, second] = [1, 2, 3].map((i) => Number(match[i] ?? 0)) as [
    number,
    number,
    number,
  ];
  if (hour > 24 || minute > 59 || second > 60) return undefined;
  return hour * 3600 + minute * 60 + second - offsetSeconds(match[4] ?? "Z");
}

function offsetSeconds(text: string): number {
  if (text === "Z") return 0;
  const match = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(text);
  if (match === null) return 0;
  const seconds = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60;
  return match[1] === "-" ? -seconds : seconds;
}

function weekDayOf(days: number): number {
  return ((((days + 3) % 7) + 7) % 7) + 1;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : (monthDays[month - 1] as number);
}
