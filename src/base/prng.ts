/**
 * The only source of chance in the pure layers: xoshiro128** seeded by splitmix64, given to a machine
 * at construction. Production seeds it from the kernel; the simulator from the run's seed.
 */
import { assert } from "./assert.ts";

export class Prng {
  readonly #s: Uint32Array = new Uint32Array(4);

  /** @param seed any 64-bit number; equal seeds give equal sequences. */
  constructor(seed: bigint) {
    let state = BigInt.asUintN(64, seed);
    for (let i = 0; i < 4; i += 2) {
      state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
      let z = state;
      z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
      z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
      z ^= z >> 31n;
      this.#s[i] = Number(z & 0xffffffffn);
      this.#s[i + 1] = Number(z >> 32n);
    }
  }

  /** A uniform 32-bit unsigned number. */
  u32(): number {
    const s = this.#s as unknown as [number, number, number, number];
    const result = Math.imul(rotl(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 11);
    return result;
  }

  /** A uniform 64-bit unsigned number. */
  u64(): bigint {
    return (BigInt(this.u32()) << 32n) | BigInt(this.u32());
  }

  /** A uniform integer in [0, limit). */
  below(limit: number): number {
    assert(Number.isSafeInteger(limit) && limit > 0, "limit is a positive integer");
    const wide = this.u32() * 0x200000 + (this.u32() >>> 11);
    return Math.floor((wide / 0x20000000000000) * limit);
  }

  /** A uniform integer in [low, high], both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True with the given probability (0 never, 1 always). */
  chance(probability: number): boolean {
    return this.u32() / 0x100000000 < probability;
  }

  pick<T>(items: readonly T[]): T {
    assert(items.length > 0, "there is something to pick from");
    return items[this.below(items.length)] as T;
  }

  /** The weights are positive integers: a row of weight 2 is picked twice as often as one of weight 1. */
  pickWeighted<T extends { readonly weight: number }>(rows: readonly T[]): T {
    let dice = this.below(rows.reduce((sum, { weight }) => sum + weight, 0));
    const picked = rows.find(({ weight }) => {
      dice -= weight;
      return dice < 0;
    });
    assert(picked !== undefined, "the dice fall on one of the rows");
    return picked;
  }

  bytes(length: number): Uint8Array {
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i++) out[i] = this.u32() & 0xff;
    return out;
  }

  /** A generator of its own, whose sequence does not depend on how often this one is used afterwards. */
  fork(): Prng {
    return new Prng(this.u64());
  }
}

function rotl(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}
