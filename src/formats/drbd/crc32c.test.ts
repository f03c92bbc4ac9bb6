import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeUtf8 } from "../../base/utf8.ts";
import { crc32c, rawCrc32c } from "./crc32c.ts";

test("the check value of the catalogues", () => {
  assert.equal(crc32c(encodeUtf8("123456789")), 0xe3069283);
  assert.equal(rawCrc32c(new Uint8Array(4096)), 0);
});

test("bytes of any number have the remainder that dividing bit by bit gives", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      assert.equal(rawCrc32c(bytes), bitByBit(0, bytes));
      assert.equal(crc32c(bytes), ~bitByBit(0xffffffff, bytes) >>> 0);
    }),
  );
});

function bitByBit(start: number, bytes: Uint8Array): number {
  let crc = start;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return crc >>> 0;
}
