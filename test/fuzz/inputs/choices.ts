/**
 * Chance that comes from an input: each decision takes a byte or some of it. When they are used up every decision is 0,
 * and who asks should come to an end. So a story that fails can be shrunk like any input.
 */
import type { Chance } from "../fuzz-target.ts";

export class Choices implements Chance {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get areOver(): boolean {
    return this.#at >= this.#bytes.length;
  }

  u32(): number {
    return this.#number(4);
  }

  u64(): bigint {
    return (BigInt(this.u32()) << 32n) | BigInt(this.u32());
  }

  below(limit: number): number {
    if (limit <= 1) return 0;
    const width = limit <= 0x100 ? 1 : limit <= 0x10000 ? 2 : limit <= 2 ** 32 ? 4 : 6;
    return this.#number(width) % limit;
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.#number(1) / 256 < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  bytes(length: number): Uint8Array {
    const out = new Uint8Array(length);
    out.set(this.#bytes.subarray(this.#at, this.#at + length));
    this.#at += length;
    return out;
  }

  #number(width: number): number {
    let value = 0;
    for (let i = 0; i < width; i++) value = value * 256 + (this.#bytes[this.#at++] ?? 0);
    return value;
  }
}
