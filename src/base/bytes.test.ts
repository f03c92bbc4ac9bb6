import assert from "node:assert/strict";
import { test } from "node:test";
import { concatBytes, equalBytes, fromHex, isAllZero, toHex } from "./bytes.ts";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

test("hex digits come back as they were, and an odd number of them is refused", () => {
  assert.equal(toHex(fromHex("00ff8374026b")), "00ff8374026b");
  assert.throws(() => fromHex("0"));
});

test("concatenation keeps order and length", () => {
  const joined = concatBytes([fromHex("01"), fromHex(""), fromHex("0203")]);
  assert.ok(equalBytes(joined, fromHex("010203")));
  assert.ok(!equalBytes(joined, fromHex("010204")));
});

test("bytes are all zero only when the last one is, too", () => {
  assert.ok(isAllZero(new Uint8Array(4096)));
  assert.ok(!isAllZero(fromHex("000001")));
});

test("text comes back from UTF-8 as it was, and bytes that are none are replaced", () => {
  assert.equal(decodeUtf8(encodeUtf8("höst €")), "höst €");
  assert.equal(decodeUtf8(fromHex("ff")), "\ufffd");
});
