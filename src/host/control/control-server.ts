/**
 * The serving side of the control protocol (src/api/protocol.ts): a unix socket on which each line is a
 * request for one of `methods`. Errors become error replies; nothing a client sends can stop the daemon.
 */
import { chmodSync, chownSync, rmSync } from "node:fs";
import net from "node:net";
import { type ControlLine, type ControlRequest, controlLineBytesMax } from "../../api/protocol.ts";
import { UserError } from "../../api/user-error.ts";
import { controlError } from "./control-error.ts";
import { LineSplitter } from "./line-splitter.ts";
import { peerUid } from "./peer-uid.ts";

/** What a method gets besides its parameters: who asks, and the means to send events to it until it goes away. */
export type ControlClient = {
  /** The user id that the kernel knows the client by. */
  readonly uid: number;
  sendEvent(event: string, data: unknown): void;
  onClose(listener: () => void): void;
};

export type ControlMethod = (
  params: Readonly<Record<string, unknown>>,
  client: ControlClient,
) => unknown | Promise<unknown>;

export type ControlServer = {
  /** Lets no client in any more; those who are connected are still answered. The path is another daemon's to take. */
  withdraw(): void;
  close(): Promise<void>;
};

/**
 * Listens on `socketPath`, replacing a stale socket. The caller has made sure, by a lock of its own, that no
 * other daemon lives there. `onBug` is called when a method fails by an assertion: the daemon should stop.
 */
export async function serveControl(options: {
  readonly socketPath: string;
  readonly methods: Readonly<Record<string, ControlMethod>>;
  readonly onBug: (error: unknown) => void;
  /** Number of a group whose members may connect; only root where it is not given. */
  readonly group?: number | undefined;
}): Promise<ControlServer> {
  rmSync(options.socketPath, { force: true });
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serveClient(socket, options);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.socketPath, resolve);
  });
  if (options.group === undefined) chmodSync(options.socketPath, 0o600);
  else {
    chownSync(options.socketPath, 0, options.group);
    chmodSync(options.socketPath, 0o660);
  }
  return {
    // It removes the socket's file at once.
    withdraw: () => void server.close(),
    close: async (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type ServeOptions = Parameters<typeof serveControl>[0];

function serveClient(socket: net.Socket, options: ServeOptions): void {
  const send = (line: ControlLine): void => {
    if (!socket.destroyed) socket.write(`${JSON.stringify(line)}\n`);
  };
  const client: ControlClient = {
    uid: peerUid(socket),
    sendEvent: (event, data) => send({ event, data }),
    onClose: (listener) => socket.once("close", listener),
  };
  const lines = new LineSplitter((line) => {
    if (line.trim() !== "" && !socket.destroyed) void answer(line, client, options).then(send);
  });
  socket.setEncoding("utf8");
  // A client that goes away in the middle of a reply is its own business.
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: string) => {
    lines.add(chunk);
    if (lines.pending > controlLineBytesMax) socket.destroy();
  });
}

async function answer(
  line: string,
  client: ControlClient,
  options: ServeOptions,
): Promise<ControlLine> {
  const request = parseRequest(line);
  if (request === undefined) {
    return { id: 0, error: { code: "HF9003", message: "a request is one line of JSON" } };
  }
  const method = Object.hasOwn(options.methods, request.method)
    ? options.methods[request.method]
    : undefined;
  if (method === undefined) {
    const known = Object.keys(options.methods).sort().join(", ");
    const message = `there is no method "${request.method}"; known are ${known}`;
    return { id: request.id, error: { code: "HF9003", message } };
  }
  try {
    return { id: request.id, result: (await method(request.params, client)) ?? null };
  } catch (error) {
    if (!(error instanceof UserError)) options.onBug(error);
    return { id: request.id, error: controlError(error) };
  }
}

function parseRequest(line: string): ControlRequest | undefined {
  try {
    const value = JSON.parse(line) as Partial<ControlRequest> | null;
    if (value === null || typeof value !== "object") return undefined;
    const { id, method, params } = value;
    if (typeof id !== "number" || typeof method !== "string") return undefined;
    return { id, method, params: typeof params === "object" && params !== null ? params : {} };
  } catch {
    return undefined;
  }
}
