/** P_STATE: what the peer says of itself, and what follows from it here. */
import { Conn, Disk, type DrbdState } from "../../../formats/drbd/drbd-state.ts";
import { UuidFlag } from "../../../formats/drbd/packet-flags.ts";
import { notice } from "../emit.ts";
import { type HandshakeResult, syncHandshake } from "../generation/sync-handshake.ts";
import type { Resource } from "../resource.ts";
import { endSyncSource, finishSyncSource } from "../resync/resync-source.ts";
import { finishVerifyTarget } from "../resync/verify-target.ts";
import { onPeerBack } from "../roles/fence-verdict.ts";
import { forceState, requestState, stateOf } from "../state/state-change.ts";
import { StateCode, stateCodeText } from "../state/state-codes.ts";
import type { Volume } from "../volume.ts";
import { sendState, sendUuids } from "./send-parameters.ts";
import { isBehind, isVouchedFor, tellNotVouchedFor } from "./vouching.ts";

export function onPeerState(r: Resource, v: Volume, peer: DrbdState): void {
  const old = stateOf(r, v);
  v.peer.lastConn = peer.conn;
  if (old.conn <= Conn.TearDown) return;
  let realDisk = realPeerDisk(v, peer);
  if (resyncFailed(v, old, peer)) {
    endSyncSource(r, v);
    return;
  }
  const ended = resyncEnd(old, peer, realDisk);
  if (ended === "finished") {
    finishSyncSource(r, v);
    return;
  }
  if (verifyEnded(old, peer, realDisk)) {
    finishVerifyTarget(r, v);
    return;
  }
  if (ended === "not yet") realDisk = Disk.Inconsistent;
  if (
    old.pdsk === Disk.UpToDate &&
    realDisk === Disk.Inconsistent &&
    old.conn === Conn.Connected &&
    peer.conn > Conn.SyncSource
  ) {
    // The peer has not noticed yet that the resync is over.
    realDisk = Disk.UpToDate;
  }
  const result = needsHandshake(v, old, peer) ? syncHandshake(r, v, peer, realDisk) : undefined;
  v.considerResync = false;
  const settled = settle(r, old, peer, realDisk, result);
  if (settled === undefined) return;
  adopt(r, v, { old, peer, compared: result === "none" }, settled);
}

type Settled = {
  readonly conn: Conn;
  readonly disk: Disk;
  readonly pdsk: Disk;
};

function realPeerDisk(v: Volume, peer: DrbdState): Disk {
  if (peer.disk !== Disk.Negotiating) return peer.disk;
  return (v.peer.uuidFlags & UuidFlag.Inconsistent) !== 0 ? Disk.Inconsistent : Disk.Consistent;
}

/**
 * As source: the target has ended the resync, and is Inconsistent still, for want of blocks that could not be read here.
 * (Deviation: the kernel's source overlooks this, and stays SyncSource for ever.)
 */
function resyncFailed(v: Volume, old: DrbdState, peer: DrbdState): boolean {
  const source = old.conn === Conn.SyncSource || old.conn === Conn.PausedSyncS;
  const incomplete = peer.conn === Conn.Connected && peer.disk === Disk.Inconsistent;
  return source && incomplete && v.resync?.refused === true;
}

/** As source: the target's word that it has got all; or that it is still preparing. */
function resyncEnd(old: DrbdState, peer: DrbdState, realDisk: Disk): "no" | "not yet" | "finished" {
  const waiting = old.pdsk === Disk.Inconsistent || old.pdsk === Disk.Consistent;
  if (!waiting || realDisk !== Disk.UpToDate) return "no";
  if (old.conn <= Conn.Connected || old.conn >= Conn.Ahead || old.disk !== Disk.UpToDate)
    return "no";
  if (peer.conn > Conn.Connected && peer.conn < Conn.SyncSource) return "not yet";
  return old.conn >= Conn.SyncSource && peer.conn === Conn.Connected ? "finished" : "no";
}

/** As VerifyT: the peer says that it has compared all that it wanted to. */
function verifyEnded(old: DrbdState, peer: DrbdState, realDisk: Disk): boolean {
  if (old.conn !== Conn.VerifyT || peer.conn !== Conn.Connected) return false;
  return old.disk === Disk.UpToDate && realDisk === Disk.UpToDate;
}

function needsHandshake(v: Volume, old: DrbdState, peer: DrbdState): boolean {
  if (v.peer.uuids === undefined) return false;
  if (peer.disk < Disk.Negotiating || old.disk < Disk.Negotiating) return false;
  if (old.conn < Conn.Connected || v.considerResync) return true;
  if (old.conn !== Conn.Connected) return false;
  if (peer.disk === Disk.Negotiating || old.disk === Disk.Negotiating) return true;
  return peer.conn >= Conn.StartingSyncS && peer.conn <= Conn.WFBitMapT;
}

/** The states that follow; undefined when the connection ends here. */
function settle(
  r: Resource,
  old: DrbdState,
  peer: DrbdState,
  realDisk: Disk,
  result: HandshakeResult | undefined,
): Settled | undefined {
  const conn = old.conn === Conn.WFReportParams ? Conn.Connected : old.conn;
  const plain = {
    conn: peer.conn === Conn.Ahead ? Conn.Behind : conn,
    disk: old.disk,
    pdsk: realDisk,
  };
  switch (result) {
    case undefined:
      return plain;
    case "none":
      return { ...plain, conn: Conn.Connected };
    case "source":
      return { ...plain, conn: Conn.WFBitMapS };
    case "target":
      return { ...plain, conn: Conn.WFBitMapT };
    case "refused":
    case "refused-dry-run":
      if (old.disk === Disk.Negotiating)
        return { ...plain, conn: Conn.Connected, disk: Disk.Failed };
      if (peer.disk === Disk.Negotiating) {
        notice(
          r,
          "warn",
          "peer-attach-aborted",
          "Disk attach process on the peer node was aborted.",
        );
        return { ...plain, conn: Conn.Connected, pdsk: Disk.Diskless };
      }
      drop(
        r,
        result === "refused-dry-run" ? Conn.ProtocolError : Conn.Disconnecting,
        "the sync handshake was refused",
      );
      return undefined;
  }
}

function adopt(
  r: Resource,
  v: Volume,
  heard: { readonly old: DrbdState; readonly peer: DrbdState; readonly compared: boolean },
  settled: Settled,
): void {
  const { old, peer } = heard;
  if (old.conn < Conn.Connected) v.peer.metWithoutDisk = peer.disk < Disk.Negotiating;
  else if (peer.disk >= Disk.Negotiating) v.peer.metWithoutDisk = false;
  const prepared = v.backing?.negotiated;
  let { disk } = settled;
  // Safety: a disk that is behind waits for the peer's, also when that is being attached at the same time.
  const alone = v.diskBehind && peer.disk < Disk.Negotiating;
  const negotiating = disk === Disk.Negotiating && prepared !== undefined && !alone;
  if (negotiating && (settled.conn === Conn.Connected || settled.conn === Conn.WFBitMapS)) {
    disk = prepared.disk;
  }
  if (settled.conn === Conn.Connected && isBehind(disk) && isVouchedFor(v, heard)) {
    disk = Disk.UpToDate;
  }
  const change = (s: DrbdState): DrbdState => ({
    ...s,
    conn: settled.conn,
    peer: peer.role,
    disk,
    pdsk: settled.pdsk,
    peerIsp: peer.aftrIsp || peer.userIsp,
  });
  if (old.conn < Conn.Connected && settled.conn >= Conn.Connected) {
    const code = requestState(r, change, [v]);
    if (code < StateCode.Success) {
      notice(r, "error", "connection-refused", `State change failed: ${stateCodeText(code)}`, {
        volume: v,
        fields: { code },
      });
      drop(r, Conn.Disconnecting, stateCodeText(code));
      return;
    }
  } else {
    forceState(r, change, [v]);
  }
  if (old.conn < Conn.Connected) {
    onPeerBack(r);
    if (r.link.meta === undefined)
      drop(r, Conn.NetworkFailure, "the other socket was closed meanwhile");
    if (v.peer.metWithoutDisk) tellNotVouchedFor(r, v);
    return;
  }
  const undecided = v.conn > Conn.Connected && peer.conn <= Conn.Connected;
  // The other side has to come to the same decision; one that attaches waits for this side's word.
  if (undecided || peer.disk === Disk.Negotiating) {
    sendUuids(r, v);
    sendState(r, v);
  }
}

function drop(r: Resource, conn: Conn, reason: string): void {
  r.steps.push({ step: "drop-connection", session: r.link.session, conn, reason });
}
