/** Types of attribute values in the schema. */

export type ValueType =
  | "text"
  /** A name that no other element of the configuration has as its id. */
  | "id"
  /** The id of another element of the configuration. */
  | "reference"
  | "boolean"
  | "integer"
  | "count"
  | "positive"
  | "score"
  | { readonly oneOf: readonly string[] }
  | { readonly pattern: RegExp; readonly what: string }
  /** Any text but these, each with the reason why it is refused. */
  | { readonly noneOf: Readonly<Record<string, string>> };

/** What is wrong with the value, as the rest of a sentence about it; undefined if nothing is. */
export function valueProblem(type: ValueType, value: string): string | undefined {
  if (type === "text") return undefined;
  // Space around a value does not count (XML Schema's collapsing).
  const text = value.trim();
  if (typeof type === "string") {
    const { shape, what } = shapes[type];
    return shape.test(text) ? undefined : `must be ${what}`;
  }
  if ("oneOf" in type) {
    return type.oneOf.includes(text) ? undefined : `must be one of ${type.oneOf.join(", ")}`;
  }
  if ("pattern" in type) return type.pattern.test(text) ? undefined : `must be ${type.what}`;
  return Object.hasOwn(type.noneOf, value) ? type.noneOf[value] : undefined;
}

type Shape = { readonly shape: RegExp; readonly what: string };

/** An XML name without a colon. */
const name: Shape = {
  shape: /^[\p{L}_][\p{L}\p{N}\p{M}_.·-]*$/u,
  what: "a name: a letter or _, then letters, digits and - _ . only",
};

const shapes: Readonly<Record<Exclude<ValueType, "text" | object>, Shape>> = {
  id: name,
  reference: name,
  boolean: { shape: /^(true|false|1|0)$/, what: "true or false" },
  integer: { shape: /^[+-]?\d+$/, what: "a whole number" },
  count: { shape: /^(\+?\d+|-0+)$/, what: "a whole number, 0 or more" },
  positive: { shape: /^\+?0*[1-9]\d*$/, what: "a whole number, 1 or more" },
  score: {
    shape: /^([+-]?\d+|[+-]?INFINITY)$/,
    what: "a score: a whole number, INFINITY or -INFINITY",
  },
};
