/**
 * The end of a connection: first the state (which may freeze I/O), then the sockets, then what was under way. Only when
 * the last write for the peer is done is a new connection sought.
 */
import { after, elapsedMs } from "../../../base/time.ts";
import { Conn, Disk, Role } from "../../../formats/drbd/drbd-state.ts";
import { notice, replyAdmin } from "../emit.ts";
import { markOutOfSync } from "../out-of-sync.ts";
import { flushAbandonedEpochs } from "../peer/epoch-flush.ts";
import { newPeerEpochs } from "../peer/peer-epochs.ts";
import { abandonPeerDrain } from "../peer/peer-write.ts";
import { forgetServed } from "../peer/serve-requests.ts";
import { answerFlushes, restartFlushes } from "../requests/app-flush.ts";
import { restartPeerReads } from "../requests/app-read.ts";
import { answerIfDone, forget } from "../requests/app-write.ts";
import { Use } from "../requests/range-locks.ts";
import { newTransferLog, requestsOf } from "../requests/transfer-log.ts";
import type { Resource } from "../resource.ts";
import { onChangeLost } from "../roles/cluster-change.ts";
import { noteApart } from "../roles/note-past.ts";
import { forceState, recompute } from "../state/state-change.ts";
import { type AppRequest, Net } from "../volume.ts";
import { closeSockets, seekPeer } from "./link-setup.ts";
import { newSendProgress } from "./send-progress.ts";

/** A connection that did not live so long, in ms, is followed by a pause of as much: two that can't agree don't spin. */
const shortLifeMs = 1000;

export function dropConnection(
  r: Resource,
  drop: { readonly session: number; readonly conn: Conn; readonly reason: string },
): void {
  const { link } = r;
  if (drop.session !== link.session || link.phase === "idle") return;
  const conn = link.disconnecting ? Conn.Disconnecting : drop.conn;
  if (conn === Conn.Disconnecting) link.standAlone = true;
  notice(
    r,
    link.standAlone ? "info" : "warn",
    "connection-lost",
    `connection ended: ${drop.reason}`,
  );
  const wasUp = link.phase === "running";
  if (wasUp) noteApart(r);
  closeSockets(r);
  link.phase = "idle";
  link.pingUntil = undefined;
  link.firstPingAt = undefined;
  link.progress = newSendProgress();
  link.handshakeUntil = undefined;
  const young =
    link.establishedAt !== undefined && elapsedMs(link.establishedAt, r.now) < shortLifeMs;
  link.retryAt = young ? after(r.now, shortLifeMs) : undefined;
  // One that is failing already goes on failing for its first reason.
  const failing = link.conn >= Conn.Timeout && link.conn <= Conn.TearDown;
  if (link.conn !== conn && (!failing || conn === Conn.Disconnecting)) {
    forceState(r, (s) => ({ ...s, conn }));
  }
  for (const v of r.volumes) {
    v.bitmapSending = undefined;
    v.bitmapReceived = 0;
    v.pendingSyncUuid = undefined;
    v.peer.uuids = undefined;
    v.resync = undefined;
    forgetServed(v);
    const woken = v.locks.removeAll(Use.ResyncRequest);
    if (woken.length > 0) r.steps.push({ step: "unlocked", locks: woken });
  }
  flushAbandonedEpochs(r);
  r.peerEpochs = newPeerEpochs();
  abandonPeerDrain(r);
  r.dataHold.clear();
  r.dataHoldUntil = undefined;
  onChangeLost(r);
  // After the steps that the state change has left: they know whether I/O is frozen.
  r.steps.push({ step: "settle-log" });
  r.steps.push({ step: "fence-if-needed", session: link.session });
  r.steps.push({ step: "reconnect" });
}

/** What was sent and not made stable by the peer: kept while I/O is frozen, else this node goes on without the peer. */
export function settleLog(r: Resource): void {
  const requests = new Set([...requestsOf(r.log), ...(r.resending ?? [])]);
  for (const request of requests) r.frozen.add(request);
  r.log = newTransferLog();
  r.unacked.clear();
  r.sentMarks.clear();
  r.barrierAt = undefined;
  r.resending = undefined;
  restartFlushes(r);
  recompute(r);
  if (r.susp || r.suspNod || r.suspFen) {
    notice(r, "warn", "frozen", `I/O is frozen, ${r.frozen.size} writes are kept`, {});
  } else {
    giveUpFrozen(r);
  }
  restartPeerReads(r);
  r.steps.push({ step: "release-held" });
}

/** The peer is not going to get these writes: their blocks are marked, and the answers are this node's alone. */
export function giveUpFrozen(r: Resource): void {
  const requests = [...r.frozen];
  r.frozen.clear();
  for (const request of requests) {
    giveUp(r, request);
    answerIfDone(r, request);
  }
  answerFlushes(r);
}

/** The last connection is cleaned up: look for the peer again, or stay alone. */
export function reconnect(r: Resource): void {
  const { link } = r;
  if (link.phase !== "idle" || r.volumes.some((v) => v.peerIoPending > 0)) return;
  if (link.standAlone) {
    link.retryAt = undefined;
    if (link.conn !== Conn.StandAlone) {
      if (link.conn !== Conn.Disconnecting)
        forceState(r, (s) => ({ ...s, conn: Conn.Disconnecting }));
      forceState(r, (s) => ({ ...s, conn: Conn.StandAlone }));
    }
    for (const id of r.disconnectAsked) replyAdmin(r, id);
    r.disconnectAsked = [];
    link.discardMyData = false;
    link.tentative = false;
    return;
  }
  if (link.conn !== Conn.Unconnected) forceState(r, (s) => ({ ...s, conn: Conn.Unconnected }));
  if (link.retryAt !== undefined && link.retryAt > r.now) return;
  link.retryAt = undefined;
  seekPeer(r);
}

/** Asks for the peer to be fenced, if this Primary's policy wants it and its state is unknown. */
export function fenceIfNeeded(r: Resource): void {
  // The answer to a question about an earlier loss says nothing of this one.
  if (r.role !== Role.Primary || r.fencing?.session === r.link.session) return;
  const careful = r.volumes.some(
    (v) => v.settings.fencing !== "dont-care" && v.pdsk >= Disk.DUnknown,
  );
  if (careful) askToFence(r, "peer-lost");
}

export function askToFence(r: Resource, reason: "peer-lost" | "promotion"): void {
  const request = r.nextFenceRequest++;
  r.fencing = { request, session: r.link.session };
  r.effects.push({
    kind: "fence-peer",
    request,
    resource: r.settings.name,
    reason,
    frozen: r.suspFen,
  });
}

/** The peer's part of a write is over, without its being stable there. */
export function giveUp(r: Resource, request: AppRequest): void {
  markOutOfSync(request.volume, request);
  // Safety: also of one that it has acked. From here on only this node's copy counts for the answer.
  if (!request.answered && request.net !== Net.None) request.net = Net.Failed;
  forget(r, request);
}
