import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { encodeUtf8 } from "../../base/utf8.ts";
import { authMethods } from "./authkeys.ts";
import { crc32 } from "./crc32.ts";
import { signatureBytes, signWith, verifyWith } from "./signature.ts";

test("crc32 is zlib's", () => {
  assert.equal(crc32(encodeUtf8("123456789")), 0xcbf43926);
  fc.assert(fc.property(fc.uint8Array(), (bytes) => assert.equal(crc32(bytes), zlibCrc32(bytes))));
});

test("each method but crc is the HMAC that OpenSSL computes", () => {
  for (const method of authMethods) {
    if (method === "crc") continue;
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.uint8Array(), (secret, bytes) => {
        const expected = createHmac(method, encodeUtf8(secret)).update(bytes).digest();
        assert.deepEqual(signWith({ method, secret }, bytes), new Uint8Array(expected));
      }),
    );
  }
});

test("a signature verifies with its own key and bytes, and with nothing else", () => {
  const bytes = fc.uint8Array({ minLength: 1 });
  for (const method of authMethods) {
    fc.assert(
      fc.property(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (message, where, flip) => {
        const key = { method, secret: method === "crc" ? "" : "one" };
        const signature = signWith(key, message);
        assert.equal(signature.length, signatureBytes[method]);
        assert.ok(verifyWith(key, message, signature));
        const damaged = message.slice();
        damaged[where % damaged.length]! ^= flip;
        assert.ok(!verifyWith(key, damaged, signature));
        const forged = signature.slice();
        forged[where % forged.length]! ^= flip;
        assert.ok(!verifyWith(key, message, forged));
        assert.ok(!verifyWith(key, message, signature.subarray(1)));
        if (method !== "crc") assert.ok(!verifyWith({ method, secret: "two" }, message, signature));
      }),
    );
  }
});
