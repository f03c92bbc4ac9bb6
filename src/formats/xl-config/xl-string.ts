/** Escapes in strings of domain files: those that both Python and xl know. */
import { err, ok, type Result } from "../../base/result.ts";

const simple: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

/** The value of what stands between the quotes. xl refuses unknown escapes, and so it is here. */
export function unescapeXlString(inside: string): Result<string> {
  let problem: string | undefined;
  const pattern = /\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|.)/gs;
  const value = inside.replace(pattern, (whole: string, code: string) => {
    const plain = Object.hasOwn(simple, code) ? simple[code] : undefined;
    if (plain !== undefined) return plain;
    const hex = /^x(..)$/.exec(code)?.[1];
    const number = hex === undefined ? Number.parseInt(code, 8) : Number.parseInt(hex, 16);
    if (number <= 0xff) return String.fromCharCode(number);
    problem ??= `\`${whole}\` in a string is no escape; write \\\\ for a backslash`;
    return whole;
  });
  return problem === undefined ? ok(value) : err(problem);
}

/** In double quotes, with escapes where needed. */
export function quoteXlString(value: string): string {
  const escaped = value.replace(/[\\"\p{Cc}]/gu, (character) => {
    if (character === "\\" || character === '"') return `\\${character}`;
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `"${escaped}"`;
}
