/**
 * Signing and verifying with keys of authkeys. md5, sha1, sha256 and sha512 are HMACs (RFC 2104) with the key's
 * UTF-8 bytes, as in Heartbeat; crc is four bytes, big-endian, and proves only that nothing was damaged.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { encodeUtf8 } from "../../base/utf8.ts";
import type { AuthKey, AuthMethod } from "./authkeys.ts";
import { crc32 } from "./crc32.ts";

export const signatureBytes: Readonly<Record<AuthMethod, number>> = {
  crc: 4,
  md5: 16,
  sha1: 20,
  sha256: 32,
  sha512: 64,
};

type SigningKey = Pick<AuthKey, "method" | "secret">;

export function signWith(key: SigningKey, bytes: Uint8Array): Uint8Array {
  switch (key.method) {
    case "crc": {
      const out = new Uint8Array(4);
      new DataView(out.buffer).setUint32(0, crc32(bytes));
      return out;
    }
    case "md5":
      return hmac(md5, encodeUtf8(key.secret), bytes);
    case "sha1":
      return hmac(sha1, encodeUtf8(key.secret), bytes);
    case "sha256":
      return hmac(sha256, encodeUtf8(key.secret), bytes);
    case "sha512":
      return hmac(sha512, encodeUtf8(key.secret), bytes);
  }
}

/** Whether `signature` is this key's signature of `bytes`. Takes as long for a near miss as for a far one. */
export function verifyWith(key: SigningKey, bytes: Uint8Array, signature: Uint8Array): boolean {
  const expected = signWith(key, bytes);
  if (signature.length !== expected.length) return false;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) difference |= (expected[i] ?? 0) ^ (signature[i] ?? 0);
  return difference === 0;
}
