/** The values that hold in the end, by key, and typed access to them. */
import type { Place } from "../config-text/place.ts";
import type { Report } from "../config-text/report.ts";
import type { XlAssignment, XlConfig, XlValue } from "./xl-config.ts";

export type XlValues = ReadonlyMap<string, XlAssignment>;

/** The last assignment of each key; `+=` adds lists to lists and strings to strings. */
export function mergeAssignments(config: XlConfig, report: Report): XlValues {
  const values = new Map<string, XlAssignment>();
  for (const assignment of config.assignments) {
    const { key, operator, place } = assignment;
    const earlier = values.get(key);
    if (earlier === undefined || operator === "=") {
      if (earlier !== undefined) {
        report.warning("HF1107", {
          place,
          message: `\`${key}\` was set in line ${earlier.place.line} already; this one counts`,
          remedy: "Keep one of the two lines.",
        });
      }
      values.set(key, assignment);
      continue;
    }
    const value = addValues(earlier.value, assignment.value);
    if (value === undefined) {
      report.error("HF1102", {
        place,
        message: `\`${key} +=\`: expected the same kind of value as in line ${earlier.place.line}`,
        remedy: "Add a list to a list, or a string to a string.",
      });
    } else values.set(key, { ...assignment, value });
  }
  return values;
}

function addValues(a: XlValue, b: XlValue): XlValue | undefined {
  if (a.kind === "list" && b.kind === "list") return { ...a, items: [...a.items, ...b.items] };
  if (a.kind === "string" && b.kind === "string") return { ...a, value: a.value + b.value };
  return undefined;
}

export type XlReader = {
  text(key: string): string | undefined;
  /** A whole number in the range; also one in quotes, as both xm and xl take it. */
  count(
    key: string,
    what: string,
    range: { readonly min: number; readonly max: number },
  ): number | undefined;
  /** 0 is false, any other number true. */
  flag(key: string): boolean | undefined;
  word<Word extends string>(key: string, words: readonly Word[]): Word | undefined;
  /** The strings of a list. */
  specifications(key: string): readonly { readonly text: string; readonly place: Place }[];
};

export function xlReader(values: XlValues, report: Report): XlReader {
  const refuse = (value: XlValue, key: string, expected: string, remedy: string): undefined => {
    const message = `\`${key} = ${show(value)}\`: expected ${expected}`;
    report.error("HF1102", { place: value.place, message, remedy });
    return undefined;
  };
  const text = (key: string): string | undefined => {
    const value = values.get(key)?.value;
    if (value === undefined) return undefined;
    if (value.kind !== "list") return String(value.value);
    return refuse(value, key, "a string", `Write: ${key} = "…"`);
  };
  const count: XlReader["count"] = (key, what, { min, max }) => {
    const value = values.get(key)?.value;
    if (value === undefined) return undefined;
    const digits = value.kind === "list" ? "" : String(value.value);
    const number = /^\d{1,15}$/.test(digits) ? Number(digits) : Number.NaN;
    if (number >= min && number <= max) return number;
    return refuse(value, key, `${what} from ${min} to ${max}`, `For example: ${key} = ${min}`);
  };
  return {
    text,
    count,
    flag: (key) => {
      const number = count(key, "0 or 1,", { min: 0, max: 1 });
      return number === undefined ? undefined : number !== 0;
    },
    word: (key, words) => {
      const value = values.get(key)?.value;
      if (value === undefined) return undefined;
      const known = words.find((word) => value.kind === "string" && word === value.value);
      if (known !== undefined) return known;
      const [first] = words;
      return refuse(value, key, `one of ${words.join(", ")}`, `For example: ${key} = "${first}"`);
    },
    specifications: (key) => {
      const value = values.get(key)?.value;
      if (value === undefined) return [];
      const remedy = `Write: ${key} = [ '…', '…' ]`;
      if (value.kind !== "list") {
        refuse(value, key, "a list of strings", remedy);
        return [];
      }
      return value.items.flatMap((item) => {
        if (item.kind === "string") return [{ text: item.value, place: item.place }];
        refuse(item, key, "strings in the list", remedy);
        return [];
      });
    },
  };
}

function show(value: XlValue): string {
  switch (value.kind) {
    case "string":
      return JSON.stringify(value.value);
    case "number":
      return String(value.value);
    case "list":
      return "[ … ]";
  }
}
