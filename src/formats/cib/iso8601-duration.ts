/** ISO 8601 durations such as P1DT12H and PT1M. Fractions are not understood, the order of the parts is free. */

export type Iso8601Duration = {
  readonly years: number;
  readonly months: number;
  /** Weeks are counted in. */
  readonly days: number;
  /** Hours and minutes are counted in. */
  readonly seconds: number;
};

/** Amounts are limited to what a signed 32-bit number holds. */
const amountMax = 2 ** 31 - 1;

export function parseIso8601Duration(text: string): Iso8601Duration | undefined {
  if (!text.startsWith("P") || text.length < 2) return undefined;
  const amount = { years: 0, months: 0, days: 0, seconds: 0 };
  let inTime = false;
  let seen = false;
  let rest = text.slice(1);
  while (rest !== "") {
    if (rest.startsWith("T")) {
      inTime = true;
      rest = rest.slice(1);
      continue;
    }
    const part = /^([+-]?\d{1,10})([YMWDHS])/.exec(rest);
    if (part === null) return undefined;
    const [whole, digits, unit] = part as unknown as [string, string, string];
    if (!addPart(amount, Number(digits), unit, inTime)) return undefined;
    seen = true;
    rest = rest.slice(whole.length);
  }
  return seen ? amount : undefined;
}

/** How long a duration is when its start is unknown: years count 365 days, months 30. */
export function durationSeconds(duration: Iso8601Duration): number {
  const days = duration.years * 365 + duration.months * 30 + duration.days;
  return days * 86_400 + duration.seconds;
}

function addPart(
  amount: { years: number; months: number; days: number; seconds: number },
  value: number,
  unit: string,
  inTime: boolean,
): boolean {
  if (unit === "Y") amount.years = value;
  else if (unit === "M" && !inTime) amount.months = value;
  else if (unit === "W") amount.days += value * 7;
  else if (unit === "D") amount.days += value;
  else amount.seconds += value * (unit === "H" ? 3600 : unit === "M" ? 60 : 1);
  return Object.values(amount).every((each) => Math.abs(each) <= amountMax);
}
