/**
 * Reads the members of a JSON object that somebody else wrote. What is missing or of another type becomes a value of
 * the right type and is remembered as the problem: the reader's user looks at it once, at the end.
 */
import { present } from "../../base/assert.ts";

export type JsonFields = {
  /** The first thing that was wrong, anywhere below; undefined when all was well. */
  problem(): string | undefined;
  has(name: string): boolean;
  text(name: string): string;
  /** A non-negative integer. */
  count(name: string): number;
  flag(name: string): boolean;
  oneOf<T extends string>(name: string, words: readonly T[]): T;
  object(name: string): JsonFields;
  list<T>(name: string, read: (fields: JsonFields) => T): readonly T[];
  texts(name: string): readonly string[];
  /** An object all of whose members are texts. */
  textRecord(name: string): Readonly<Record<string, string>>;
  /** The member as it is, for another decoder. */
  raw(name: string): unknown;
};

/** @param where what the object is called in a problem. */
export function jsonFields(json: unknown, where: string): JsonFields {
  return fieldsOf(json, where, []);
}

function fieldsOf(json: unknown, where: string, problems: string[]): JsonFields {
  if (!isRecord(json)) problems.push(`${where} is no object`);
  const record = isRecord(json) ? json : {};
  const raw = (name: string): unknown => (Object.hasOwn(record, name) ? record[name] : undefined);
  const wrong = <T>(name: string, expected: string, instead: T): T => {
    problems.push(`${where}.${name} is not ${expected}`);
    return instead;
  };
  const text = (name: string): string => {
    const value = raw(name);
    return typeof value === "string" && !value.includes("\0") ? value : wrong(name, "text", "");
  };
  const items = (name: string): readonly unknown[] => {
    const value = raw(name);
    return Array.isArray(value) ? value : wrong(name, "a list", []);
  };
  return {
    problem: () => problems[0],
    has: (name) => Object.hasOwn(record, name),
    text,
    count: (name) => {
      const value = raw(name);
      const isCount = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
      return isCount ? value : wrong(name, "a number", 0);
    },
    flag: (name) => {
      const value = raw(name);
      return typeof value === "boolean" ? value : wrong(name, "true or false", false);
    },
    oneOf: <T extends string>(name: string, words: readonly T[]): T => {
      const found = words.find((word) => word === raw(name));
      return found ?? wrong(name, `one of ${words.join(", ")}`, present(words[0], "a word"));
    },
    object: (name) => fieldsOf(raw(name), `${where}.${name}`, problems),
    list: (name, read) =>
      items(name).map((each, i) => read(fieldsOf(each, `${where}.${name}[${i}]`, problems))),
    texts: (name) => {
      const all = items(name);
      const isText = (each: unknown): each is string => typeof each === "string";
      return all.every(isText) ? all : wrong(name, "a list of texts", []);
    },
    textRecord: (name) => {
      const member = raw(name);
      const inner = fieldsOf(member, `${where}.${name}`, problems);
      const names = isRecord(member) ? Object.keys(member) : [];
      return Object.fromEntries(names.map((each) => [each, inner.text(each)]));
    },
    raw,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of a text that should be JSON; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
