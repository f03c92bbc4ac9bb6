import assert from "node:assert/strict";
import { test } from "node:test";
import { concatBytes, equalBytes, fromHex, isAllZero, toHex } from "./bytes.ts";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

test("hex there and back", () => {
  assert.equal(toHex(fromHex("00ff8374026b")), "00ff8374026b");
  assert.throws(() => fromHex("0"));
});

test("concatenation keeps order and length", () => {
  const joined = concatBytes([fromHex("01"), fromHex(""), fromHex("0203")]);
  assert.ok(equalBytes(joined, fromHex("010203")));
  assert.ok(!equalBytes(joined, fromHex("010204")));
});

test("all zero", () => {
  assert.ok(isAllZero(new Uint8Array(4096)));
  assert.ok(!isAllZero(fromHex("000001")));
});

test("utf-8 there and back, foreign bytes replaced", () => {
  assert.equal(decodeUtf8(encodeUtf8("höst €")), "höst €");
  assert.equal(decodeUtf8(fromHex("ff")), "\ufffd");
});
