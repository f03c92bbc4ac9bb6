/** The words of a dump, taken one after the other. The first that is not as expected is kept as the fault, with its line. */
import { err, ok, type Result } from "../../base/result.ts";

export type DumpReader = {
  word(expected: string): void;
  text(expected: RegExp, what: string): string;
  /** With the semicolon after it. */
  number(max: number): number;
  hex(): bigint;
  /** The next word, or undefined at the end. */
  peek(): string | undefined;
  fail(message: string): void;
  readonly failed: boolean;
  result<T>(value: T): Result<T>;
};

type Token = { readonly text: string; readonly line: number };

export function dumpReader(source: string): DumpReader {
  const tokens = tokensOf(source);
  let at = 0;
  let fault: string | undefined;
  const reader: DumpReader = {
    text: (expected, what) => {
      const token = tokens[at++];
      if (token !== undefined && expected.test(token.text)) return token.text;
      const seen = token === undefined ? "end of file" : `'${token.text}'`;
      reader.fail(`${what} expected, but ${seen} encountered`);
      return "0";
    },
    word: (expected) => {
      reader.text(new RegExp(`^${expected.replace(/[{}]/, "\\$&")}$`), `'${expected}'`);
    },
    number: (max) => {
      const value = Number(reader.text(/^\d{1,16}$/, "a number"));
      if (value > max) reader.fail(`${value} is more than ${max}`);
      reader.word(";");
      return value;
    },
    hex: () => {
      const value = BigInt(reader.text(/^0(x[0-9A-Fa-f]{1,16})?$/, "a hexadecimal number"));
      reader.word(";");
      return value;
    },
    peek: () => tokens[at]?.text,
    fail: (message) => {
      const line = tokens[Math.min(at, tokens.length) - 1]?.line ?? 1;
      fault ??= `Parse error in line ${line}: ${message}`;
    },
    get failed() {
      return fault !== undefined;
    },
    result: (value) => (fault === undefined ? ok(value) : err(fault)),
  };
  return reader;
}

function tokensOf(source: string): readonly Token[] {
  return source.split("\n").flatMap((line, i) =>
    (line.replace(/#.*$/, "").match(/"[^"]*"|[{};]|[^\s{};]+/g) ?? []).map((text) => ({
      text,
      line: i + 1,
    })),
  );
}
