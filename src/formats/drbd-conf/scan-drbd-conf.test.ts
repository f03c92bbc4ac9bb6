import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseDrbdNumber } from "./drbd-number.ts";
import { scanDrbdConf } from "./scan-drbd-conf.ts";

test("words, keywords, numbers, addresses and signs are told apart", () => {
  assert.deepEqual(kinds('resource r0 { address 10.0.0.1:7789; } "net" net # end {'), [
    ["keyword", "resource"],
    ["string", "r0"],
    ["sign", "{"],
    ["keyword", "address"],
    ["ipv4", "10.0.0.1"],
    ["sign", ":"],
    ["number", "7789"],
    ["sign", ";"],
    ["sign", "}"],
    ["string", "net"],
    ["keyword", "net"],
    ["end", ""],
  ]);
});

test("the longest match wins, as in drbdadm's scanner", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["12345678", "number"],
    ["123456789", "string"],
    ["10M", "number"],
    ["10m", "string"],
    ["10MB", "string"],
    ["10s", "number"],
    ["1.2.3.4", "ipv4"],
    ["1.2.3.4.5", "string"],
    ["1.2.3.1234", "string"],
    ["on", "keyword"],
    ["one", "string"],
    ["on-io-error", "keyword"],
    ["x".repeat(128), "string"],
    ["x".repeat(129), "bad"],
  ];
  for (const [text, kind] of rows) assert.equal(kinds(text)[0]?.[0], kind, text);
});

test("an IPv6 address is one token within brackets, and nowhere else", () => {
  for (const address of [
    "::1",
    "fd00::2",
    "1:2:3:4:5:6:7:8",
    "fe80::1%eth0",
    "::ffff:1.2.3.4",
    "1::",
  ]) {
    assert.deepEqual(kinds(`[${address}]`)[1], ["ipv6", address]);
  }
  for (const text of ["[1:2]", "[1::2::3]", "[12345::1]", "[1:2:3:4:5:6:7:8:9]"]) {
    assert.notEqual(kinds(text)[1]?.[0], "ipv6", text);
  }
  assert.deepEqual(kinds("/dev/m[3]").slice(0, 3), [
    ["string", "/dev/m"],
    ["sign", "["],
    ["number", "3"],
  ]);
});

test("quoted words keep everything but their escapes, and end in their line", () => {
  assert.deepEqual(kinds('"a \\"b\\" \\\\ # { "')[0], ["string", 'a "b" \\ # { ']);
  assert.deepEqual(kinds('""')[0], ["string", ""]);
  assert.deepEqual(kinds('"a\nb"')[0], ["bad", "a quoted word does not end in its line"]);
  assert.equal(kinds(`"${"x".repeat(255)}"`)[0]?.[0], "string");
  assert.equal(kinds(`"${"x".repeat(256)}"`)[0]?.[0], "bad");
});

test("places count lines and columns from 1", () => {
  const places = scanDrbdConf("a\n\tb # c\n\n  d", "f").map(({ text, place }) => [
    text,
    place.line,
    place.column,
  ]);
  assert.deepEqual(places, [
    ["a", 1, 1],
    ["b", 2, 2],
    ["d", 4, 3],
    ["", 4, 4],
  ]);
});

test("any text is scanned to its end", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(scanDrbdConf(text, "f").at(-1)?.kind, "end");
    }),
  );
});

test("numbers are converted to the option's unit, bytes rounded up", () => {
  const rows: readonly (readonly [string, "1" | "k" | "s", number | undefined])[] = [
    ["500", "k", 500],
    ["10M", "k", 10_240],
    ["10m", "k", 10_240],
    ["1G", "k", 1_048_576],
    ["1s", "k", 1],
    ["3s", "k", 2],
    ["1M", "s", 2048],
    ["24M", "s", 49_152],
    ["512K", "1", 524_288],
    ["512k", "1", 524_288],
    ["2s", "1", 1024],
    ["", "1", undefined],
    ["K", "1", undefined],
    ["10KB", "1", undefined],
    ["-1", "1", undefined],
    ["1.5", "1", undefined],
    ["99999999999999999", "1", undefined],
    ["9999999999G", "1", undefined],
  ];
  for (const [text, unit, value] of rows) assert.equal(parseDrbdNumber(text, unit), value, text);
});

function kinds(text: string): readonly (readonly [string, string])[] {
  return scanDrbdConf(text, "f").map((token) => [token.kind, token.text]);
}
