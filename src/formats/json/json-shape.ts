/**
 * Shapes of JSON values that somebody else wrote: each says whether a value has the shape and gives it typed. Total:
 * no value makes them throw. What an object has beyond its shape is left out.
 */
import { err, ok, type Result } from "../../base/result.ts";

/** The error says where and what was expected: "order.timeoutMs: a whole number". */
export type Shape<T> = (value: unknown) => Result<T>;

export const text: Shape<string> = (value) =>
  typeof value === "string" ? ok(value) : err(": a text");

export const flag: Shape<boolean> = (value) =>
  typeof value === "boolean" ? ok(value) : err(": true or false");

/** A safe integer. */
export const whole: Shape<number> = (value) =>
  Number.isSafeInteger(value) ? ok(value as number) : err(": a whole number");

export const finite: Shape<number> = (value) =>
  Number.isFinite(value) ? ok(value as number) : err(": a number");

/** A 64-bit number, written as hexadecimal digits. */
export const u64: Shape<bigint> = (value) =>
  typeof value === "string" && /^[0-9a-f]{1,16}$/.test(value)
    ? ok(BigInt(`0x${value}`))
    : err(": a 64-bit number in hexadecimal digits");

export function oneOf<T extends string | number>(...values: readonly T[]): Shape<T> {
  return (value) => {
    const found = values.find((each) => each === value);
    return found === undefined ? err(`: one of ${values.join(", ")}`) : ok(found);
  };
}

export function exactly<T extends boolean>(wanted: T): Shape<T> {
  return (value) => (value === wanted ? ok(wanted) : err(`: ${wanted}`));
}

export function list<T>(of: Shape<T>): Shape<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) return err(": a list");
    const items: T[] = [];
    for (const [i, each] of value.entries()) {
      const item = of(each);
      if (!item.ok) return err(`[${i}]${item.error}`);
      items.push(item.value);
    }
    return ok(items);
  };
}

export function recordOf<T>(of: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value) => {
    if (!isRecord(value)) return err(": an object");
    const entries: [string, T][] = [];
    for (const [name, each] of Object.entries(value)) {
      const item = of(each);
      if (!item.ok) return err(`.${name}${item.error}`);
      entries.push([name, item.value]);
    }
    return ok(Object.fromEntries(entries));
  };
}

type Shapes<T> = { readonly [K in keyof T]-?: Shape<Exclude<T[K], undefined>> };
type OptionalKeys<T> = {
  [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? K : never;
}[keyof T];

/** `optional` names the members that may be missing; they are those with a question mark in the type. */
export function object<T extends object>(
  shapes: Shapes<T>,
  optional: readonly OptionalKeys<T>[] = [],
): Shape<T> {
  const mayMiss: ReadonlySet<PropertyKey> = new Set(optional);
  return (value) => {
    if (!isRecord(value)) return err(": an object");
    const made: Record<string, unknown> = {};
    for (const [name, shape] of Object.entries<Shape<unknown>>(shapes)) {
      const given = Object.hasOwn(value, name) ? value[name] : undefined;
      if (given === undefined && mayMiss.has(name)) continue;
      const member = shape(given);
      if (!member.ok) return err(`.${name}${member.error}`);
      made[name] = member.value;
    }
    return ok(made as T);
  };
}

/** Objects that differ by their member `tag`. */
export function tagged<T extends object>(
  tag: string,
  shapes: Readonly<Record<string, Shape<T>>>,
): Shape<T> {
  return (value) => {
    if (!isRecord(value)) return err(": an object");
    const kind = Object.hasOwn(value, tag) ? value[tag] : undefined;
    if (typeof kind !== "string" || !Object.hasOwn(shapes, kind)) {
      return err(`.${tag}: one of ${Object.keys(shapes).join(", ")}`);
    }
    const made = (shapes[kind] as Shape<T>)(value);
    return made.ok ? ok({ [tag]: kind, ...made.value }) : err(`(${kind})${made.error}`);
  };
}

/** For shapes that contain themselves. */
export function later<T>(shape: () => Shape<T>): Shape<T> {
  return (value) => shape()(value);
}

export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return (value) => {
    const one = first(value);
    return one.ok ? one : second(value);
  };
}

export function parseJson(source: string): Result<unknown> {
  try {
    return ok(JSON.parse(source) as unknown);
  } catch {
    return err("this is not JSON");
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
