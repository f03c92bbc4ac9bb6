/**
 * Reads tokens one after the other. The first thing that is not as expected ends it: from then on there are only
 * `end` tokens, so that every loop of the parser comes to its end without asking after each step.
 */
import { assert } from "../../base/assert.ts";
import type { Report } from "../config-text/report.ts";
import type { Word } from "../config-text/word-lines.ts";
import type { DrbdToken } from "./scan-drbd-conf.ts";

export type TokenReader = {
  readonly report: Report;
  peek(): DrbdToken;
  next(): DrbdToken;
  /** Refuses the file at this token, unless it has been refused already. */
  fail(token: DrbdToken, expected: string, remedy?: string): void;
  /** Ends the reading without a word: the refusal has been said elsewhere. */
  stop(): void;
  failed(): boolean;
};

export function newTokenReader(tokens: readonly DrbdToken[], report: Report): TokenReader {
  const last = tokens.at(-1);
  assert(last?.kind === "end", "the last token is the end");
  let at = 0;
  let failed = false;
  const peek = (): DrbdToken => (failed ? last : (tokens[at] ?? last));
  return {
    report,
    peek,
    next: () => {
      const token = peek();
      at += 1;
      return token;
    },
    fail: (token, expected, remedy) => {
      if (failed) return;
      failed = true;
      const { place } = token;
      if (token.kind === "bad") {
        const message = token.text;
        report.error("HF1051", { place, message, remedy: "Shorten it, or put it in quotes." });
        return;
      }
      report.error("HF1050", {
        place,
        message: `expected ${expected}, but found ${describeToken(token)}`,
        remedy: remedy ?? "docs/formats/drbd-conf.md has the grammar.",
      });
    },
    stop: () => {
      failed = true;
    },
    failed: () => failed,
  };
}

function describeToken(token: DrbdToken): string {
  return token.kind === "end" ? "the end of the file" : `\`${token.text}\``;
}

export function isSign(token: DrbdToken, sign: string): boolean {
  return token.kind === "sign" && token.text === sign;
}

export function isKeyword(token: DrbdToken, word: string): boolean {
  return token.kind === "keyword" && token.text === word;
}

export function expectSign(reader: TokenReader, sign: "{" | "}" | ";" | "[" | "]" | ":"): void {
  const token = reader.next();
  if (isSign(token, sign)) return;
  const remedy = sign === ";" ? "A statement ends with a semicolon." : undefined;
  reader.fail(token, `\`${sign}\``, remedy);
}

/** A name: a word that is no keyword, or one in quotes. */
export function expectString(reader: TokenReader, what: string): Word | undefined {
  const token = reader.next();
  if (token.kind === "string") return { value: token.text, place: token.place };
  const remedy =
    token.kind === "keyword" || token.kind === "number" || token.kind === "ipv4"
      ? `If it is meant as a name, put it in quotes: "${token.text}"`
      : undefined;
  reader.fail(token, what, remedy);
  return undefined;
}

/** Digits without a suffix, as numbers of volumes, minors and ports are; within the range. */
export function expectInteger(
  reader: TokenReader,
  what: string,
  range: { readonly min: number; readonly max: number },
): number | undefined {
  const token = reader.next();
  if (token.kind !== "number") {
    reader.fail(token, what);
    return undefined;
  }
  const value = /^\d+$/.test(token.text) ? Number(token.text) : undefined;
  if (value !== undefined && value >= range.min && value <= range.max) return value;
  reader.report.error("HF1052", {
    place: token.place,
    message: `\`${token.text}\`: expected ${what} from ${range.min} to ${range.max}`,
    remedy: "Correct the number.",
  });
  return range.min;
}
