/**
 * A connected stream socket (unix or TCP) made for many small messages and large payloads at the same time.
 *
 * What is received is read straight into memory that the owner names. What is sent is gathered until flush(): small
 * parts are copied together and leave by one system call, large ones leave from where they are. As long as the kernel
 * takes everything, nothing is queued here; what it does not take waits in Node's own queue (queuedBytes), in order.
 */
import net from "node:net";
import { constants } from "node:os";
import {
  dup,
  errno,
  errnoName,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  send,
  setsockopt,
} from "../libc/libc.ts";
import { type ByteStream, giveTo, type StreamOwner } from "./byte-stream.ts";

/** Parts up to this length are copied together. */
const copiedBytesMax = 16 * 1024;
const gatheredBytesMax = 256 * 1024;
/** How long end() waits for what is queued. */
const lingerMs = 2000;
/** Linux: more follows, do not send a small packet yet. */
const MSG_MORE = 0x8000;
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_SNDBUFFORCE = 32;

export class StreamSocket implements ByteStream {
  readonly #socket: net.Socket;
  readonly #fd: number;
  readonly #owner: StreamOwner;
  #gathered: Buffer | undefined;
  #gatheredBytes = 0;
  #isOpen = true;
  #ending = false;
  #reason = "";
  /** What Node reads into was named before a pause: the owner may want the bytes elsewhere by now. */
  #spaceIsStale = false;

  /**
   * Takes over a connected socket of Node's from which nothing was read yet (pauseOnConnect, or just connected).
   * Nothing is read before start().
   */
  constructor(connected: net.Socket, owner: StreamOwner) {
    this.#owner = owner;
    this.#fd = takeDescriptor(connected);
    this.#socket = new net.Socket({
      fd: this.#fd,
      readable: true,
      writable: true,
      allowHalfOpen: false,
      onread: {
        buffer: () => owner.receiveInto(),
        callback: (lengthBytes, buffer) => this.#onRead(lengthBytes, buffer),
      },
    });
    this.#socket.on("error", (error: NodeJS.ErrnoException) => {
      this.#reason ||= error.code ?? error.message;
    });
    this.#socket.on("close", () => {
      this.#isOpen = false;
      owner.closed(this.#reason);
    });
  }

  start(): void {
    this.#socket.resume();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Bytes that the kernel has not taken yet. */
  get queuedBytes(): number {
    return this.#gatheredBytes + this.#socket.writableLength;
  }

  setNoDelay(): void {
    this.#socket.setNoDelay(true);
  }

  /** Lets the kernel take so many bytes at once, beyond the system's limit where this process may. */
  setSendBuffer(lengthBytes: number): void {
    const value = new Int32Array(new ArrayBuffer(4));
    value[0] = lengthBytes;
    // It only makes large answers quicker: without the privilege all works as well.
    if (setsockopt(this.#fd, SOL_SOCKET, SO_SNDBUFFORCE, value, 4) !== 0)
      setsockopt(this.#fd, SOL_SOCKET, SO_SNDBUF, value, 4);
  }

  pauseReading(): void {
    this.#spaceIsStale = true;
    this.#socket.pause();
  }

  resumeReading(): void {
    if (this.#isOpen) this.#socket.resume();
  }

  /**
   * The bytes leave by the next flush(), after all before them.
   * @returns true when they were copied or taken already; if false, they must not change until they are sent.
   */
  send(part: Uint8Array): boolean {
    if (!this.#isOpen || this.#ending || part.length === 0) return true;
    if (part.length > copiedBytesMax) {
      this.#sendGathered(MSG_MORE);
      return this.#write(part);
    }
    if (this.#gatheredBytes + part.length > gatheredBytesMax) this.#sendGathered(MSG_MORE);
    this.#gathered ??= Buffer.allocUnsafeSlow(gatheredBytesMax);
    this.#gathered.set(part, this.#gatheredBytes);
    this.#gatheredBytes += part.length;
    return true;
  }

  flush(): void {
    if (this.#gatheredBytes > 0) this.#sendGathered(0);
  }

  /** Closes the connection once everything is sent. */
  end(): void {
    if (!this.#isOpen || this.#ending) return;
    this.flush();
    this.#ending = true;
    // One that takes nothing any more does not keep us for ever.
    const timer = setTimeout(() => this.#socket.destroy(), lingerMs);
    this.#socket.end(() => {
      clearTimeout(timer);
      this.#socket.destroy();
    });
  }

  /** Closes the connection at once. */
  destroy(reason = ""): void {
    this.#reason ||= reason;
    this.#isOpen = false;
    this.#socket.destroy();
  }

  #sendGathered(flags: number): void {
    const length = this.#gatheredBytes;
    if (length === 0 || this.#gathered === undefined) return;
    this.#gatheredBytes = 0;
    const taken = this.#give(this.#gathered, length, flags);
    // The memory is used again at once: what was not taken is copied.
    if (taken < length) this.#queue(Buffer.from(this.#gathered.subarray(taken, length)));
  }

  #write(part: Uint8Array): boolean {
    const taken = this.#give(part, part.length, 0);
    if (taken < part.length) this.#queue(part.subarray(taken));
    return taken === part.length;
  }

  #queue(bytes: Uint8Array): void {
    if (!this.#isOpen) return;
    this.#socket.write(bytes, () => {
      if (this.#isOpen) this.#owner.progressed();
    });
  }

  /** Gives the kernel what it takes without waiting; nothing while older bytes are queued. */
  #give(bytes: Uint8Array, length: number, flags: number): number {
    if (!this.#isOpen || this.#socket.writableLength > 0) return 0;
    const taken = send(this.#fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL | flags);
    if (taken >= 0) return taken;
    const number = errno();
    if (number !== constants.errno.EAGAIN && number !== constants.errno.EINTR)
      this.destroy(errnoName(number));
    return 0;
  }

  #onRead(lengthBytes: number, buffer: Uint8Array): boolean {
    if (!this.#isOpen) return false;
    if (this.#spaceIsStale) {
      this.#spaceIsStale = false;
      giveTo(this.#owner, buffer.subarray(0, lengthBytes), () => this.#isOpen);
    } else this.#owner.received(lengthBytes);
    return this.#isOpen;
  }
}

/** A descriptor of our own for the socket, which is then closed without being shut down. */
function takeDescriptor(connected: net.Socket): number {
  const { _handle: handle } = connected as unknown as { _handle: { readonly fd: number } };
  const fd = dup(handle.fd);
  if (fd < 0) throw new Error(`dup: ${errnoName(errno())}`);
  connected.destroy();
  return fd;
}
