/** drbd-proxy's sections: read so that a file with them is understood, and told to have no effect. */
import type { Place } from "../config-text/place.ts";
import type { DrbdAddress, DrbdOption, DrbdProxy, DrbdProxyOptions } from "./drbd-conf.ts";
import { addressClaim, parseAddress } from "./parse-address.ts";
import type { ParseContext } from "./parse-context.ts";
import { parseNames } from "./parse-names.ts";
import { readOptions } from "./read-options.ts";
import type { DrbdToken } from "./scan-drbd-conf.ts";
import { expectSign, isKeyword, isSign, type TokenReader } from "./token-reader.ts";

/** `proxy on NAMES { inside ADDRESS; outside ADDRESS; options { } }`, after the word `proxy`. */
export function parseProxy(reader: TokenReader, context: ParseContext): DrbdProxy {
  const { place } = reader.peek();
  const on = reader.next();
  if (!isKeyword(on, "on")) reader.fail(on, "`on`");
  const names = parseNames(reader, "{");
  let inside: DrbdAddress | undefined;
  let outside: DrbdAddress | undefined;
  let settings: DrbdProxyOptions = { options: [], plugins: undefined };
  const address = (): DrbdAddress | undefined => {
    const parsed = parseAddress(reader);
    expectSign(reader, ";");
    if (parsed === undefined) return undefined;
    const keys = new Set(names.map((name) => addressClaim(parsed, name.value)));
    for (const key of keys) context.claims.claim("address", key, parsed.place);
    return parsed;
  };
  for (let token = reader.next(); !isSign(token, "}"); token = reader.next()) {
    if (reader.failed()) break;
    if (isKeyword(token, "inside")) inside = address();
    else if (isKeyword(token, "outside")) outside = address();
    else if (isKeyword(token, "options")) settings = parseProxyOptions(reader, token.place);
    else reader.fail(token, "inside, outside, options or `}`");
  }
  for (const [name, value] of [["inside", inside] as const, ["outside", outside] as const]) {
    if (value !== undefined || reader.failed()) continue;
    const message = `the proxy section has no \`${name}\``;
    context.report.error("HF1054", { place, message, remedy: `Add: ${name} 10.0.0.1:7789;` });
  }
  return { names, inside, outside, settings };
}

/** `{ memlimit 100M; plugin { … } }`: drbdadm knows more of these options than it says, so all are taken. */
export function parseProxyOptions(reader: TokenReader, place: Place): DrbdProxyOptions {
  const options: DrbdOption[] = [];
  let plugins: readonly string[] | undefined;
  expectSign(reader, "{");
  readOptions(
    reader,
    "proxy",
    (_, option) => options.push(option),
    (token) => {
      if (!isKeyword(token, "plugin")) return false;
      plugins = parsePlugins(reader, token);
      return true;
    },
  );
  reader.report.warning("HF1067", {
    place,
    message: "drbd-proxy's settings have no effect: there is no proxy",
    remedy: "Remove them, or leave this resource to DRBD itself.",
  });
  return { options, plugins };
}

/** Lines of words, each ended by a semicolon, kept as text: an empty word, `""`, would be none when that is read again. */
function parsePlugins(reader: TokenReader, keyword: DrbdToken): readonly string[] {
  const lines: string[] = [];
  let words: string[] = [];
  expectSign(reader, "{");
  for (let token = reader.next(); !isSign(token, "}"); token = reader.next()) {
    if (token.kind === "end" || token.kind === "bad") {
      reader.fail(token, "`}`", `The section begins in line ${keyword.place.line}.`);
      return lines;
    }
    if (isSign(token, ";")) {
      lines.push(words.join(" "));
      words = [];
    } else if (token.text !== "") words.push(token.text);
  }
  if (words.length > 0) reader.fail(reader.peek(), "`;` before `}`");
  return lines;
}
