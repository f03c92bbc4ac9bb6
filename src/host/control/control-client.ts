/** The asking side of the control protocol (src/api/protocol.ts). */
import net from "node:net";
import { type ControlLine, controlLineBytesMax } from "../../api/protocol.ts";
import { asUserError, UserError } from "../../api/user-error.ts";
import { LineSplitter } from "./line-splitter.ts";

export type ControlConnection = {
  /** @throws UserError as the daemon refused, or HF9002 when the connection ends before the reply. */
  request(method: string, params?: Readonly<Record<string, unknown>>): Promise<unknown>;
  onEvent(listener: (event: string, data: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
};

/**
 * @param who what the socket's daemon is called in an error, for example "holdfastd".
 * @throws UserError HF9002 when nobody listens there.
 */
export async function connectControl(socketPath: string, who: string): Promise<ControlConnection> {
  const socket = net.createConnection(socketPath);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", (cause: NodeJS.ErrnoException) => {
      const message = `${who} does not answer on ${socketPath} (${cause.code ?? cause.message})`;
      reject(
        new UserError("HF9002", message, {
          remedy: `Is ${who} running? Start it, then try again.`,
          cause,
        }),
      );
    });
  });
  socket.removeAllListeners("error");
  return connectionOver(socket, who);
}

/** One request on a connection of its own. */
export async function controlRequest(
  socketPath: string,
  who: string,
  method: string,
  params: Readonly<Record<string, unknown>> = {},
): Promise<unknown> {
  const connection = await connectControl(socketPath, who);
  try {
    return await connection.request(method, params);
  } finally {
    connection.close();
  }
}

type Waiter = { resolve(value: unknown): void; reject(error: Error): void };

function connectionOver(socket: net.Socket, who: string): ControlConnection {
  const waiting = new Map<number, Waiter>();
  const eventListeners: ((event: string, data: unknown) => void)[] = [];
  let nextId = 1;
  const onLine = (line: ControlLine): void => {
    if ("event" in line) {
      for (const listener of eventListeners) listener(line.event, line.data);
      return;
    }
    const waiter = waiting.get(line.id);
    waiting.delete(line.id);
    if ("error" in line) waiter?.reject(asUserError(line.error));
    else waiter?.resolve(line.result);
  };
  socket.setEncoding("utf8");
  const lines = new LineSplitter((line) => onLine(JSON.parse(line) as ControlLine));
  socket.on("data", (chunk: string) => lines.add(chunk));
  // The close that follows an error tells the waiters.
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    for (const waiter of waiting.values()) {
      waiter.reject(new UserError("HF9002", `${who} closed the connection before it answered`));
    }
    waiting.clear();
  });
  return {
    request: (method, params = {}) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        const line = JSON.stringify({ id, method, params });
        if (Buffer.byteLength(line) >= controlLineBytesMax) {
          reject(tooLong(who));
          return;
        }
        waiting.set(id, { resolve, reject });
        socket.write(`${line}\n`);
      }),
    onEvent: (listener) => eventListeners.push(listener),
    onClose: (listener) => {
      socket.once("close", listener);
    },
    close: () => {
      socket.end();
    },
  };
}

/** The daemon would end the connection. */
function tooLong(who: string): UserError {
  const message = `${who} takes at most ${controlLineBytesMax / 1024 / 1024} MiB at once`;
  return new UserError("HF4611", message, {
    exit: 65,
    remedy: "Give only what changes. Nothing was changed.",
  });
}
