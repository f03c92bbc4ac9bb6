/**
 * Reading and writing the fields of cluster packets and link frames: big-endian numbers, texts with a length
 * byte, raw bytes. The reader never throws: past the end, or at a text that is no UTF-8, it is `broken`, and
 * everything it returns from then on is empty and means nothing.
 */
import { assert } from "../../base/assert.ts";
import { concatBytes, equalBytes, viewOf } from "../../base/bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../../base/utf8.ts";

export class FieldWriter {
  readonly #parts: Uint8Array[] = [];

  u8(value: number): this {
    assert(Number.isInteger(value) && value >= 0 && value <= 0xff, "the value fits into one byte");
    return this.bytes(Uint8Array.of(value));
  }

  u16(value: number): this {
    assert(Number.isInteger(value) && value >= 0 && value <= 0xffff, "the value fits into 16 bits");
    return this.bytes(Uint8Array.of(value >>> 8, value & 0xff));
  }

  u32(value: number): this {
    assert(Number.isInteger(value) && value >= 0 && value <= 0xffffffff, "it fits into 32 bits");
    const out = new Uint8Array(4);
    viewOf(out).setUint32(0, value);
    return this.bytes(out);
  }

  u64(value: bigint): this {
    assert(value >= 0n && value <= 0xffffffffffffffffn, "the value fits into 64 bits");
    const out = new Uint8Array(8);
    viewOf(out).setBigUint64(0, value);
    return this.bytes(out);
  }

  /** A text of at most 255 bytes, its length before it. */
  text(value: string): this {
    const encoded = encodeUtf8(value);
    return this.u8(encoded.length).bytes(encoded);
  }

  bytes(value: Uint8Array): this {
    this.#parts.push(value);
    return this;
  }

  finish(): Uint8Array {
    return concatBytes(this.#parts);
  }
}

export class FieldReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #broken = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  get broken(): boolean {
    return this.#broken;
  }

  /** Whether everything was read and nothing was missing. */
  get complete(): boolean {
    return !this.#broken && this.#at === this.#bytes.length;
  }

  get offset(): number {
    return this.#at;
  }

  u8(): number {
    const at = this.#take(1);
    return at === undefined ? 0 : this.#view.getUint8(at);
  }

  u16(): number {
    const at = this.#take(2);
    return at === undefined ? 0 : this.#view.getUint16(at);
  }

  u32(): number {
    const at = this.#take(4);
    return at === undefined ? 0 : this.#view.getUint32(at);
  }

  u64(): bigint {
    const at = this.#take(8);
    return at === undefined ? 0n : this.#view.getBigUint64(at);
  }

  text(): string {
    const bytes = this.bytes(this.u8());
    const text = decodeUtf8(bytes);
    if (!equalBytes(encodeUtf8(text), bytes)) this.#broken = true;
    return this.#broken ? "" : text;
  }

  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return at === undefined ? new Uint8Array(0) : this.#bytes.subarray(at, at + length);
  }

  /** What has not been read. */
  rest(): Uint8Array {
    return this.bytes(this.#broken ? 0 : this.#bytes.length - this.#at);
  }

  #take(length: number): number | undefined {
    if (this.#broken || this.#at + length > this.#bytes.length) {
      this.#broken = true;
      return undefined;
    }
    const at = this.#at;
    this.#at += length;
    return at;
  }
}
