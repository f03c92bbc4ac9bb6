/** <expression>: compares a node attribute with a literal, a parameter or a meta-attribute of the resource. */
import { compareDottedVersions } from "../../../formats/cib/feature-set.ts";
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { scanDouble, scanInteger } from "../values/number.ts";

export type AttributeSources = {
  readonly nodeAttributes?: ReadonlyMap<string, string> | undefined;
  readonly params?: ReadonlyMap<string, string> | undefined;
  readonly meta?: ReadonlyMap<string, string> | undefined;
  /** Submatches of the resource's id, which %0 … %9 in the attribute's name stand for. */
  readonly submatches?: readonly (string | undefined)[] | undefined;
};

type Comparison = "lt" | "lte" | "gt" | "gte" | "eq" | "ne" | "defined" | "not_defined";
type ValueType = "string" | "integer" | "number" | "version";

const comparisons: ReadonlySet<string> = new Set([
  "lt",
  "lte",
  "gt",
  "gte",
  "eq",
  "ne",
  "defined",
  "not_defined",
]);

/** An expression that is not valid does not hold. */
export function attributeExpressionHolds(expression: XmlElement, from: AttributeSources): boolean {
  const operation = attribute(expression, "operation")?.toLowerCase();
  const name = attribute(expression, "attribute");
  if (name === undefined || operation === undefined || !comparisons.has(operation)) return false;
  const comparison = operation as Comparison;
  const value = attribute(expression, "value");
  const unary = comparison === "defined" || comparison === "not_defined";
  if (unary === (value !== undefined)) return false;
  const actual = from.nodeAttributes?.get(expandSubmatches(name, from.submatches));
  if (unary) return (actual !== undefined) === (comparison === "defined");
  const source = (attribute(expression, "value-source") ?? "literal").toLowerCase();
  const reference = valueFrom(source, value as string, from);
  if (reference === null) return false;
  const type = valueType(attribute(expression, "type"), comparison, actual, reference);
  return type !== undefined && compares(comparison, actual, reference, type);
}

/** %N becomes the Nth submatch of the pattern that matched the resource, or nothing. */
export function expandSubmatches(
  text: string,
  submatches: readonly (string | undefined)[] | undefined,
): string {
  if (submatches === undefined || submatches.length === 0) return text;
  return text.replace(/%(\d)/g, (_, digit: string) => submatches[Number(digit)] ?? "");
}

/** Null for a source that is none. */
function valueFrom(
  source: string,
  value: string,
  from: AttributeSources,
): string | undefined | null {
  if (source === "literal") return value;
  if (source === "param") return from.params?.get(value);
  return source === "meta" ? from.meta?.get(value) : null;
}

function valueType(
  given: string | undefined,
  comparison: Comparison,
  ...values: readonly (string | undefined)[]
): ValueType | undefined {
  if (given === undefined) {
    if (comparison === "eq" || comparison === "ne") return "string";
    return values.some((value) => value?.includes(".")) ? "number" : "integer";
  }
  const lower = given.toLowerCase();
  const known = ["string", "integer", "number", "version"].includes(lower);
  return known ? (lower as ValueType) : undefined;
}

function compares(
  comparison: Comparison,
  actual: string | undefined,
  reference: string | undefined,
  type: ValueType,
): boolean {
  const order = compareTyped(actual, reference, type);
  if (comparison === "eq") return order === 0;
  if (comparison === "ne") return order !== 0;
  if (actual === undefined || reference === undefined) return false;
  if (comparison === "lt") return order < 0;
  if (comparison === "lte") return order <= 0;
  return comparison === "gt" ? order > 0 : order >= 0;
}

/** What is missing comes first; numbers that are none are compared as text. */
function compareTyped(a: string | undefined, b: string | undefined, type: ValueType): number {
  if (b === undefined) return a === undefined ? 0 : 1;
  if (a === undefined) return -1;
  if (type === "version") return compareDottedVersions(a, b);
  if (type !== "string") {
    const scan = type === "integer" ? scanInteger : scanDouble;
    const [left, right] = [scan(a), scan(b)];
    if (left !== undefined && right !== undefined) return Math.sign(left - right);
  }
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}
