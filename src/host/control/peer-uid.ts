/** Who is at the other end of a unix socket, as the kernel knows it (unix(7), SO_PEERCRED). */
import type net from "node:net";
import { assert } from "../../base/assert.ts";
import { getsockopt } from "../libc/libc.ts";

const SOL_SOCKET = 1;
const SO_PEERCRED = 17;

/** The effective user id with which the peer connected. */
export function peerUid(socket: net.Socket): number {
  const handle = (socket as unknown as { readonly _handle: { readonly fd: number } | null })
    ._handle;
  // Safety: no rights are given to somebody unknown.
  assert(handle !== null && handle.fd >= 0, "the connection is open when its peer is asked for");
  // struct ucred: pid, uid, gid, 32 bits each.
  const credentials = new Int32Array(3);
  const length = new Int32Array([credentials.byteLength]);
  const result = getsockopt(handle.fd, SOL_SOCKET, SO_PEERCRED, credentials, length);
  assert(result === 0 && length[0] === credentials.byteLength, "a unix socket knows its peer");
  return (credentials[1] as number) >>> 0;
}
