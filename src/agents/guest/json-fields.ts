/**
 * Reads the members of a JSON object that somebody else wrote. What is missing or of another type becomes a value of
 * the right type and is remembered as the problem: the reader's user looks at it once, at the end.
 */
import { assert } from "../../base/assert.ts";

export class JsonFields {
  readonly #record: Readonly<Record<string, unknown>>;
  readonly #where: string;
  readonly #problems: string[];

  constructor(json: unknown, where: string, problems: string[] = []) {
    this.#where = where;
    this.#problems = problems;
    const isRecord = typeof json === "object" && json !== null && !Array.isArray(json);
    if (!isRecord) problems.push(`${where} is no object`);
    this.#record = isRecord ? (json as Readonly<Record<string, unknown>>) : {};
  }

  /** The first thing that was wrong, anywhere below; undefined when all was well. */
  get problem(): string | undefined {
    return this.#problems[0];
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#record, name);
  }

  text(name: string): string {
    const value = this.#value(name);
    if (typeof value === "string" && !value.includes("\0")) return value;
    return this.#wrong(name, "text", "");
  }

  /** A non-negative integer. */
  count(name: string): number {
    const value = this.#value(name);
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    return this.#wrong(name, "a number", 0);
  }

  flag(name: string): boolean {
    const value = this.#value(name);
    return typeof value === "boolean" ? value : this.#wrong(name, "true or false", false);
  }

  oneOf<T extends string>(name: string, words: readonly T[]): T {
    assert(words.length > 0, "there is a word to choose");
    const value = this.#value(name);
    const found = words.find((word) => word === value);
    return found ?? this.#wrong(name, `one of ${words.join(", ")}`, words[0] as T);
  }

  object(name: string): JsonFields {
    return new JsonFields(this.#value(name), `${this.#where}.${name}`, this.#problems);
  }

  list<T>(name: string, read: (fields: JsonFields) => T): readonly T[] {
    const value = this.#value(name);
    if (!Array.isArray(value)) return this.#wrong(name, "a list", []);
    return value.map((each: unknown, i) =>
      read(new JsonFields(each, `${this.#where}.${name}[${i}]`, this.#problems)),
    );
  }

  texts(name: string): readonly string[] {
    const value = this.#value(name);
    if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
    return this.#wrong(name, "a list of texts", []);
  }

  /** An object all of whose members are texts. */
  textRecord(name: string): Readonly<Record<string, string>> {
    const record = this.object(name);
    const names = Object.keys(record.#record);
    return Object.fromEntries(names.map((each) => [each, record.text(each)]));
  }

  /** The member as it is, for another decoder. */
  raw(name: string): unknown {
    return this.#value(name);
  }

  #value(name: string): unknown {
    return this.has(name) ? this.#record[name] : undefined;
  }

  #wrong<T>(name: string, expected: string, instead: T): T {
    this.#problems.push(`${this.#where}.${name} is not ${expected}`);
    return instead;
  }
}

/** The value of a text that should be JSON; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
