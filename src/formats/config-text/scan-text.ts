/**
 * A configuration file's text -> tokens with their places: blanks part them, a # begins a comment that goes to the end of its
 * line. What a token is, each format says itself.
 */
import type { Place } from "./place.ts";

export type ConfigToken<Kind> = {
  readonly kind: Kind;
  readonly text: string;
  readonly place: Place;
};

/** `length` in characters of the text, quotes and escapes among them. */
export type Scanned<Kind> = {
  readonly kind: Kind;
  readonly value: string;
  readonly length: number;
};

export type ScanRules<Kind> = {
  /** The token that begins there, of at least one character; `before` is the last one. */
  tokenAt(text: string, at: number, before: ConfigToken<Kind> | undefined): Scanned<Kind>;
  /** What the end of a line is, where it is a token. */
  readonly newline?: Omit<ConfigToken<Kind>, "place">;
  /** The last token. */
  readonly end: Omit<ConfigToken<Kind>, "place">;
};

export function scanText<Kind>(
  text: string,
  file: string,
  { tokenAt, newline, end }: ScanRules<Kind>,
): readonly ConfigToken<Kind>[] {
  const tokens: ConfigToken<Kind>[] = [];
  let at = 0;
  let line = 1;
  let lineStart = 0;
  const place = (): Place => ({ file, line, column: at - lineStart + 1 });
  while (at < text.length) {
    const character = text[at] ?? "";
    if (character === "\n") {
      if (newline !== undefined) tokens.push({ ...newline, place: place() });
      at += 1;
      line += 1;
      lineStart = at;
    } else if (character === " " || character === "\t" || character === "\r") {
      at += 1;
    } else if (character === "#") {
      const lineEnd = text.indexOf("\n", at);
      at = lineEnd < 0 ? text.length : lineEnd;
    } else {
      const { kind, value, length } = tokenAt(text, at, tokens.at(-1));
      tokens.push({ kind, text: value, place: place() });
      at += length;
    }
  }
  tokens.push({ ...end, place: place() });
  return tokens;
}
