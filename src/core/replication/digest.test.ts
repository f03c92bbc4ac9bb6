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
