/**
 * drbd.conf's text -> tokens. The longest match wins, as in drbdadm's scanner; words of 129 characters, quoted ones
 * of 256 and quotes that do not end in their line are `bad` tokens. The last token is always `end`.
 */
import type { Place } from "../config-text/place.ts";
import { quotedText, restOfLine } from "../config-text/quoted-text.ts";
import { type Scanned, scanText } from "../config-text/scan-text.ts";
import { drbdKeywords } from "./drbd-keywords.ts";

export type DrbdToken = {
  /** `keyword`: one of drbdKeywords, unquoted; `string`: any other word, or one in quotes. */
  readonly kind: "keyword" | "string" | "number" | "ipv4" | "ipv6" | "sign" | "bad" | "end";
  /** Without quotes and escapes. For `bad`, what is wrong with it. */
  readonly text: string;
  readonly place: Place;
};

const wordCharactersMax = 128;
const quotedCharactersMax = 255;

export function scanDrbdConf(text: string, file: string): readonly DrbdToken[] {
  return scanText(text, file, {
    tokenAt,
    end: { kind: "end", text: "" },
  });
}

type ScannedToken = Scanned<DrbdToken["kind"]>;

function tokenAt(text: string, at: number, before: DrbdToken | undefined): ScannedToken {
  const character = text[at] ?? "";
  if (character === '"') return quotedAt(text, at);
  // Only there may an IPv6 address stand: a colon elsewhere parts an address from its port.
  const inBrackets = before?.kind === "sign" && before.text === "[";
  const address = inBrackets ? ipv6At(text, at) : undefined;
  if (address !== undefined) return { kind: "ipv6", value: address, length: address.length };
  if ("{};[]:".includes(character)) return { kind: "sign", value: character, length: 1 };
  const word = match(/[a-zA-Z0-9/._-]+/y, text, at);
  if (word === undefined) {
    return { kind: "bad", value: `${JSON.stringify(character)} is no part of a word`, length: 1 };
  }
  const { length } = word;
  if (length > wordCharactersMax) {
    const value = `a word of ${length} characters; expected at most ${wordCharactersMax}`;
    return { kind: "bad", value, length };
  }
  return { kind: kindOf(word), value: word, length };
}

function kindOf(word: string): DrbdToken["kind"] {
  if (drbdKeywords.has(word)) return "keyword";
  if (/^[0-9]{1,8}[MKGs]?$/.test(word)) return "number";
  if (/^([0-9]{1,3}\.){3}[0-9]{1,3}$/.test(word)) return "ipv4";
  return "string";
}

function quotedAt(text: string, at: number): ScannedToken {
  const quoted = quotedText(text, at);
  if (quoted === undefined) {
    const value = "a quoted word does not end in its line";
    return { kind: "bad", value, length: restOfLine(text, at) };
  }
  const { inside, characters } = quoted;
  const length = inside.length + 2;
  if (characters > quotedCharactersMax) {
    const problem = `a quoted word of ${characters} characters; expected at most ${quotedCharactersMax}`;
    return { kind: "bad", value: problem, length };
  }
  return { kind: "string", value: inside.replace(/\\(.)/g, "$1"), length };
}

function ipv6At(text: string, at: number): string | undefined {
  const mapped = match(/::ffff:([0-9]{1,3}\.){3}[0-9]{1,3}/iy, text, at);
  if (mapped !== undefined) return mapped;
  const address = match(/[0-9a-fA-F:]{2,39}(%[a-zA-Z0-9/._-]{1,128})?/y, text, at);
  if (address === undefined) return undefined;
  const [groups = ""] = address.split("%");
  const halves = groups.split("::");
  const count = groups.split(":").filter((group) => group !== "").length;
  const wellFormed = halves.every((half) => /^([0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*)?$/.test(half));
  if (!wellFormed || halves.length > 2) return undefined;
  return (halves.length === 2 ? count <= 7 : count === 8) ? address : undefined;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found === null || found[0] === "" ? undefined : found[0];
}
