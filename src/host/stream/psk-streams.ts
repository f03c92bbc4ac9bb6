/**
 * Streams to pacemaker_remoted: TCP with TLS, both sides proving that they have the same secret key. Its GnuTLS takes TLS 1.3
 * and 1.2, with the key alone or with a Diffie-Hellman exchange besides; ciphers without forward secrecy are not offered.
 */
import { readFileSync } from "node:fs";
import tls from "node:tls";
import { Queue } from "../../base/queue.ts";

/** As every client of pacemaker_remoted calls itself. */
const identity = "lrmd";

const ciphers = [
  ...["TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"],
  ...["DHE-PSK-CHACHA20-POLY1305", "DHE-PSK-AES256-GCM-SHA384", "DHE-PSK-AES128-GCM-SHA256"],
].join(":");

/** OpenSSL takes no longer one. */
export const keyBytesMax = 512;

const handshakeMs = 10_000;

/** What waits for a daemon that takes nothing; more, and it is gone. */
const bufferedBytesMax = 20 * 1024 * 1024;

export type PskListener = {
  connected(connection: number): void;
  bytes(connection: number, bytes: Uint8Array): void;
  /** Once for each that was dialled, unless it was closed by close(). @param isKeyWrong to dial again helps nothing. */
  closed(connection: number, why: string, isKeyWrong: boolean): void;
};

type Stream = {
  readonly socket: tls.TLSSocket;
  /** What has not been given to the socket yet. */
  readonly waiting: Queue<Uint8Array>;
  waitingBytes: number;
  isWriting: boolean;
};

export class PskStreams {
  readonly #keyFile: string;
  readonly #listener: PskListener;
  readonly #streams = new Map<number, Stream>();

  /** @param keyFile is read for each stream anew. */
  constructor(keyFile: string, listener: PskListener) {
    this.#keyFile = keyFile;
    this.#listener = listener;
  }

  dial(connection: number, to: { readonly address: string; readonly port: number }): void {
    const key = readKey(this.#keyFile);
    if (typeof key === "string") {
      // Not before the caller has done what it is at.
      queueMicrotask(() => this.#listener.closed(connection, key, true));
      return;
    }
    const socket = tls.connect({
      ...{ host: to.address, port: to.port, ciphers, minVersion: "TLSv1.2" },
      pskCallback: () => ({ identity, psk: key }),
      // There are no certificates.
      checkServerIdentity: () => undefined,
    });
    this.#follow(connection, socket);
  }

  /** Each part becomes a TLS record of its own. */
  write(connection: number, parts: readonly Uint8Array[]): void {
    const stream = this.#streams.get(connection);
    if (stream === undefined) return;
    for (const part of parts) {
      stream.waiting.push(part);
      stream.waitingBytes += part.length;
    }
    writeNext(stream);
    if (stream.waitingBytes <= bufferedBytesMax) return;
    stream.socket.destroy(new Error(`more than ${bufferedBytesMax} bytes wait to be taken`));
  }

  /** Nothing is told of it any more. What was written may or may not arrive. */
  close(connection: number): void {
    const stream = this.#streams.get(connection);
    this.#streams.delete(connection);
    stream?.socket.destroy();
  }

  stop(): void {
    for (const connection of [...this.#streams.keys()]) this.close(connection);
  }

  #follow(connection: number, socket: tls.TLSSocket): void {
    const waiting = new Queue<Uint8Array>();
    this.#streams.set(connection, { socket, waiting, waitingBytes: 0, isWriting: false });
    const isOurs = (): boolean => this.#streams.get(connection)?.socket === socket;
    let isSecure = false;
    let why = "the other side ended it";
    let isKeyWrong = false;
    socket.setTimeout(handshakeMs, () => socket.destroy(new Error("no answer")));
    socket.setNoDelay(true);
    socket.on("secureConnect", () => {
      isSecure = true;
      socket.setTimeout(0);
      if (isOurs()) this.#listener.connected(connection);
    });
    socket.on("data", (bytes) => {
      if (isOurs()) this.#listener.bytes(connection, bytes);
    });
    // The close that follows tells the listener.
    socket.on("error", (error: NodeJS.ErrnoException) => {
      isKeyWrong = !isSecure && /alert/i.test(error.message);
      const isRefused = isKeyWrong || (!isSecure && isCutOff(error));
      why = isRefused
        ? `it ended the handshake: has it another key than ${this.#keyFile}?`
        : (error.code ?? error.message);
    });
    socket.on("close", () => {
      if (!isOurs()) return;
      this.#streams.delete(connection);
      this.#listener.closed(connection, why, isKeyWrong);
    });
  }
}

/** One part after the other: Node.js makes one record of all that waits in a socket, and the daemon loses what is behind. */
function writeNext(stream: Stream): void {
  const part = stream.isWriting ? undefined : stream.waiting.shift();
  if (part === undefined) return;
  stream.isWriting = true;
  stream.socket.write(part, () => {
    stream.isWriting = false;
    stream.waitingBytes -= part.length;
    writeNext(stream);
  });
}

function readKey(file: string): Buffer | string {
  try {
    const key = readFileSync(file);
    if (key.length === 0) return `${file} is empty`;
    if (key.length <= keyBytesMax) return key;
    return `the key in ${file} has ${key.length} bytes, and at most ${keyBytesMax} can be used: make one of 256 bytes for all nodes`;
  } catch (error) {
    return `${file} cannot be read (${(error as NodeJS.ErrnoException).code})`;
  }
}

/** GnuTLS closes the connection when the key is wrong, and says nothing; TCP itself was there. */
function isCutOff({ code, syscall }: NodeJS.ErrnoException): boolean {
  return code === "ECONNRESET" && syscall !== "connect";
}
