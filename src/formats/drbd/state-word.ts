/** The 32-bit state word of P_STATE and of state change requests. */
import { err, ok, type Result } from "../../base/result.ts";
import { Conn, Disk, type DrbdState, Role } from "./drbd-state.ts";

/** Each field's place in the word. In a request's mask the bits of the fields meant are all ones. */
export const StateMask = {
  role: 0x3,
  peer: 0xc,
  conn: 0x1f0,
  disk: 0x1e00,
  pdsk: 0x1e000,
  susp: 0x20000,
  aftrIsp: 0x40000,
  peerIsp: 0x80000,
  userIsp: 0x100000,
  suspNod: 0x200000,
  suspFen: 0x400000,
} as const;

export function encodeStateWord(state: DrbdState): number {
  return (
    state.role |
    (state.peer << 2) |
    (state.conn << 4) |
    (state.disk << 9) |
    (state.pdsk << 13) |
    (state.susp ? StateMask.susp : 0) |
    (state.aftrIsp ? StateMask.aftrIsp : 0) |
    (state.peerIsp ? StateMask.peerIsp : 0) |
    (state.userIsp ? StateMask.userIsp : 0) |
    (state.suspNod ? StateMask.suspNod : 0) |
    (state.suspFen ? StateMask.suspFen : 0)
  );
}

/** Numbers that name no role, connection or disk state are an error; unknown upper bits are ignored. */
export function decodeStateWord(word: number): Result<DrbdState> {
  const role = word & 3;
  const peer = (word >>> 2) & 3;
  const conn = (word >>> 4) & 31;
  const disk = (word >>> 9) & 15;
  const pdsk = (word >>> 13) & 15;
  if (role > Role.Secondary || peer > Role.Secondary) return err("no such role in a state word");
  if (conn > Conn.Behind) return err(`no connection state ${conn} in a state word`);
  if (disk > Disk.UpToDate || pdsk > Disk.UpToDate)
    return err("no such disk state in a state word");
  return ok({
    role: role as Role,
    peer: peer as Role,
    conn: conn as Conn,
    disk: disk as Disk,
    pdsk: pdsk as Disk,
    susp: (word & StateMask.susp) !== 0,
    aftrIsp: (word & StateMask.aftrIsp) !== 0,
    peerIsp: (word & StateMask.peerIsp) !== 0,
    userIsp: (word & StateMask.userIsp) !== 0,
    suspNod: (word & StateMask.suspNod) !== 0,
    suspFen: (word & StateMask.suspFen) !== 0,
  });
}
