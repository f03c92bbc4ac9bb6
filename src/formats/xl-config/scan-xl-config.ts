/**
 * A domain file's text -> tokens. A newline is a token, since it ends a statement outside of lists. What is Python
 * and more than a value is a `python` token that says what it is.
 */
import type { Place } from "../config-text/place.ts";
import { quotedText, restOfLine } from "../config-text/quoted-text.ts";
import { type Scanned, scanText } from "../config-text/scan-text.ts";
import { unescapeXlString } from "./xl-string.ts";

export type XlToken = {
  readonly kind: "name" | "number" | "string" | "sign" | "newline" | "python" | "bad" | "end";
  /** The string's value, the sign, the name; for `python` and `bad`, what it is. */
  readonly text: string;
  readonly place: Place;
};

export function scanXlConfig(text: string, file: string): readonly XlToken[] {
  return scanText(text, file, {
    tokenAt,
    newline: { kind: "newline", text: "the end of the line" },
    end: { kind: "end", text: "the end of the file" },
  });
}

/** Signs of Python that no value has, and what they are. */
const pythonSigns: Readonly<Record<string, string>> = {
  "(": "a parenthesis: a call, a tuple or a computation",
  ")": "a parenthesis: a call, a tuple or a computation",
  "{": "a dictionary",
  "}": "a dictionary",
  "+": "a computation",
  "-": "a computation or a negative number",
  "*": "a computation",
  "/": "a computation",
  "%": "a formatted string",
  "<": "a comparison",
  ">": "a comparison",
  ":": "the beginning of a block",
  ".": "a number with a fraction, or a member",
  "@": "a decorator",
  "\\": "a line that goes on in the next",
};

type ScannedToken = Scanned<XlToken["kind"]>;

function tokenAt(text: string, at: number): ScannedToken {
  const character = text[at] ?? "";
  if (character === "'" || character === '"') return stringAt(text, at, character);
  const name = match(/[A-Za-z_][A-Za-z0-9_.]*/y, text, at);
  if (name !== undefined) return nameAt(text, at, name);
  const digits = match(/[0-9][0-9A-Za-z_]*/y, text, at);
  if (digits !== undefined) return numberAt(digits);
  if (text.startsWith("+=", at)) return { kind: "sign", value: "+=", length: 2 };
  if (text.startsWith("==", at)) return { kind: "python", value: "a comparison", length: 2 };
  if ("=[],;".includes(character)) return { kind: "sign", value: character, length: 1 };
  const python = pythonSigns[character];
  if (python !== undefined) return { kind: "python", value: python, length: 1 };
  return { kind: "bad", value: `${JSON.stringify(character)} is no part of a value`, length: 1 };
}

function nameAt(text: string, at: number, name: string): ScannedToken {
  const { length } = name;
  const quote = text[at + length];
  if (/^[rRuUbBfF]{1,2}$/.test(name) && (quote === "'" || quote === '"')) {
    return { kind: "python", value: `a string with the prefix ${name}`, length };
  }
  return { kind: "name", value: name, length };
}

function numberAt(digits: string): ScannedToken {
  const { length } = digits;
  if (/^(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/.test(digits)) {
    return { kind: "number", value: digits, length };
  }
  return { kind: "bad", value: `\`${digits}\` is no number`, length };
}

function stringAt(text: string, at: number, quote: string): ScannedToken {
  if (text.startsWith(quote.repeat(3), at)) {
    return { kind: "python", value: "a string in three quotes", length: 3 };
  }
  const quoted = quotedText(text, at);
  if (quoted === undefined) {
    const problem = "a string does not end in its line";
    return { kind: "bad", value: problem, length: restOfLine(text, at) };
  }
  const length = quoted.inside.length + 2;
  const value = unescapeXlString(quoted.inside);
  return value.ok
    ? { kind: "string", value: value.value, length }
    : { kind: "bad", value: value.error, length };
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found === null || found[0] === "" ? undefined : found[0];
}
