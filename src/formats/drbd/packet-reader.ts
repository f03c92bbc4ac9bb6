/**
 * Bytes of one TCP connection -> packets, incrementally. Each header says by its magic which of the three kinds it is,
 * so the reader needs to be told nothing. A payload that lies whole in one chunk is a view of it; one that is cut is
 * put together once. The length a header claims is checked against the packet's shape before anything is kept for it.
 *
 * Use: `push` a chunk, then `next` until it returns undefined. After an error the connection is over. While `rest` names
 * memory, the next bytes may be received straight into it and told by `received` instead of being pushed.
 * The chunk belongs to the reader and to those who hold payloads: it must not be written to again.
 */
import { assert } from "../../base/assert.ts";
import type { Packet } from "./packet.ts";
import { decodePacket } from "./packet-decode.ts";
import { decodeHeader, headerBytes, type PacketHeader } from "./packet-header.ts";
import { packetName, packetShape } from "./packet-type.ts";

export type PacketError = {
  readonly reason: "bad-magic" | "unknown-packet" | "wrong-size" | "bad-content";
  readonly message: string;
};

export type ReadPacket =
  | { readonly ok: true; readonly value: Packet }
  | { readonly ok: false; readonly error: PacketError };

const noBytes = new Uint8Array(0);
/** A rest at least this long is worth a system call of its own. */
const ownRestBytesMin = 16 * 1024;

/** Gives memory whose content does not matter. */
export type Allocate = (lengthBytes: number) => Uint8Array;

export class PacketReader {
  readonly #allocate: Allocate;
  #chunk: Uint8Array = noBytes;
  #at = 0;
  /** The part of a header that came at the end of a chunk. */
  readonly #partialHeader = new Uint8Array(16);
  #partialLength = 0;
  #header: PacketHeader | undefined;
  /** A body that is being put together from several chunks. */
  #body: Uint8Array | undefined;
  #bodyFilled = 0;
  #failed = false;

  constructor(allocate: Allocate = (lengthBytes) => new Uint8Array(lengthBytes)) {
    this.#allocate = allocate;
  }

  /** Where the rest of a long body belongs of which a part has been pushed. Valid until received() or push(). */
  rest(): Uint8Array | undefined {
    const body = this.#body;
    if (this.#failed || body === undefined) return undefined;
    return body.length - this.#bodyFilled < ownRestBytesMin
      ? undefined
      : body.subarray(this.#bodyFilled);
  }

  /** Of a body a part has come, and the rest has not. */
  get isInBody(): boolean {
    return this.#body !== undefined;
  }

  /** The next bytes of the connection were put at the beginning of rest(). */
  received(lengthBytes: number): void {
    assert(this.#body !== undefined, "only the rest of a body is received in its place");
    this.#bodyFilled += lengthBytes;
    assert(this.#bodyFilled <= this.#body.length, "not more was received than there was space for");
  }

  push(chunk: Uint8Array): void {
    if (this.#failed) return;
    assert(this.#at === this.#chunk.length, "the last chunk was read to its end");
    this.#chunk = chunk;
    this.#at = 0;
  }

  next(): ReadPacket | undefined {
    if (this.#failed) return undefined;
    if (this.#header === undefined) {
      const failure = this.#readHeader();
      if (failure !== undefined) return this.#fail(failure);
      if (this.#header === undefined) return undefined;
    }
    const header: PacketHeader = this.#header;
    const body = this.#readBody(header.length);
    if (body === undefined) return undefined;
    this.#header = undefined;
    const packet = decodePacket(header, body);
    if (packet.ok) return packet;
    return this.#fail({ reason: "bad-content", message: packet.error });
  }

  #readHeader(): PacketError | undefined {
    const left = this.#chunk.length - this.#at;
    if (this.#partialLength === 0 && left >= 16) {
      const view = new DataView(this.#chunk.buffer, this.#chunk.byteOffset + this.#at, 16);
      const length = headerBytes(view.getUint16(0));
      if (length === undefined) return badMagic(view.getUint16(0));
      this.#at += length;
      return this.#takeHeader(view);
    }
    const view = new DataView(this.#partialHeader.buffer);
    for (;;) {
      const wanted = this.#partialLength < 2 ? 2 : headerBytes(view.getUint16(0));
      if (wanted === undefined) return badMagic(view.getUint16(0));
      if (this.#partialLength === wanted) break;
      const take = Math.min(wanted - this.#partialLength, this.#chunk.length - this.#at);
      if (take === 0) return undefined;
      this.#partialHeader.set(this.#chunk.subarray(this.#at, this.#at + take), this.#partialLength);
      this.#partialLength += take;
      this.#at += take;
    }
    this.#partialLength = 0;
    return this.#takeHeader(view);
  }

  #takeHeader(view: DataView): PacketError | undefined {
    const header = decodeHeader(view, 0);
    if (header === undefined) return badMagic(view.getUint16(0));
    const shape = packetShape(header.type);
    if (shape === undefined) {
      return { reason: "unknown-packet", message: `${packetName(header.type)} is not known` };
    }
    const more = header.length - shape.fixedBytes;
    if (more < 0 || more > shape.moreBytesMax) {
      const message = `${shape.name} of ${header.length} bytes; it has ${shape.fixedBytes} to ${shape.fixedBytes + shape.moreBytesMax}`;
      return { reason: "wrong-size", message };
    }
    this.#header = header;
    return undefined;
  }

  #readBody(length: number): Uint8Array | undefined {
    const left = this.#chunk.length - this.#at;
    if (this.#body === undefined) {
      if (left >= length) {
        this.#at += length;
        return length === 0 ? noBytes : this.#chunk.subarray(this.#at - length, this.#at);
      }
      if (left === 0) return undefined;
      this.#body = this.#allocate(length);
      this.#bodyFilled = 0;
    }
    const take = Math.min(length - this.#bodyFilled, left);
    this.#body.set(this.#chunk.subarray(this.#at, this.#at + take), this.#bodyFilled);
    this.#bodyFilled += take;
    this.#at += take;
    if (this.#bodyFilled < length) return undefined;
    const body = this.#body;
    this.#body = undefined;
    return body;
  }

  #fail(error: PacketError): ReadPacket {
    this.#failed = true;
    return { ok: false, error };
  }
}

function badMagic(first16: number): PacketError {
  return { reason: "bad-magic", message: `0x${first16.toString(16)} starts no packet of DRBD` };
}
