/** ports/line-connections.ts over unix stream sockets. */
import net from "node:net";
import type { LineConnection, LineConnections } from "../../ports/line-connections.ts";

/** A longer line ends the connection: nothing that is spoken here comes near it. */
const lineLengthMax = 16 * 1024 * 1024;

export function hostLineConnections(): LineConnections {
  return { connect };
}

async function connect(unixSocketPath: string): Promise<LineConnection> {
  const socket = net.createConnection(unixSocketPath);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", (cause: NodeJS.ErrnoException) => {
      const message = `nobody answers on ${unixSocketPath} (${cause.code ?? cause.message})`;
      reject(new Error(message, { cause }));
    });
  });
  socket.removeAllListeners("error");
  // The close that follows an error tells the listener.
  socket.on("error", () => socket.destroy());
  return connectionOver(socket);
}

function connectionOver(socket: net.Socket): LineConnection {
  const lineListeners: ((line: string) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  let buffered = "";
  let closed = false;
  // What was sent before anybody listened is kept.
  socket.pause();
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    const lines = (buffered + chunk).split("\n");
    buffered = lines.pop() ?? "";
    for (const line of lines) {
      const text = line.endsWith("\r") ? line.slice(0, -1) : line;
      for (const listener of lineListeners) {
        // A listener may have closed it.
        if (!closed) listener(text);
      }
    }
    if (buffered.length > lineLengthMax) socket.destroy();
  });
  // Without lines to come there is nothing to keep a half-open connection for.
  socket.on("end", () => socket.destroy());
  socket.on("close", () => {
    closed = true;
    for (const listener of closeListeners) listener();
    closeListeners.length = 0;
  });
  return {
    send: (line) => {
      if (!socket.destroyed) socket.write(`${line}\n`);
    },
    onLine: (listener) => {
      lineListeners.push(listener);
      socket.resume();
    },
    onClose: (listener) => {
      if (closed) queueMicrotask(listener);
      else closeListeners.push(listener);
    },
    close: () => {
      closed = true;
      socket.destroy();
    },
  };
}
