/** A TCP port of 127.0.0.1 for a server that a test or a lab starts. */
import { randomInt } from "node:crypto";
import net from "node:net";

/** Below what the kernel gives to outgoing connections (32768 on): none of those may take it before it is listened on. */
const ports = { first: 20_000, last: 32_767 } as const;

/** One on which nobody listens now, and which nobody else who asks here is given for as long as this process lives. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(ports.first, ports.last + 1);
    if ((await reserve(port)) && (await canListen(port))) return port;
  }
}

/** By an abstract socket's name, which the kernel keeps until the process ends: the port is listened on much later. */
function reserve(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer().unref();
    server.once("error", () => resolve(false));
    server.listen(`\0holdfast-port-${port}`, () => resolve(true));
  });
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
