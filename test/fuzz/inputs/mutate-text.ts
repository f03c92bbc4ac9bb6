/** Changes to a text that a person could have written: words lost, doubled, moved, misspelt; then any characters. */
import { decodeUtf8, encodeUtf8 } from "../../../src/base/utf8.ts";
import type { Chance } from "../fuzz-target.ts";

/** What every text format here treats as special somewhere. */
const odd: readonly string[] = [
  "{",
  "}",
  ";",
  "[",
  "]",
  ":",
  '"',
  "'",
  "\\",
  "#",
  "\n",
  "\r",
  "\t",
  "\0",
  "\u00a0",
  "\ufeff",
  "=",
  ",",
  "/",
  "%",
  "$",
  "0",
  "-1",
  "4294967296",
  "99999999999999999999",
  "1e9",
  "0x10",
  "é",
  "\u{1f4a5}",
  "__proto__",
  "constructor",
  "",
  '""',
  "<",
  ">",
  "&",
  "((((((((",
  "]]>",
];

/** @param words that the format knows. One text in eight stays as it is. */
export function mutateText(text: string, words: readonly string[], chance: Chance): Uint8Array {
  if (chance.below(8) === 0) return encodeUtf8(text);
  const tokens = text.split(/(\s+|[^\w./-])/).filter((token) => token !== "");
  for (let i = 1 + chance.below(5); i > 0; i--) mutateTokens(tokens, words, chance);
  const mutated = tokens.join("");
  const bytes = encodeUtf8(mutated);
  if (chance.below(6) > 0 || bytes.length === 0) return bytes;
  // Not even UTF-8 any more.
  bytes[chance.below(bytes.length)] = chance.below(256);
  return bytes;
}

export function textOf(bytes: Uint8Array): string {
  return decodeUtf8(bytes);
}

function mutateTokens(tokens: string[], words: readonly string[], chance: Chance): void {
  const at = chance.below(tokens.length + 1);
  switch (chance.below(8)) {
    case 0:
      tokens.splice(at, 1);
      return;
    case 1:
      tokens.splice(at, 1 + chance.below(6));
      return;
    case 2:
      tokens.splice(at, 0, chance.pick(words), " ");
      return;
    case 3:
      tokens.splice(at, 1, chance.pick(words));
      return;
    case 4:
      tokens.splice(at, 0, chance.pick(odd));
      return;
    case 5:
      tokens.splice(at, 0, ...tokens.slice(at, at + 1 + chance.below(12)));
      return;
    case 6: {
      const moved = tokens.splice(at, 1 + chance.below(6));
      tokens.splice(chance.below(tokens.length + 1), 0, ...moved);
      return;
    }
    default: {
      const token = tokens[at];
      if (token === undefined) return;
      const cut = chance.below(token.length + 1);
      tokens[at] = token.slice(0, cut) + chance.pick(odd) + token.slice(cut + chance.below(2));
    }
  }
}
