/** The state from which tests of rules begin: two Secondaries, connected, both copies UpToDate. */
import { Conn, Disk, type DrbdState, Role } from "../../src/formats/drbd/drbd-state.ts";

export const settledSecondary: DrbdState = {
  role: Role.Secondary,
  peer: Role.Secondary,
  conn: Conn.Connected,
  disk: Disk.UpToDate,
  pdsk: Disk.UpToDate,
  susp: false,
  aftrIsp: false,
  peerIsp: false,
  userIsp: false,
  suspNod: false,
  suspFen: false,
};
