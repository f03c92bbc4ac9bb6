/** Names of hosts, one after the other. */
import type { Word } from "../config-text/word-lines.ts";
import { expectString, isSign, type TokenReader } from "./token-reader.ts";

/** Names up to the sign, which is read too: at least one. */
export function parseNames(reader: TokenReader, end: "{" | ";"): readonly Word[] {
  const names: Word[] = [];
  while (names.length === 0 || !isSign(reader.peek(), end)) {
    const what = names.length === 0 ? "a host name" : `a host name or \`${end}\``;
    const name = expectString(reader, what);
    if (name === undefined) return names;
    names.push(name);
  }
  reader.next();
  return names;
}
