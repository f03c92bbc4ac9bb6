/**
 * The checksums that verify-alg, csums-alg and data-integrity-alg may name: those of the kernel's crypto API that both
 * ends have, with the bytes in the order in which the kernel puts them on the wire. The machine is given a function, so
 * that a shell with faster ones can lend them; a digest is always computed over one request, of 1 MiB at most.
 */
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { crc32c } from "../../formats/drbd/crc32c.ts";

export type DigestName = "crc32c" | "md5" | "sha1" | "sha256" | "sha512";

/** Bytes -> their digest; `digestBytes` long. Never keeps or changes the bytes. */
export type Digest = (name: DigestName, bytes: Uint8Array) => Uint8Array;

export const digestBytes: Readonly<Record<DigestName, number>> = {
  crc32c: 4,
  md5: 16,
  sha1: 20,
  sha256: 32,
  sha512: 64,
};

/** The words of the configuration, in the order in which they are told to people. */
export const digestNames = Object.keys(digestBytes) as readonly DigestName[];

/** Undefined for a name that is not known here. */
export function digestNamed(name: string): DigestName | undefined {
  return digestNames.find((known) => known === name);
}

/** What needs nothing from outside. */
export const pureDigest: Digest = (name, bytes) => {
  switch (name) {
    case "crc32c":
      return crc32cBytes(bytes);
    case "md5":
      return md5(bytes);
    case "sha1":
      return sha1(bytes);
    case "sha256":
      return sha256(bytes);
    case "sha512":
      return sha512(bytes);
  }
};

/** As the kernel's shash of this name: the usual CRC-32C, least significant byte first. */
export function crc32cBytes(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(digestBytes.crc32c);
  new DataView(out.buffer).setUint32(0, crc32c(bytes), true);
  return out;
}
