/**
 * Numbers of the wire, big-endian, written into the few bytes of a packet's head. A DataView would do the same, but
 * asking so small an array for its buffer makes V8 move it out of its own heap, and that costs more than all of the
 * encoding: one is sent for every write.
 */
export class FixedPart {
  readonly #bytes: Uint8Array;
  readonly #start: number;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#start = start;
  }

  setUint8(at: number, value: number): void {
    this.#bytes[this.#start + at] = value;
  }

  setUint16(at: number, value: number): void {
    const from = this.#start + at;
    this.#bytes[from] = value >>> 8;
    this.#bytes[from + 1] = value;
  }

  setUint32(at: number, value: number): void {
    const from = this.#start + at;
    this.#bytes[from] = value >>> 24;
    this.#bytes[from + 1] = value >>> 16;
    this.#bytes[from + 2] = value >>> 8;
    this.#bytes[from + 3] = value;
  }

  setBigUint64(at: number, value: bigint): void {
    this.setUint32(at, Number(BigInt.asUintN(32, value >> 32n)));
    this.setUint32(at + 4, Number(BigInt.asUintN(32, value)));
  }
}
