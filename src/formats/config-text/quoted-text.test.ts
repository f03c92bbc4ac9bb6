import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAuthKeys } from "../authkeys/parse-authkeys.ts";
import { parseDrbdConf } from "../drbd-conf/parse-drbd-conf.ts";
import { parseHaCf } from "../ha-cf/parse-ha-cf.ts";
import { parseXlDomain } from "../xl-config/read-xl-domain.ts";
import { quotedText } from "./quoted-text.ts";

test("quoted text ends at its quote, not at an escaped one, and not in another line", () => {
  const rows: readonly (readonly [string, string | undefined, number | undefined])[] = [
    ['"ab" c', "ab", 2],
    ['""', "", 0],
    ['"a\\"b"', 'a\\"b', 3],
    ['"a\\\\"b"', "a\\\\", 2],
    ["'a\"b'", 'a"b', 3],
    ['"a', undefined, undefined],
    ['"a\\"', undefined, undefined],
    ['"a\nb"', undefined, undefined],
    ['"a\\\nb"', undefined, undefined],
    ['"', undefined, undefined],
  ];
  for (const [text, inside, characters] of rows) {
    const quoted = quotedText(text, 0);
    assert.deepEqual([quoted?.inside, quoted?.characters], [inside, characters], text);
  }
});

test("texts of a million characters in one word are refused or taken, and never end in a throw", () => {
  const long = "a".repeat(1_000_000);
  const drbd = (text: string): boolean => parseDrbdConf(text, { file: "f", include: () => [] }).ok;
  assert.equal(drbd(`"${long}"`), false);
  assert.equal(drbd(`"${"\\a".repeat(1_000_000)}"`), false);
  assert.equal(drbd(long), false);
  assert.equal(drbd(`resource r { on a { address ipv6 [${"1:".repeat(100_000)}`), false);
  assert.equal(drbd(`skip ${"{".repeat(100_000)}`), false);
  assert.equal(parseXlDomain(`extra = '${long}'`, "f").ok, true);
  assert.equal(parseXlDomain(`extra = '${long}`, "f").ok, false);
  assert.equal(parseXlDomain(`a${".a".repeat(1_000_000)}`, "f").ok, false);
  assert.equal(parseXlDomain(`a = ${"[".repeat(100_000)}`, "f").ok, false);
  assert.equal(parseXlDomain(`disk = [ '${"tap:".repeat(100_000)}' ]`, "f").ok, false);
  assert.equal(parseHaCf(`bcast ${long}`, "f").ok, false);
  assert.equal(parseAuthKeys(`auth 1\n1 sha1 ${long}`, "f").ok, true);
});
