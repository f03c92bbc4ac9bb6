/**
 * The transmission phase of one NBD client: requests become I/O, answers become replies, in any order. Source:
 * doc/proto.md, "Transmission" and "Request types". With structured replies a read is answered by one data chunk.
 */
import { assert } from "../../base/assert.ts";
import { viewOf } from "../../base/bytes.ts";
import {
  allocationBit,
  command,
  commandFlag,
  nbdError,
  simpleReplyBytes,
} from "../../formats/nbd/nbd-constants.ts";
import { type NbdRequest, payloadBytesMax } from "../../formats/nbd/nbd-reader.ts";
import {
  type Cookie,
  encodeBlockStatus,
  encodeErrorChunk,
  putReadChunk,
  putSimpleReply,
  type StatusDescriptor,
  simpleReadHeadBytes,
  structuredReadHeadBytes,
} from "../../formats/nbd/nbd-replies.ts";
import type { MemoryBlock } from "../../formats/nbd/payload-memory.ts";
import { errorOf, messageOf } from "./io-errors.ts";
import { type Agreed, allocationContextId } from "./nbd-negotiation.ts";
import type { NbdEffect, NbdExtent, NbdIoReply } from "./types.ts";

/** Unanswered requests of one client. */
export const requestsMax = 256;
/** Unanswered requests together may read and write so many bytes (one request always may). */
const requestBytesTotalMax: number = 2 * payloadBytesMax;
/** Descriptors in one block status reply. */
const descriptorsMax = 8192;

const sectorBytes = 512;

type Flight = {
  readonly cookieHigh: number;
  readonly cookieLow: number;
  readonly command: number;
  readonly flags: number;
  readonly offset: number;
  readonly lengthBytes: number;
  /** Where a write's payload lies. */
  readonly block: MemoryBlock | undefined;
};

export class NbdTransmission {
  readonly #agreed: Agreed;
  readonly #firstId: number;
  readonly #giveBack: (block: MemoryBlock) => void;
  /** Unanswered requests by id, less the first; the free places are a stack. */
  readonly #flights: (Flight | undefined)[] = [];
  readonly #freePlaces: number[] = [];
  readonly #simpleReplies: SimpleReplies = new SimpleReplies();
  #count = 0;
  #bytes = 0;

  /** @param giveBack is called when nobody looks at a write's payload any more. */
  constructor(agreed: Agreed, firstId: number, giveBack: (block: MemoryBlock) => void) {
    this.#agreed = agreed;
    this.#firstId = firstId;
    this.#giveBack = giveBack;
  }

  get unanswered(): number {
    return this.#count;
  }

  /** No further request may be begun until some are answered. */
  get full(): boolean {
    return this.#count >= requestsMax || this.#bytes >= requestBytesTotalMax;
  }

  /** How many bytes of head precede a read's data in its reply. */
  get readHeadBytes(): number {
    return this.#agreed.structured ? structuredReadHeadBytes : simpleReadHeadBytes;
  }

  onRequest(request: NbdRequest): NbdEffect {
    const refusal = this.#refusalOf(request);
    if (refusal !== undefined) {
      if (request.block !== undefined) this.#giveBack(request.block);
      return this.#errorReply(request, refusal.error, refusal.message);
    }
    switch (request.command) {
      case command.read:
        return this.#io(request, "read");
      case command.write:
        return this.#io(request, "write");
      case command.flush:
        return this.#io(request, "flush");
      case command.trim:
        return this.#onTrim(request);
      case command.writeZeroes:
        return this.#io(request, "write-zeroes");
      default: {
        assert(request.command === command.blockStatus, "other commands were refused");
        const { offset, lengthBytes: length } = request;
        const { volume } = this.#agreed.details;
        return { kind: "allocation", id: this.#begin(request), volume, offset, length };
      }
    }
  }

  onIoReply(reply: NbdIoReply): NbdEffect {
    const flight = this.#finish(reply.id);
    if (reply.error !== undefined)
      return this.#errorReply(flight, errorOf(reply.error), messageOf(reply.error));
    if (flight.command !== command.read) return this.#doneReply(flight);
    const { bytes } = reply;
    assert(bytes?.length === flight.lengthBytes, "a read is answered with as many bytes");
    const head = reply.framed ?? new Uint8Array(this.readHeadBytes);
    if (this.#agreed.structured) putReadChunk(head, cookieOf(flight), flight);
    else putSimpleReply(viewOf(head), 0, { cookie: cookieOf(flight), error: nbdError.none });
    return { kind: "send", parts: reply.framed === undefined ? [head, bytes] : [head] };
  }

  onAllocation(id: number, extents: readonly NbdExtent[] | undefined): NbdEffect {
    const flight = this.#finish(id);
    const descriptors = descriptorsOf(flight, extents);
    const part = encodeBlockStatus(cookieOf(flight), allocationContextId, descriptors);
    return { kind: "send", parts: [part] };
  }

  /** Why a request is wrong in itself, if it is. */
  #refusalOf(
    request: NbdRequest,
  ): { readonly error: number; readonly message: string } | undefined {
    const invalid = (message: string): { readonly error: number; readonly message: string } => ({
      error: nbdError.EINVAL,
      message,
    });
    const allowed = this.#allowedFlags(request.command);
    if (allowed === undefined) return invalid(`command ${request.command} is not known here`);
    if ((request.flags & ~allowed) !== 0)
      return invalid(`flags 0x${request.flags.toString(16)} do not go with this command`);
    if (request.command === command.flush) return undefined;
    const { offset, lengthBytes } = request;
    if (offset + lengthBytes > this.#agreed.details.sizeBytes) {
      const writes = request.command === command.write || request.command === command.writeZeroes;
      const message = `bytes ${offset} to ${offset + lengthBytes} are beyond the end`;
      return writes ? { error: nbdError.ENOSPC, message } : invalid(message);
    }
    if (lengthBytes === 0) return invalid("a length of 0");
    if (request.command === command.trim || request.command === command.blockStatus)
      return undefined;
    if (offset % sectorBytes !== 0 || lengthBytes % sectorBytes !== 0)
      return invalid("offset and length have to be multiples of 512");
    if (request.command === command.read && lengthBytes > payloadBytesMax)
      return { error: nbdError.EOVERFLOW, message: `a read of more than ${payloadBytesMax} bytes` };
    return undefined;
  }

  #allowedFlags(number: number): number | undefined {
    switch (number) {
      case command.read:
        return this.#agreed.structured
          ? commandFlag.fua | commandFlag.dontFragment
          : commandFlag.fua;
      case command.write:
      case command.flush:
      case command.trim:
        return commandFlag.fua;
      case command.writeZeroes:
        return commandFlag.fua | commandFlag.noHole;
      case command.blockStatus:
        return this.#agreed.allocation ? commandFlag.fua | commandFlag.requestOne : undefined;
      default:
        return undefined;
    }
  }

  #io(request: NbdRequest, kind: "read" | "write" | "flush" | "write-zeroes"): NbdEffect {
    const id = this.#begin(request);
    const { volume } = this.#agreed.details;
    const { offset, lengthBytes: length } = request;
    const fua = (request.flags & commandFlag.fua) !== 0;
    switch (kind) {
      case "read":
        return { kind: "io", request: { kind, id, volume, offset, length } };
      case "write": {
        const bytes = request.payload;
        assert(bytes !== undefined, "a write has a payload");
        return { kind: "io", request: { kind, id, volume, offset, bytes, fua } };
      }
      case "flush":
        return { kind: "io", request: { kind, id, volume } };
      case "write-zeroes": {
        const mayUnmap = (request.flags & commandFlag.noHole) === 0;
        return { kind: "io", request: { kind, id, volume, offset, length, mayUnmap, fua } };
      }
    }
  }

  /** A trim is a hint, and may cover less than it says: the whole sectors in it. */
  #onTrim(request: NbdRequest): NbdEffect {
    const offset = Math.ceil(request.offset / sectorBytes) * sectorBytes;
    const end = request.offset + request.lengthBytes;
    const length = Math.floor(end / sectorBytes) * sectorBytes - offset;
    if (length <= 0) return this.#doneReply(request);
    const { volume } = this.#agreed.details;
    const fua = (request.flags & commandFlag.fua) !== 0;
    const id = this.#begin(request);
    return {
      kind: "io",
      request: { kind: "discard", id, volume, offset, length, mayUnmap: true, fua },
    };
  }

  #begin(request: NbdRequest): number {
    assert(this.#count < requestsMax, "the limit of unanswered requests was looked at before");
    const place = this.#freePlaces.pop() ?? this.#flights.length;
    // The payload is the replication's now, until the answer; then its memory is the reader's again.
    this.#flights[place] = {
      cookieHigh: request.cookieHigh,
      cookieLow: request.cookieLow,
      command: request.command,
      flags: request.flags,
      offset: request.offset,
      lengthBytes: request.lengthBytes,
      block: request.block,
    };
    this.#count++;
    this.#bytes += memoryOf(request);
    return this.#firstId + place;
  }

  #finish(id: number): Flight {
    const place = id - this.#firstId;
    const flight = this.#flights[place];
    assert(flight !== undefined, "each request is answered once");
    this.#flights[place] = undefined;
    this.#freePlaces.push(place);
    this.#count--;
    this.#bytes -= memoryOf(flight);
    if (flight.block !== undefined) this.#giveBack(flight.block);
    return flight;
  }

  #doneReply(flight: Flight): NbdEffect {
    return { kind: "send", parts: [this.#simpleReplies.reply(flight, nbdError.none)] };
  }

  #errorReply(flight: Flight, error: number, message: string): NbdEffect {
    const cookie = cookieOf(flight);
    if (this.#agreed.structured)
      return { kind: "send", parts: [encodeErrorChunk(cookie, error, message)] };
    return { kind: "send", parts: [this.#simpleReplies.reply(flight, error)] };
  }
}

/** Replies without data, cut from one piece of memory after the other: each for itself would be three objects. */
class SimpleReplies {
  static readonly #atOnce = 256;
  #memory: Uint8Array = new Uint8Array(0);
  #view: DataView = viewOf(this.#memory);
  #at = 0;

  reply(flight: Flight, error: number): Uint8Array {
    if (this.#at === this.#memory.length) {
      this.#memory = new Uint8Array(simpleReplyBytes * SimpleReplies.#atOnce);
      this.#view = viewOf(this.#memory);
      this.#at = 0;
    }
    const at = this.#at;
    this.#at += simpleReplyBytes;
    putSimpleReply(this.#view, at, { cookie: cookieOf(flight), error });
    return this.#memory.subarray(at, this.#at);
  }
}

function cookieOf(flight: Flight): Cookie {
  return { high: flight.cookieHigh, low: flight.cookieLow };
}

/** What a request holds in memory until it is answered. */
function memoryOf(flight: Flight): number {
  const moves = flight.command === command.read || flight.command === command.write;
  return moves ? flight.lengthBytes : 0;
}

/** The extents as descriptors that begin at the request's offset; data, if nothing is known. */
function descriptorsOf(
  flight: Flight,
  extents: readonly NbdExtent[] | undefined,
): readonly StatusDescriptor[] {
  const known = extents === undefined || extents.length === 0 ? undefined : extents;
  if (known === undefined) return [{ lengthBytes: flight.lengthBytes, status: 0 }];
  const limit = (flight.flags & commandFlag.requestOne) !== 0 ? 1 : descriptorsMax;
  return known.slice(0, limit).map((extent) => ({
    lengthBytes: extent.lengthBytes,
    status: extent.hole ? allocationBit.hole | allocationBit.zero : 0,
  }));
}
