/** Groups of connection states that several parts ask for. */
import { Conn } from "../../../formats/drbd/drbd-state.ts";

/** A resync is under way or paused; writes ask for P_WRITE_ACK whatever the protocol, and may clear bits. */
export function inResync(conn: Conn): boolean {
  return (
    conn === Conn.SyncSource ||
    conn === Conn.SyncTarget ||
    conn === Conn.PausedSyncS ||
    conn === Conn.PausedSyncT
  );
}

export function verifying(conn: Conn): boolean {
  return conn === Conn.VerifyS || conn === Conn.VerifyT;
}

export function isSource(conn: Conn): boolean {
  return conn === Conn.SyncSource || conn === Conn.PausedSyncS;
}

export function isTarget(conn: Conn): boolean {
  return conn === Conn.SyncTarget || conn === Conn.PausedSyncT;
}
