import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { test } from "node:test";
import { toHex } from "../../base/bytes.ts";
import { encodeUtf8 } from "../../base/utf8.ts";
import { digestBytes, digestNamed, digestNames, pureDigest } from "./digest.ts";

test("crc32c has the check value of its catalogue, least significant byte first", () => {
  // CRC-32C("123456789") = 0xe3069283.
  assert.equal(toHex(pureDigest("crc32c", encodeUtf8("123456789"))), "839206e3");
});

test("crc32c of any length is that of the definition, bit by bit", () => {
  const bytes = new Uint8Array(67).map((_, i) => i * 37 + 11);
  for (let length = 0; length <= bytes.length; length++) {
    let crc = 0xffffffff;
    for (const byte of bytes.subarray(0, length)) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    }
    const expected = new Uint8Array(4);
    new DataView(expected.buffer).setUint32(0, ~crc >>> 0, true);
    assert.equal(toHex(pureDigest("crc32c", bytes.subarray(0, length))), toHex(expected));
  }
});

test("the others are those of OpenSSL", () => {
  const bytes = new Uint8Array(5000).map((_, i) => i * 7);
  for (const name of ["md5", "sha1", "sha256", "sha512"] as const) {
    assert.equal(toHex(pureDigest(name, bytes)), hash(name, bytes, "hex"), name);
  }
});

test("each digest is as long as the table says", () => {
  for (const name of digestNames) {
    assert.equal(pureDigest(name, new Uint8Array(512)).length, digestBytes[name], name);
  }
});

test("a name that is not known is not guessed", () => {
  assert.equal(digestNamed("sha1"), "sha1");
  for (const name of ["", "SHA1", "toString", "crc32"]) assert.equal(digestNamed(name), undefined);
});
