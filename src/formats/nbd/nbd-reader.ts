/**
 * Bytes from an NBD client -> options and requests, incrementally and without copying payloads where it can be
 * avoided: the socket reads straight into space(), a payload that lies there as a whole is handed out as a view,
 * and a long one that does not gets memory of its own into which the rest is read directly. Memory that was handed
 * out as a payload is not written again before giveBack().
 */
import { assert } from "../../base/assert.ts";
import { viewOf } from "../../base/bytes.ts";
import {
  command,
  optionHeaderBytes,
  optionMagic,
  requestBytes,
  requestMagic,
} from "./nbd-constants.ts";
import { type Allocate, type MemoryBlock, PayloadMemory } from "./payload-memory.ts";

export type NbdRequest = {
  readonly kind: "request";
  readonly flags: number;
  readonly command: number;
  readonly cookieHigh: number;
  readonly cookieLow: number;
  readonly offset: number;
  readonly lengthBytes: number;
  /** What a write writes; undefined for all else. */
  readonly payload: Uint8Array | undefined;
  /** Where the payload lies: to be given back when nobody looks at it any more. */
  readonly block: MemoryBlock | undefined;
};

export type NbdItem =
  | { readonly kind: "client-flags"; readonly flags: number }
  | { readonly kind: "option"; readonly option: number; readonly data: Uint8Array }
  | NbdRequest
  /** Nothing after this can be understood: the connection has to end. */
  | { readonly kind: "broken"; readonly reason: string };

/** The largest payload of a read or write: what every client may count on (section "Size constraints"). */
export const payloadBytesMax: number = 32 * 1024 * 1024;
/** No option that we know needs more than some names. */
export const optionDataBytesMax: number = 64 * 1024;

const chunkBytes = 256 * 1024;
/** Less space than this is not worth a system call: a new chunk is begun. */
const spaceBytesMin = 64 * 1024;
/** A payload at least this long, of which not all is here, is read into memory of its own. */
const ownMemoryBytesMin = 64 * 1024;

export class NbdReader {
  readonly #memory: PayloadMemory;
  #phase: "client-flags" | "options" | "transmission" | "broken" = "client-flags";
  #block: MemoryBlock;
  #view: DataView;
  /** Bytes [start, end) of the chunk are received and not yet understood. */
  #start = 0;
  #end = 0;
  /** A write whose payload is being read into memory of its own: that memory and how much is there. */
  #long: { readonly request: NbdRequest; readonly block: MemoryBlock } | undefined;
  #longBytes = 0;

  /** @param allocate gives memory whose content does not matter. */
  constructor(allocate: Allocate = (lengthBytes) => new Uint8Array(lengthBytes)) {
    this.#memory = new PayloadMemory(allocate);
    this.#block = this.#memory.take(chunkBytes);
    this.#view = viewOf(this.#chunk);
  }

  /** Nobody looks at a request's payload any more: its memory may be written again. */
  giveBack(block: MemoryBlock): void {
    this.#memory.giveBack(block);
  }

  get #chunk(): Uint8Array {
    return this.#block.bytes;
  }

  /** Where the next bytes of the client go; never empty. Valid until received() or next() is called. */
  space(): Uint8Array {
    if (this.#long !== undefined) return this.#long.block.bytes.subarray(this.#longBytes);
    if (this.#start === this.#end && this.#block.lentCount === 0) {
      this.#start = 0;
      this.#end = 0;
    }
    if (this.#chunk.length - this.#end < spaceBytesMin) this.#beginChunk();
    return this.#chunk.subarray(this.#end);
  }

  /** The client's next bytes were put at the beginning of space(). */
  received(lengthBytes: number): void {
    if (this.#long !== undefined) {
      this.#longBytes += lengthBytes;
      assert(
        this.#longBytes <= this.#long.block.bytes.length,
        "not more was received than asked for",
      );
      return;
    }
    this.#end += lengthBytes;
    assert(this.#end <= this.#chunk.length, "not more was received than there was space for");
  }

  /** The negotiation is over: what follows are requests. */
  beginTransmission(): void {
    assert(this.#phase === "options", "the transmission phase follows the options");
    this.#phase = "transmission";
  }

  /** The next whole option or request, or undefined until more is received. */
  next(): NbdItem | undefined {
    switch (this.#phase) {
      case "transmission":
        return this.#long === undefined ? this.#nextRequest() : this.#endOfLong();
      case "options":
        return this.#nextOption();
      case "client-flags":
        return this.#nextClientFlags();
      case "broken":
        return undefined;
    }
  }

  #nextClientFlags(): NbdItem | undefined {
    if (this.#end - this.#start < 4) return undefined;
    const flags = this.#view.getUint32(this.#start);
    this.#start += 4;
    this.#phase = "options";
    return { kind: "client-flags", flags };
  }

  #nextOption(): NbdItem | undefined {
    const at = this.#start;
    if (this.#end - at < optionHeaderBytes) return undefined;
    if (this.#view.getBigUint64(at) !== optionMagic)
      return this.#break("an option without its magic number");
    const lengthBytes = this.#view.getUint32(at + 12);
    if (lengthBytes > optionDataBytesMax)
      return this.#break(`an option with ${lengthBytes} bytes of data`);
    if (!this.#have(optionHeaderBytes + lengthBytes)) return undefined;
    const from = this.#start + optionHeaderBytes;
    const option = this.#view.getUint32(this.#start + 8);
    this.#start = from + lengthBytes;
    return { kind: "option", option, data: this.#chunk.slice(from, from + lengthBytes) };
  }

  #nextRequest(): NbdItem | undefined {
    if (this.#end - this.#start < requestBytes) return undefined;
    const view = this.#view;
    const at = this.#start;
    if (view.getUint32(at) !== requestMagic)
      return this.#break("a request without its magic number");
    if (view.getUint16(at + 6) !== command.write) {
      this.#start += requestBytes;
      return this.#requestAt(at, undefined, undefined);
    }
    const lengthBytes = view.getUint32(at + 24);
    if (lengthBytes > payloadBytesMax) return this.#break(`a write of ${lengthBytes} bytes`);
    const here = this.#end - at - requestBytes;
    if (here < lengthBytes && lengthBytes >= ownMemoryBytesMin) {
      this.#beginLong(lengthBytes, here);
      return undefined;
    }
    if (!this.#have(requestBytes + lengthBytes)) return undefined;
    // The chunk may be another one by now.
    const head = this.#start;
    const from = head + requestBytes;
    this.#start = from + lengthBytes;
    this.#block.lentCount++;
    return this.#requestAt(head, this.#chunk.subarray(from, from + lengthBytes), this.#block);
  }

  #requestAt(
    at: number,
    payload: Uint8Array | undefined,
    block: MemoryBlock | undefined,
  ): NbdRequest {
    const view = this.#view;
    return {
      kind: "request",
      flags: view.getUint16(at + 4),
      command: view.getUint16(at + 6),
      cookieHigh: view.getUint32(at + 8),
      cookieLow: view.getUint32(at + 12),
      // Above 2^53 the number is not exact, but it is beyond every export all the same.
      offset: view.getUint32(at + 16) * 0x100000000 + view.getUint32(at + 20),
      lengthBytes: view.getUint32(at + 24),
      payload,
      block,
    };
  }

  #beginLong(lengthBytes: number, here: number): void {
    const block = this.#memory.take(lengthBytes);
    block.bytes.set(this.#chunk.subarray(this.#end - here, this.#end));
    block.lentCount++;
    this.#long = { request: this.#requestAt(this.#start, block.bytes, block), block };
    this.#longBytes = here;
    this.#start = this.#end;
  }

  #endOfLong(): NbdItem | undefined {
    const long = this.#long;
    if (long === undefined || this.#longBytes < long.block.bytes.length) return undefined;
    this.#long = undefined;
    this.#memory.leave(long.block);
    return long.request;
  }

  /** Whether that many bytes from the start are here; if not, makes sure that the chunk has room for them. */
  #have(lengthBytes: number): boolean {
    if (this.#end - this.#start >= lengthBytes) return true;
    if (this.#start + lengthBytes > this.#chunk.length) this.#beginChunk();
    return false;
  }

  /** Goes on in a new chunk, with what is not yet understood at its beginning. */
  #beginChunk(): void {
    const left = this.#block;
    const rest = this.#chunk.subarray(this.#start, this.#end);
    this.#block = this.#memory.take(chunkBytes);
    this.#chunk.set(rest);
    this.#memory.leave(left);
    this.#view = viewOf(this.#chunk);
    this.#start = 0;
    this.#end = rest.length;
  }

  #break(reason: string): NbdItem {
    this.#phase = "broken";
    return { kind: "broken", reason };
  }
}
