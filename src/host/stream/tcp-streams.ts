/** ports/streams.ts on Node's TCP sockets. */
import net from "node:net";
import { UserError } from "../../api/user-error.ts";
import type { StreamListener, Streams } from "../../ports/streams.ts";

/** What waits for a peer that takes nothing; more, and it is gone. Two of the longest messages. */
const bufferedBytesMax = 40 * 1024 * 1024;

export class TcpStreams implements Streams {
  readonly #listener: StreamListener;
  readonly #sockets = new Map<number, net.Socket>();
  #server: net.Server | undefined;
  #nextAccepted = 2;

  constructor(listener: StreamListener) {
    this.#listener = listener;
  }

  async listen(port: number): Promise<void> {
    const server = net.createServer({ noDelay: true, keepAlive: true }, (socket) => {
      const connection = this.#nextAccepted;
      this.#nextAccepted += 2;
      this.#follow(connection, socket);
      this.#listener.accepted(connection, plainAddress(socket.remoteAddress));
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", (cause: NodeJS.ErrnoException) => reject(listenError(port, cause)));
      server.listen({ port, host: "0.0.0.0" }, resolve);
    });
    // An accept that fails (no descriptors left) concerns one stream; its dialer tries again.
    server.on("error", () => {});
    this.#server = server;
  }

  /** The port that listen(0) was given; 0 while nothing listens. */
  get port(): number {
    const address = this.#server?.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  dial(connection: number, to: { readonly address: string; readonly port: number }): void {
    const socket = net.createConnection({
      host: to.address,
      port: to.port,
      noDelay: true,
      keepAlive: true,
    });
    this.#follow(connection, socket);
    socket.once("connect", () => {
      if (this.#sockets.get(connection) === socket) this.#listener.connected(connection);
    });
  }

  write(connection: number, parts: readonly Uint8Array[]): void {
    const socket = this.#sockets.get(connection);
    if (socket === undefined) return;
    socket.cork();
    for (const part of parts) socket.write(part);
    socket.uncork();
    if (socket.writableLength <= bufferedBytesMax) return;
    socket.destroy(new Error(`more than ${bufferedBytesMax} bytes wait to be taken`));
  }

  close(connection: number): void {
    const socket = this.#sockets.get(connection);
    this.#sockets.delete(connection);
    socket?.destroy();
  }

  async stop(): Promise<void> {
    for (const connection of [...this.#sockets.keys()]) this.close(connection);
    const server = this.#server;
    this.#server = undefined;
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #follow(connection: number, socket: net.Socket): void {
    this.#sockets.set(connection, socket);
    let why = "the other side ended it";
    socket.on("data", (bytes) => {
      if (this.#sockets.get(connection) === socket) this.#listener.bytes(connection, bytes);
    });
    // The close that follows tells the listener.
    socket.on("error", (error: NodeJS.ErrnoException) => {
      why = error.code ?? error.message;
    });
    socket.on("close", () => {
      if (this.#sockets.get(connection) !== socket) return;
      this.#sockets.delete(connection);
      this.#listener.closed(connection, why);
    });
  }
}

function plainAddress(address: string | undefined): string {
  return (address ?? "").replace(/^::ffff:/, "");
}

function listenError(port: number, cause: NodeJS.ErrnoException): Error {
  if (cause.code === "EADDRINUSE") {
    return new UserError("HF3043", `TCP port ${port} is in use on this host`, {
      remedy: `\`ss -tlpn 'sport = :${port}'\` shows by which program. Stop it, or set another \`udpport\` in ha.cf on all nodes.`,
      cause,
    });
  }
  if (cause.code === "EACCES" || cause.code === "EPERM") {
    return new UserError("HF3042", `TCP port ${port} may not be opened (${cause.code})`, {
      remedy: "Run the daemon as root.",
      cause,
    });
  }
  return cause;
}
