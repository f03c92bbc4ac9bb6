/**
 * The bytes of one connection to the peer on their way into its packet reader: into a slab, and the rest of a long
 * payload straight to its place. Which memory may be used again is known here: a chunk when the reader is through with
 * it, and what a packet's payload lies in when that is on the disk.
 */
import type { Packet } from "../../formats/drbd/packet.ts";
import { PacketReader } from "../../formats/drbd/packet-reader.ts";
import { PacketType } from "../../formats/drbd/packet-type.ts";
import type { LentMemory } from "../../host/stream/lent-memory.ts";
import { ReceiveSlab } from "../../host/stream/receive-slab.ts";

/** A cut body at least this long gets memory that is used again. */
const ownMemoryBytesMin = 16 * 1024;

export class PacketBytes {
  readonly reader: PacketReader = new PacketReader((lengthBytes) => this.#allocate(lengthBytes));
  readonly #memory: LentMemory;
  readonly #slab: ReceiveSlab;
  #chunk: Uint8Array = new Uint8Array(0);
  /** Where the next bytes go, if not into the slab. */
  #rest: Uint8Array | undefined;
  /** The body that was begun last in memory of its own. */
  #own: Uint8Array | undefined;

  constructor(memory: LentMemory) {
    this.#memory = memory;
    this.#slab = new ReceiveSlab(memory);
  }

  /** Where the next bytes of the connection go; never empty. */
  space(): Uint8Array {
    this.#leaveOwn();
    this.#rest = this.reader.rest();
    return this.#rest ?? this.#slab.space();
  }

  /** So many bytes are at the beginning of space(): the reader may have packets. */
  received(lengthBytes: number): void {
    if (this.#rest !== undefined) {
      this.reader.received(lengthBytes);
      return;
    }
    // The reader looks at a chunk until the next one comes: packets that are not wanted yet stay in it.
    this.#memory.giveBack(this.#chunk);
    this.#chunk = this.#slab.take(lengthBytes);
    this.#memory.lend(this.#chunk);
    this.reader.push(this.#chunk);
  }

  #allocate(lengthBytes: number): Uint8Array {
    if (lengthBytes < ownMemoryBytesMin) return new Uint8Array(lengthBytes);
    // One body at a time: the last one is whole, and its payload lent.
    if (this.#own !== undefined) this.#memory.leave(this.#own);
    this.#own = this.#memory.take(lengthBytes);
    return this.#own;
  }

  #leaveOwn(): void {
    if (this.#own === undefined || this.reader.isInBody) return;
    this.#memory.leave(this.#own);
    this.#own = undefined;
  }
}

/** What goes to the disk is given back when it is there; of all other payloads it is not known who keeps them. */
export function lendPayload(memory: LentMemory, packet: Packet): void {
  if (!("payload" in packet)) return;
  const isData = packet.type === PacketType.Data || packet.type === PacketType.RsDataReply;
  const hasDigest = "digest" in packet && packet.digest !== undefined;
  if (isData && !hasDigest) memory.lend(packet.payload);
  else memory.keep(packet.payload);
}
