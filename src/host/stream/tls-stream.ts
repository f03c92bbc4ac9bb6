/** A connection under TLS as a byte stream. What is sent is gathered until flush(), so that small parts share a record. */
import type { TLSSocket } from "node:tls";
import { type ByteStream, giveTo, type StreamOwner } from "./byte-stream.ts";

/** Parts up to this length are copied together; a record of TLS holds as much. */
const copiedBytesMax = 16 * 1024;

export class TlsStream implements ByteStream {
  readonly #socket: TLSSocket;
  readonly #owner: StreamOwner;
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  #isOpen = true;
  #reason = "";

  /** Takes over a connection whose handshake is done and from which nothing was read. */
  constructor(socket: TLSSocket, owner: StreamOwner) {
    this.#socket = socket;
    this.#owner = owner;
    socket.on("error", (error: NodeJS.ErrnoException) => {
      this.#reason ||= error.code ?? error.message;
    });
    socket.on("close", () => {
      this.#isOpen = false;
      owner.closed(this.#reason);
    });
    socket.on("end", () => socket.destroy());
  }

  get queuedBytes(): number {
    return this.#gatheredBytes + this.#socket.writableLength;
  }

  start(): void {
    this.#socket.on("data", (bytes: Buffer) => giveTo(this.#owner, bytes, () => this.#isOpen));
  }

  pauseReading(): void {
    this.#socket.pause();
  }

  resumeReading(): void {
    if (this.#isOpen) this.#socket.resume();
  }

  send(part: Uint8Array): void {
    if (!this.#isOpen || part.length === 0) return;
    if (part.length > copiedBytesMax) {
      this.flush();
      this.#write(part);
      return;
    }
    this.#gathered.push(part);
    this.#gatheredBytes += part.length;
    if (this.#gatheredBytes >= copiedBytesMax) this.flush();
  }

  flush(): void {
    if (this.#gatheredBytes === 0) return;
    const parts = this.#gathered;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    this.#write(Buffer.concat(parts));
  }

  destroy(reason = ""): void {
    this.#reason ||= reason;
    this.#isOpen = false;
    this.#socket.destroy();
  }

  #write(bytes: Uint8Array): void {
    if (!this.#isOpen) return;
    this.#socket.write(bytes, () => {
      if (this.#isOpen) this.#owner.progressed();
    });
  }
}
