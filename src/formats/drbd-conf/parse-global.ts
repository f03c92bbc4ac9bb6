/** The body of `global { }`: settings of drbdadm itself. */
import type { Place } from "../config-text/place.ts";
import type { DrbdGlobal } from "./drbd-conf.ts";
import { expectInteger, expectSign, isKeyword, isSign, type TokenReader } from "./token-reader.ts";

type NumberKey =
  | "minorCount"
  | "dialogRefresh"
  | "cmdTimeoutShort"
  | "cmdTimeoutMedium"
  | "cmdTimeoutLong";

const numbers: ReadonlyMap<string, readonly [key: NumberKey, min: number, max: number]> = new Map([
  ["minor-count", ["minorCount", 1, 255]],
  ["dialog-refresh", ["dialogRefresh", 0, 600]],
  ["cmd-timeout-short", ["cmdTimeoutShort", 0, 900]],
  ["cmd-timeout-medium", ["cmdTimeoutMedium", 0, 900]],
  ["cmd-timeout-long", ["cmdTimeoutLong", 0, 900]],
]);

/** After the word `global`, at `place`. */
export function parseGlobal(reader: TokenReader, place: Place): DrbdGlobal {
  const draft: { -readonly [Key in keyof DrbdGlobal]: DrbdGlobal[Key] } = {
    place,
    usageCount: "ask",
    disableIpVerification: false,
    udevAlwaysUseVnr: false,
  };
  expectSign(reader, "{");
  for (let token = reader.next(); !isSign(token, "}"); token = reader.next()) {
    if (reader.failed()) return draft;
    const row = token.kind === "keyword" ? numbers.get(token.text) : undefined;
    if (row !== undefined) {
      const [key, min, max] = row;
      const value = expectInteger(reader, `\`${token.text}\``, { min, max });
      if (value !== undefined) draft[key] = value;
    } else if (isKeyword(token, "usage-count")) draft.usageCount = parseUsageCount(reader);
    else if (isKeyword(token, "disable-ip-verification")) draft.disableIpVerification = true;
    else if (isKeyword(token, "udev-always-use-vnr")) draft.udevAlwaysUseVnr = true;
    else {
      const names = [...numbers.keys(), "usage-count", "disable-ip-verification"];
      reader.fail(token, `one of ${names.join(", ")}, udev-always-use-vnr, or \`}\``);
    }
    expectSign(reader, ";");
  }
  return draft;
}

function parseUsageCount(reader: TokenReader): DrbdGlobal["usageCount"] {
  const token = reader.next();
  if (isKeyword(token, "no")) return "no";
  if (!isKeyword(token, "yes") && !isKeyword(token, "ask")) {
    reader.fail(token, "yes, no or ask");
    return "ask";
  }
  reader.report.notice("HF1062", {
    place: token.place,
    message: "`usage-count` has no effect: nobody is told that this host runs DRBD",
    remedy: "Nothing to do.",
  });
  return token.text === "yes" ? "yes" : "ask";
}
