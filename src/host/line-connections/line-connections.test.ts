import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type LineServer,
  lineConnectionsContract,
  type ServedConnection,
} from "../../../test/contracts/line-connections.ts";
import { hostLineConnections } from "./line-connections.ts";

lineConnectionsContract("the host's line connections", serve);

async function serve(): Promise<LineServer> {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-lines-"));
  const socketPath = path.join(directory, "s");
  let accept: (served: ServedConnection) => void = () => undefined;
  const accepted = new Promise<ServedConnection>((resolve) => {
    accept = resolve;
  });
  const server = net.createServer((socket) => {
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    accept({
      sendText: (text) => socket.write(text),
      end: () => socket.end(),
      nextLine: () =>
        new Promise((resolve) => socket.once("data", (chunk) => resolve(String(chunk).trimEnd()))),
    });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    path: socketPath,
    connections: hostLineConnections(),
    accepted: () => accepted,
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true });
    },
  };
}
