/**
 * A UDP socket that sends and receives on one network interface only: what Node cannot ask for. The socket is
 * made by the C library and then given to Node by its descriptor. SO_REUSEADDR is not set, so that a second
 * daemon on the same port and interface is refused instead of sharing the packets.
 */
import { constants } from "node:os";
import koffi from "koffi";

const AF_INET = 2;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_BROADCAST = 6;
const SO_PRIORITY = 12;
const SO_BINDTODEVICE = 25;
/** TC_PRIO_INTERACTIVE: before bulk traffic, such as a resync, in the interface's own queue. */
const interactivePriority = 6;

const libc = koffi.load("libc.so.6");
const socket = libc.func("int socket(int domain, int type, int protocol)");
const setsockopt = libc.func(
  "int setsockopt(int fd, int level, int name, const void *value, uint32 length)",
);
const bind = libc.func("int bind(int fd, const void *address, uint32 length)");
const close = libc.func("int close(int fd)");

/** A system call's refusal, with its name as the system has it: EADDRINUSE, EACCES, ENODEV … */
export type SocketError = { readonly call: string; readonly code: string };

export function openInterfaceSocket(
  interfaceName: string,
  port: number,
): { readonly fd: number } | { readonly error: SocketError } {
  const fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0) as number;
  if (fd < 0) return { error: lastError("socket") };
  const device = Buffer.from(`${interfaceName}\0`);
  const steps: readonly (readonly [call: string, () => number])[] = [
    ["SO_BINDTODEVICE", () => option(fd, SO_BINDTODEVICE, device)],
    ["SO_BROADCAST", () => option(fd, SO_BROADCAST, int32(1))],
    ["SO_PRIORITY", () => option(fd, SO_PRIORITY, int32(interactivePriority))],
    ["bind", () => bind(fd, anyAddress(port), 16) as number],
  ];
  for (const [call, step] of steps) {
    if (step() === 0) continue;
    const error = lastError(call);
    close(fd);
    return { error };
  }
  return { fd };
}

function option(fd: number, name: number, value: Buffer): number {
  return setsockopt(fd, SOL_SOCKET, name, value, value.length) as number;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

/** struct sockaddr_in of 0.0.0.0. */
function anyAddress(port: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(AF_INET, 0);
  bytes.writeUInt16BE(port, 2);
  return bytes;
}

function lastError(call: string): SocketError {
  const number = koffi.errno();
  const known = Object.entries(constants.errno).find(([, value]) => value === number);
  return { call, code: known?.[0] ?? `errno ${number}` };
}
