/**
 * Changes of state that the peer must agree to. The asker has checked that the change is valid here; the asked tries
 * it as if it were its own wish, and answers with DRBD's code. If both ask at once, the node with RESOLVE_CONFLICTS
 * refuses the other, which tries again.
 */
import { assert } from "../../../base/assert.ts";
import { Conn, Disk, type DrbdState, Role } from "../../../formats/drbd/drbd-state.ts";
import type { StateChangePacket } from "../../../formats/drbd/packet.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import { decodeStateWord, encodeStateWord, StateMask } from "../../../formats/drbd/state-word.ts";
import type { ClusterChange, Wish } from "../admin-tasks.ts";
import { sendPing } from "../connection/ping.ts";
import { sendData, sendMeta } from "../emit.ts";
import { writeSuperblock } from "../metadata/metadata-writer.ts";
import type { Resource } from "../resource.ts";
import { requestState, tryState } from "../state/state-change.ts";
import { StateCode } from "../state/state-codes.ts";
import type { Volume } from "../volume.ts";

/** Asks the peer; the step change-done comes when it has answered for all, or when it is lost. */
export function askPeer(
  r: Resource,
  change: {
    readonly purpose: ClusterChange["purpose"];
    readonly volumes: readonly Volume[];
    readonly wish: Wish;
    readonly adminId: number;
  },
): void {
  assert(r.change === undefined, "one change at a time is asked of the peer");
  const { purpose, volumes, wish, adminId } = change;
  const whole = purpose === "disconnect";
  r.change = {
    purpose,
    session: r.link.session,
    volumes,
    pending: whole ? 1 : volumes.length,
    code: StateCode.Success,
    wish,
    adminId,
  };
  // If the peer is gone nobody will answer: the ping finds out.
  sendPing(r);
  const type = whole ? PacketType.ConnStChgReq : PacketType.StateChgReq;
  for (const v of whole ? [undefined] : volumes) {
    sendData(r, { type, volume: v?.number ?? 0, mask: maskWord(wish), value: valueWord(wish) });
  }
}

export function onChangeReply(r: Resource, code: number): void {
  const { change } = r;
  if (change === undefined) return;
  change.pending--;
  change.code = Math.min(change.code, code);
  if (change.pending > 0) return;
  r.change = undefined;
  r.steps.push({ step: "change-done", change, lost: false });
}

/** The connection is lost before the peer has answered. */
export function onChangeLost(r: Resource): void {
  const { change } = r;
  if (change === undefined) return;
  r.change = undefined;
  r.steps.push({ step: "change-done", change, lost: true });
}

/** The peer asks. */
export function onChangeRequest(
  r: Resource,
  packet: StateChangePacket,
  volumes: readonly Volume[],
): void {
  const whole = packet.type === PacketType.ConnStChgReq;
  const reply = (code: number): void => answerChange(r, { volume: packet.volume, whole, code });
  if (r.change !== undefined && r.link.resolveConflicts) {
    reply(StateCode.ConcurrentStateChange);
    return;
  }
  const value = decodeStateWord(packet.value);
  if (!value.ok) {
    reply(StateCode.UnknownError);
    return;
  }
  if (!mayBeAsked(packet.mask, value.value)) {
    reply(StateCode.NotSupported);
    return;
  }
  if ((packet.mask & StateMask.pdsk) !== 0 && volumes.some((v) => v.attachment !== undefined)) {
    // What this disk is worth is known when it is attached.
    reply(StateCode.InTransientState);
    return;
  }
  const wish = (state: DrbdState): DrbdState => asSeenHere(state, packet.mask, value.value);
  if (letsGoOfPrimarysDisk(r, packet.mask, value.value)) {
    // Safety: its P_STATE says when it has done so. Until then nothing is only here: should the two part before, a new
    // generation on both sides would be a split brain of equal copies. (Deviation: the kernel begins one at once.)
    reply(tryState(r, wish, volumes));
    return;
  }
  const code = requestState(r, wish, volumes);
  const outdated = (packet.mask & StateMask.pdsk) !== 0 && code >= StateCode.Success;
  const v = volumes[volumes.length - 1];
  if (!outdated || v === undefined) {
    reply(code);
    return;
  }
  // Safety: the peer goes on alone when it is told; by then this copy's metadata say that it is behind.
  for (const each of volumes) writeSuperblock(r, each);
  writeSuperblock(r, v, {
    step: "answer-change",
    volume: packet.volume,
    whole,
    code,
    session: r.link.session,
  });
}

/** A Primary wants to detach, and to go on with this node's disk. */
function letsGoOfPrimarysDisk(r: Resource, mask: number, value: DrbdState): boolean {
  const detaches = (mask & StateMask.disk) !== 0 && value.disk === Disk.Failed;
  return detaches && r.link.peerRole === Role.Primary;
}

export function answerChange(
  r: Resource,
  answer: { readonly volume: number; readonly whole: boolean; readonly code: number },
): void {
  const { volume, whole, code } = answer;
  const type = whole ? PacketType.ConnStChgReply : PacketType.StateChgReply;
  sendMeta(r, { type, volume, code });
  if (code < StateCode.Success || r.link.conn !== Conn.TearDown) return;
  r.steps.push({
    step: "drop-connection",
    session: r.link.session,
    conn: Conn.TearDown,
    reason: "the peer disconnects",
  });
}

/**
 * What one node may ask of the other: its own role, its own disk, a connection state that means something to both, and
 * that the asked counts as Outdated. (Deviation: the kernel tries whatever is asked, this node's role included.)
 */
function mayBeAsked(mask: number, value: DrbdState): boolean {
  if ((mask & StateMask.peer) !== 0) return false;
  if ((mask & StateMask.role) !== 0 && value.role === Role.Unknown) return false;
  if ((mask & StateMask.pdsk) !== 0 && value.pdsk !== Disk.Outdated) return false;
  return (mask & StateMask.conn) === 0 || connSeenHere(value.conn) !== Conn.StandAlone;
}

/** The peer's wish applied to my state: its role is my `peer`, its disk my `pdsk`, and the other way round. */
function asSeenHere(state: DrbdState, mask: number, value: DrbdState): DrbdState {
  let next = state;
  if ((mask & StateMask.role) !== 0) next = { ...next, peer: value.role };
  if ((mask & StateMask.peer) !== 0) next = { ...next, role: value.peer };
  if ((mask & StateMask.disk) !== 0) next = { ...next, pdsk: value.disk };
  if ((mask & StateMask.pdsk) !== 0) next = { ...next, disk: value.pdsk };
  if ((mask & StateMask.conn) !== 0) next = { ...next, conn: connSeenHere(value.conn) };
  if ((mask & (StateMask.aftrIsp | StateMask.userIsp)) !== 0) {
    next = { ...next, peerIsp: value.aftrIsp || value.userIsp };
  }
  return next;
}

/** What the peer's connection state is from here; 0 for those that mean nothing to the other side. */
function connSeenHere(conn: Conn): Conn {
  switch (conn) {
    case Conn.WFReportParams:
    case Conn.Connected:
      return conn;
    case Conn.StartingSyncS:
      return Conn.StartingSyncT;
    case Conn.StartingSyncT:
      return Conn.StartingSyncS;
    case Conn.Disconnecting:
      return Conn.TearDown;
    case Conn.VerifyS:
      return Conn.VerifyT;
    default:
      return Conn.StandAlone;
  }
}

function maskWord(wish: Wish): number {
  return (
    (wish.role === undefined ? 0 : StateMask.role) |
    (wish.conn === undefined ? 0 : StateMask.conn) |
    (wish.disk === undefined ? 0 : StateMask.disk) |
    (wish.pdsk === undefined ? 0 : StateMask.pdsk)
  );
}

function valueWord(wish: Wish): number {
  return encodeStateWord({
    role: wish.role ?? Role.Unknown,
    peer: Role.Unknown,
    conn: wish.conn ?? Conn.StandAlone,
    disk: wish.disk ?? Disk.Diskless,
    pdsk: wish.pdsk ?? Disk.Diskless,
    susp: false,
    aftrIsp: false,
    peerIsp: false,
    userIsp: false,
    suspNod: false,
    suspFen: false,
  });
}
