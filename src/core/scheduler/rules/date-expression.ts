/** <date_expression>: whether now lies in a range, after or before a date, or at the times a date_spec lists. */
import { attribute, child, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { dateFields, parseDate, shiftDate } from "../values/date.ts";
import { intMax, intMin, scanInteger } from "../values/number.ts";

/** Told when the answer will change next, in seconds since 1970. */
export type ChangeListener = (atSeconds: number) => void;

/** Where now lies from the time that an expression is about. */
export type DatePlace = "before" | "within" | "after";

export function dateExpressionHolds(
  expression: XmlElement,
  now: number,
  onChange: ChangeListener,
): boolean {
  return datePlace(expression, now, onChange) === "within";
}

/** Undefined for an expression that is not valid. */
export function datePlace(
  expression: XmlElement,
  now: number,
  onChange: ChangeListener,
): DatePlace | undefined {
  switch ((attribute(expression, "operation") ?? "in_range").toLowerCase()) {
    case "in_range":
      return rangePlace(expression, now, onChange);
    case "date_spec": {
      const spec = child(expression, "date_spec");
      return spec && specPlace(spec, now);
    }
    case "gt": {
      const start = date(expression, "start", now);
      if (start === undefined) return undefined;
      if (now > start) return "within";
      onChange(start + 1);
      return "before";
    }
    case "lt": {
      const end = date(expression, "end", now);
      if (end === undefined) return undefined;
      if (now >= end) return "after";
      onChange(end);
      return "within";
    }
    default:
      return undefined;
  }
}

function rangePlace(
  expression: XmlElement,
  now: number,
  onChange: ChangeListener,
): DatePlace | undefined {
  for (const name of ["start", "end"]) {
    const given = attribute(expression, name);
    if (given !== undefined && parseDate(given, now) === undefined) return undefined;
  }
  const start = date(expression, "start", now);
  let end = date(expression, "end", now);
  if (start === undefined && end === undefined) return undefined;
  const duration = child(expression, "duration");
  if (end === undefined && start !== undefined && duration !== undefined) {
    end = afterDuration(start, duration);
    if (end === undefined) return undefined;
  }
  if (start !== undefined && now < start) {
    onChange(start);
    return "before";
  }
  if (end !== undefined) {
    if (now > end) return "after";
    // The range includes its last second.
    onChange(end + 1);
  }
  return "within";
}

function date(expression: XmlElement, name: string, now: number): number | undefined {
  const text = attribute(expression, name);
  return text === undefined ? undefined : parseDate(text, now);
}

const units = ["years", "months", "weeks", "days", "hours", "minutes", "seconds"] as const;

/** Undefined if the duration has an amount that is none. */
function afterDuration(start: number, duration: XmlElement): number | undefined {
  const amounts = units.map((name) => {
    const text = attribute(duration, name);
    return text === undefined ? 0 : scanInteger(text);
  });
  const valid = (amount: number | undefined): amount is number =>
    amount !== undefined && amount >= intMin && amount <= intMax;
  if (!amounts.every(valid)) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = amounts;
  return shiftDate(start, {
    years,
    months,
    days: weeks * 7 + days,
    seconds: hours * 3600 + minutes * 60 + seconds,
  });
}

/** Each attribute of a date_spec is a number or a range; all that are there must fit. The first that does not says where. */
function specPlace(spec: XmlElement, now: number): DatePlace | undefined {
  const at = dateFields(now);
  const values: readonly (readonly [string, number])[] = [
    ["years", at.year],
    ["months", at.month],
    ["monthdays", at.day],
    ["hours", at.hour],
    ["minutes", at.minute],
    ["seconds", at.second],
    ["yeardays", at.yearDay],
    ["weekyears", at.weekYear],
    ["weeks", at.week],
    ["weekdays", at.weekDay],
  ];
  for (const [name, value] of values) {
    const place = spanPlace(attribute(spec, name), value);
    if (place !== "within") return place;
  }
  return "within";
}

function spanPlace(span: string | undefined, value: number): DatePlace | undefined {
  if (span === undefined) return "within";
  const match = /^(?:\s*\+?(\d+))?(-?)(?:\s*\+?(\d+))?$/.exec(span);
  if (match === null || span === "-" || span === "") return undefined;
  const low = match[1] === undefined ? undefined : Number(match[1]);
  const high = match[2] === "" ? low : match[3] === undefined ? undefined : Number(match[3]);
  if (low !== undefined && value < low) return "before";
  return high !== undefined && value > high ? "after" : "within";
}
