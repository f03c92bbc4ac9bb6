import { randomBytes } from "node:crypto";

/** 64 bits of the kernel's chance: what a Prng is seeded with at each start. */
export function kernelSeed(): bigint {
  return randomBytes(8).readBigUInt64BE();
}
