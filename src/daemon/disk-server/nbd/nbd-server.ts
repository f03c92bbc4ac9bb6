/**
 * The NBD sockets of one DRBD resource: one unix socket a volume, all with all exports. Also hands the answers of the
 * replication to the connections that asked.
 */
import { chmodSync, rmSync } from "node:fs";
import net from "node:net";
import { assert, present } from "../../../base/assert.ts";
import { requestsMax } from "../../../core/nbd/nbd-transmission.ts";
import type { IoRead, IoReply } from "../../../core/replication/io.ts";
import { StreamSocket } from "../../../host/stream/stream-socket.ts";
import type { Store } from "../../../ports/store.ts";
import type { Turn } from "../turn.ts";
import { NbdConnection } from "./nbd-connection.ts";
import { ReadBuffers } from "./read-buffers.ts";
import type { VolumeService } from "./volume-service.ts";

/** So that an answer to a large read is taken at once. */
const sendBufferBytes = 4 * 1024 * 1024;
/** Clients at the same time; a guest is one, or some with multi-conn. */
export const connectionsMax = 256;

export class NbdServer {
  readonly #service: VolumeService;
  readonly #turn: Turn;
  readonly #onClient: (what: string) => void;
  readonly #buffers: ReadBuffers = new ReadBuffers();
  readonly #servers: net.Server[] = [];
  /** A connection's place times requestsMax is the first id of its requests. */
  readonly #connections: (NbdConnection | undefined)[] = [];
  /** Clients are sent away, and none is let in. */
  #isAway = false;

  /** @param onClient is told in words when a client breaks the protocol or the limits. */
  constructor(options: {
    readonly service: VolumeService;
    readonly turn: Turn;
    readonly onClient: (what: string) => void;
  }) {
    this.#service = options.service;
    this.#turn = options.turn;
    this.#onClient = options.onClient;
  }

  /** Replaces a stale socket: the caller holds the lock of the resource. Rejects as listen does. */
  async listen(socketPath: string, volume: number): Promise<void> {
    rmSync(socketPath, { force: true });
    const server = net.createServer({ pauseOnConnect: true }, (socket) =>
      this.#accept(socket, volume),
    );
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(socketPath, resolve);
    });
    chmodSync(socketPath, 0o600);
    this.#servers.push(server);
  }

  onIoReply(reply: IoReply): void {
    this.#connectionOf(reply.id).onIoReply(reply);
  }

  onIoRead(read: IoRead, store: Store): void {
    this.#connectionOf(read.id).onIoRead(read, store);
  }

  /** How many connections have an export of any volume open. */
  get openCount(): number {
    return this.#connections.filter((one) => one?.openVolume !== undefined).length;
  }

  /**
   * Lets no client in, and ends each connection once its requests are answered. What a client asked for and was not
   * looked at yet, it asks the next server (QEMU's reconnect-delay).
   */
  sendAway(): void {
    this.#isAway = true;
    for (const connection of this.#connections) connection?.dismiss();
  }

  /** Lets no client in, and ends each connection at once: what was asked for is done, and nobody is told. */
  cutOff(): void {
    this.#isAway = true;
    for (const connection of this.#connections) connection?.disconnect("it was cut off");
  }

  /** Clients are let in again. */
  readmit(): void {
    this.#isAway = false;
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const connection of this.#connections) connection?.disconnect("the server stops");
  }

  #connectionOf(id: number): NbdConnection {
    return present(this.#connections[Math.floor(id / requestsMax)], `the asker of request ${id}`);
  }

  #accept(socket: net.Socket, socketVolume: number): void {
    if (this.#isAway) {
      socket.destroy();
      return;
    }
    let place = this.#connections.indexOf(undefined);
    if (place < 0) place = this.#connections.length;
    if (place >= connectionsMax) {
      this.#onClient(`more than ${connectionsMax} NBD clients: one is refused`);
      socket.destroy();
      return;
    }
    const connection = new NbdConnection({
      firstId: place * requestsMax,
      socketVolume,
      service: this.#service,
      turn: this.#turn,
      buffers: this.#buffers,
      onGone: (reason) => {
        assert(this.#connections[place] === connection, "a connection leaves its own place");
        this.#connections[place] = undefined;
        // EPIPE and the like only say that the client went away in the middle.
        if (reason !== "" && !/^E[A-Z]+$/.test(reason)) this.#onClient(`an NBD client: ${reason}`);
      },
    });
    this.#connections[place] = connection;
    const stream = new StreamSocket(socket, connection);
    stream.setSendBuffer(sendBufferBytes);
    connection.start(stream);
  }
}
