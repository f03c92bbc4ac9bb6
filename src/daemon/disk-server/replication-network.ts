/**
 * The TCP side of a resource's machine: listens and connects as it asks, turns bytes into packets, and sends. Nothing
 * is decided here. Acknowledgements and pings have to get through whatever happens, and what a peer has under way is
 * bounded by the limits of its own users and by max-buffers: so a connection is only held while a handler is asked.
 * Source: the TCP connections of DRBD, two for one peer, both ways (NODELAY, corked per turn of the loop).
 */
import net from "node:net";
import { assert, unreachable } from "../../base/assert.ts";
import { Queue } from "../../base/queue.ts";
import type { NetworkEffect } from "../../core/replication/effects.ts";
import type { DrbdEvent } from "../../core/replication/events.ts";
import type { SocketAddress } from "../../core/replication/settings.ts";
import type { PacketReader } from "../../formats/drbd/packet-reader.ts";
import type { ByteStream, StreamOwner } from "../../host/stream/byte-stream.ts";
import { LentMemory } from "../../host/stream/lent-memory.ts";
import type { PeerTls } from "../../host/stream/peer-tls.ts";
import { StreamSocket } from "../../host/stream/stream-socket.ts";
import { TlsStream } from "../../host/stream/tls-stream.ts";
import { lendPayload, PacketBytes } from "./packet-bytes.ts";
import type { Turn } from "./turn.ts";

/** Connections at once. Two are a whole peer, and the machine itself lets no more than 16 wait that say nothing. */
const connectionsMax = 32;
/** A peer that takes nothing while so much waits for it is dropped: its link is dead. */
export const queuedBytesMax: number = 512 * 1024 * 1024;
/** A port that is in use is tried again after this. */
const listenRetryMs = 1000;
const keepAliveMs = 10_000;
/** For the TLS handshake of a connection that was accepted. */
const handshakeMs = 5000;

type Connection = {
  readonly stream: ByteStream;
  willFlush: boolean;
  /** Bytes given to the stream since the beginning. */
  givenBytes: number;
  /** Where the machine wants to know that everything up to there has left, in bytes since the beginning. */
  readonly marks: Queue<number>;
  /** Parts of lent memory, and where each ends, in bytes since the beginning. */
  readonly lent: Queue<{ readonly part: Uint8Array; readonly end: number }>;
  readonly reader: PacketReader;
  /** Nothing of it is brought to the machine. */
  isHeld: boolean;
};

type Options = {
  readonly turn: Turn;
  readonly post: (event: DrbdEvent) => void;
  /** Something that a person should know and the machine cannot do anything about. */
  readonly onTrouble: (message: string) => void;
  /** Without it connections are what DRBD's are: plain. */
  readonly tls: PeerTls | undefined;
  /** Parts of it are given back when they have left. */
  readonly forPeer: LentMemory;
};

/** Makes a byte stream of a connection that is ready for it. */
type Open = (owner: StreamOwner) => ByteStream;

export class ReplicationNetwork {
  readonly #options: Options;
  readonly #connections = new Map<number, Connection>();
  readonly #connecting = new Map<number, net.Socket>();
  readonly #memory: LentMemory = new LentMemory();
  /** Accepted, and still at the TLS handshake. */
  readonly #securing = new Set<net.Socket>();
  #server: net.Server | undefined;
  #retry: NodeJS.Timeout | undefined;
  #lastTrouble = "";
  #nextAccepted = 1;

  constructor(options: Options) {
    this.#options = options;
  }

  /** These bytes are on the disk: nobody looks at them any more. */
  onWritten(bytes: Uint8Array): void {
    this.#memory.giveBack(bytes);
  }

  perform(effect: NetworkEffect): void {
    switch (effect.kind) {
      case "listen":
        this.#listen(effect.local);
        break;
      case "stop-listening":
        this.#stopListening();
        break;
      case "connect":
        this.#connect(effect);
        break;
      case "send":
        this.#send(effect.connection, effect.parts, effect.notify === true);
        break;
      case "close":
        this.#close(effect.connection);
        break;
      default:
        unreachable(effect);
    }
  }

  /** No packet of the connection comes before `release`; those that have come wait. */
  hold(id: number): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    connection.isHeld = true;
    connection.stream.pauseReading();
  }

  release(id: number): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    connection.isHeld = false;
    this.#options.turn.run(() => this.#readPackets(id, connection.reader));
    connection.stream.resumeReading();
  }

  /** Ends everything, without events. */
  closeAll(): void {
    this.#stopListening();
    for (const id of [...this.#connections.keys(), ...this.#connecting.keys()]) this.#close(id);
    for (const socket of this.#securing) socket.destroy();
    this.#securing.clear();
  }

  #listen(local: SocketAddress): void {
    if (this.#server !== undefined) return;
    const server = net.createServer({ pauseOnConnect: true }, (socket) => this.#accept(socket));
    this.#server = server;
    server.on("listening", () => {
      this.#lastTrouble = "";
    });
    server.on("error", (error: NodeJS.ErrnoException) => {
      if (this.#server !== server) return;
      this.#server = undefined;
      this.#tellTrouble(listenTrouble(local, error));
      this.#retry = setTimeout(() => this.#listen(local), listenRetryMs);
    });
    server.listen({ host: local.address, port: local.port, exclusive: true });
  }

  #stopListening(): void {
    clearTimeout(this.#retry);
    this.#server?.close();
    this.#server = undefined;
  }

  /** Says a trouble once, not with every repetition. */
  #tellTrouble(message: string): void {
    if (message !== this.#lastTrouble) this.#options.onTrouble(message);
    this.#lastTrouble = message;
  }

  #accept(socket: net.Socket): void {
    if (this.#connections.size + this.#securing.size >= connectionsMax) {
      socket.destroy();
      return;
    }
    const { tls } = this.#options;
    if (tls === undefined) {
      this.#take(socket, plainOpen(socket));
      return;
    }
    const from = `${socket.remoteAddress}:${socket.remotePort}`;
    this.#securing.add(socket);
    socket.once("close", () => this.#securing.delete(socket));
    tls.accept(
      socket,
      handshakeMs,
      (secured) => {
        if (!this.#securing.delete(socket)) return;
        this.#take(socket, (owner) => new TlsStream(secured, owner));
      },
      (reason) => {
        if (this.#securing.delete(socket)) this.#tellTrouble(`TLS with ${from} failed: ${reason}`);
      },
    );
  }

  /** A connection that was accepted gets its number when it is ready. */
  #take(socket: net.Socket, open: Open): void {
    const id = this.#nextAccepted;
    this.#nextAccepted += 2;
    const stream = this.#open(id, socket, open);
    this.#options.turn.run(() => this.#options.post({ kind: "accepted", connection: id }));
    stream.start();
  }

  #connect(effect: Extract<NetworkEffect, { kind: "connect" }>): void {
    const { connection: id, local, remote } = effect;
    const socket = new net.Socket();
    this.#connecting.set(id, socket);
    // Nothing may be read before the stream has taken over.
    socket.pause();
    const failed = (reason: string): void => {
      if (!this.#connecting.delete(id)) return;
      socket.destroy();
      this.#options.turn.run(() =>
        this.#options.post({ kind: "connect-failed", connection: id, reason }),
      );
    };
    const timer = setTimeout(() => failed("ETIMEDOUT"), effect.timeoutMs);
    const connected = (open: Open): void => {
      clearTimeout(timer);
      if (!this.#connecting.delete(id)) return;
      const stream = this.#open(id, socket, open);
      this.#options.turn.run(() => this.#options.post({ kind: "connected", connection: id }));
      stream.start();
    };
    socket.once("close", () => clearTimeout(timer));
    socket.once("error", (error: NodeJS.ErrnoException) => failed(error.code ?? error.message));
    socket.once("connect", () => {
      const { tls } = this.#options;
      if (tls === undefined) {
        connected(plainOpen(socket));
        return;
      }
      tls.connect(
        socket,
        effect.timeoutMs,
        (secured) => connected((owner) => new TlsStream(secured, owner)),
        (reason) => {
          this.#tellTrouble(`TLS with ${remote.address}:${remote.port} failed: ${reason}`);
          failed(reason);
        },
      );
    });
    socket.connect({ host: remote.address, port: remote.port, localAddress: local.address });
  }

  #open(id: number, socket: net.Socket, open: Open): ByteStream {
    assert(!this.#connections.has(id), "a connection's number is used once");
    const incoming = new PacketBytes(this.#memory);
    const { reader } = incoming;
    const { turn, post } = this.#options;
    socket.setKeepAlive(true, keepAliveMs);
    socket.setNoDelay(true);
    const stream = open({
      receiveInto: () => incoming.space(),
      received: (lengthBytes) =>
        turn.run(() => {
          incoming.received(lengthBytes);
          this.#readPackets(id, reader);
        }),
      progressed: () => turn.run(() => this.#tellSent(id)),
      closed: (reason) => {
        if (!this.#connections.delete(id)) return;
        turn.run(() => post({ kind: "closed", connection: id, reason }));
      },
    });
    this.#connections.set(id, {
      ...{ stream, reader, isHeld: false, willFlush: false, givenBytes: 0 },
      ...{ marks: new Queue(), lent: new Queue() },
    });
    return stream;
  }

  #readPackets(id: number, reader: PacketReader): void {
    // The machine may close the connection between two packets, or want no more of it for now.
    while (this.#connections.get(id)?.isHeld === false) {
      const read = reader.next();
      if (read === undefined) return;
      if (read.ok) {
        lendPayload(this.#memory, read.value);
        this.#options.post({ kind: "packet", connection: id, packet: read.value });
      } else this.#options.post({ kind: "packet-error", connection: id, error: read.error });
    }
  }

  #send(id: number, parts: readonly Uint8Array[], notify: boolean): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    for (const part of parts) {
      connection.stream.send(part);
      connection.givenBytes += part.length;
    }
    // Header first, payload last.
    const payload = parts.length > 1 ? parts.at(-1) : undefined;
    if (payload !== undefined && this.#options.forPeer.hasLent(payload))
      connection.lent.push({ part: payload, end: connection.givenBytes });
    if (notify) connection.marks.push(connection.givenBytes);
    if (connection.willFlush) return;
    connection.willFlush = true;
    this.#options.turn.atEnd(() => {
      connection.willFlush = false;
      connection.stream.flush();
      this.#tellSent(id);
      if (connection.stream.queuedBytes > queuedBytesMax)
        connection.stream.destroy(`the peer takes nothing: ${queuedBytesMax} bytes wait for it`);
    });
  }

  #tellSent(id: number): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    const leftBytes = connection.givenBytes - connection.stream.queuedBytes;
    for (let next = connection.lent.peek(); next !== undefined; next = connection.lent.peek()) {
      if (next.end > leftBytes) break;
      connection.lent.shift();
      this.#options.forPeer.giveBack(next.part);
    }
    for (let mark = connection.marks.peek(); mark !== undefined; mark = connection.marks.peek()) {
      if (mark > leftBytes) return;
      connection.marks.shift();
      this.#options.post({ kind: "sent", connection: id });
    }
  }

  #close(id: number): void {
    const connecting = this.#connecting.get(id);
    this.#connecting.delete(id);
    connecting?.destroy();
    const connection = this.#connections.get(id);
    // Deleted first: the machine is not told of what it has done itself.
    this.#connections.delete(id);
    connection?.stream.flush();
    // What the kernel has not taken is not kept: the machine's bytes may be another's by the time it would leave.
    connection?.stream.destroy();
  }
}

function plainOpen(socket: net.Socket): Open {
  return (owner) => new StreamSocket(socket, owner);
}

function listenTrouble(local: SocketAddress, error: NodeJS.ErrnoException): string {
  const where = `${local.address}:${local.port}`;
  if (error.code === "EADDRINUSE")
    return `cannot listen on ${where}: another process does; find it with "ss -ltnp", trying again`;
  if (error.code === "EADDRNOTAVAIL")
    return `cannot listen on ${where}: no interface of this host has this address; trying again`;
  return `cannot listen on ${where}: ${error.code ?? error.message}; trying again`;
}
