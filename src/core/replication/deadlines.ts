/** When the machine wants to be woken, and what it does then. No request has a timer of its own. */
import { after, earliest, type Instant } from "../../base/time.ts";
import { Conn } from "../../formats/drbd/drbd-state.ts";
import { checkSeeking, seekDeadlines } from "./connection/link-setup.ts";
import { checkPing, pingDeadline } from "./connection/ping.ts";
import { checkSending, sendDeadline } from "./connection/send-limit.ts";
import { flushClosedEpochs, peerFlushDeadline } from "./peer/epoch-flush.ts";
import { checkYielding, yieldDeadline } from "./peer/serve-requests.ts";
import { aheadDeadline, endAhead } from "./requests/congestion.ts";
import { sendBarrier } from "./requests/send-barrier.ts";
import type { Resource } from "./resource.ts";
import { serveWaiting } from "./resync/resync-source.ts";
import { askForMore, resyncDeadline } from "./resync/resync-target.ts";
import { againDeadline, stallDeadline, stallText, syncAgain } from "./resync/stall-watch.ts";
import { askToVerify, verifyDeadline } from "./resync/verify-source.ts";
import { promotionNext } from "./roles/promote.ts";
import { Net } from "./volume.ts";

export function nextDeadlineOf(r: Resource): Instant | undefined {
  const { link } = r;
  let first = earliest(
    pingDeadline(r),
    sendDeadline(r),
    link.handshakeUntil,
    link.phase === "idle" ? link.retryAt : undefined,
    r.barrierAt,
    peerFlushDeadline(r),
    r.promotion?.retryAt,
    r.dataHoldUntil,
    requestDeadline(r),
  );
  if (link.phase === "seeking") first = earliest(first, ...seekDeadlines(r));
  for (const v of r.volumes) {
    first = earliest(first, yieldDeadline(r, v), stallDeadline(r, v), aheadDeadline(v));
    first = earliest(first, againDeadline(r, v));
    if (v.resync !== undefined) first = earliest(first, resyncDeadline(v));
    if (v.verify !== undefined) first = earliest(first, verifyDeadline(v));
  }
  return first;
}

export function onWake(r: Resource): void {
  const { link } = r;
  checkPing(r);
  if (due(r, sendDeadline(r))) checkSending(r);
  checkSeeking(r);
  if (due(r, link.handshakeUntil)) drop(r, Conn.NetworkFailure, "the handshake took too long");
  if (link.phase === "idle" && due(r, link.retryAt)) r.steps.push({ step: "reconnect" });
  if (due(r, r.barrierAt)) sendBarrier(r);
  if (due(r, peerFlushDeadline(r))) flushClosedEpochs(r);
  if (due(r, r.promotion?.retryAt)) promotionNext(r);
  if (due(r, r.dataHoldUntil)) {
    drop(r, Conn.NetworkFailure, "Timed out waiting for missing ack packets; disconnecting");
  }
  if (due(r, requestDeadline(r))) {
    const { koCount, timeoutMs } = r.net;
    drop(
      r,
      Conn.Timeout,
      `Remote failed to finish a request within ${koCount * timeoutMs} ms > ko-count (${koCount}) * timeout (${timeoutMs / 100} * 0.1s)`,
    );
  }
  for (const v of r.volumes) {
    if (due(r, aheadDeadline(v))) endAhead(r, v);
    if (due(r, againDeadline(r, v))) syncAgain(r, v);
    if (due(r, stallDeadline(r, v))) drop(r, Conn.Timeout, stallText(r, v));
    if (due(r, yieldDeadline(r, v))) {
      checkYielding(r, v);
      serveWaiting(r, v);
    }
    if (due(r, resyncDeadline(v))) askForMore(r, v);
    if (due(r, verifyDeadline(v))) askToVerify(r, v);
  }
}

/** The oldest request that the peer has not answered has its limit: timeout * ko-count. */
function requestDeadline(r: Resource): Instant | undefined {
  if (r.net.koCount === 0 || r.link.phase !== "running") return undefined;
  // In the order in which they were asked for.
  const [read] = r.peerReads.values();
  const oldest = earliest(oldestWrite(r), read?.askedAt);
  return oldest === undefined ? undefined : after(oldest, r.net.koCount * r.net.timeoutMs);
}

function oldestWrite(r: Resource): Instant | undefined {
  const epoch = r.log.sent.peek() ?? r.log.current;
  const oldest = epoch.requests[0];
  if (oldest === undefined) return undefined;
  return epoch === r.log.current && oldest.net !== Net.Sent ? undefined : oldest.sentAt;
}

function due(r: Resource, deadline: Instant | undefined): boolean {
  return deadline !== undefined && deadline <= r.now;
}

function drop(r: Resource, conn: Conn, reason: string): void {
  r.steps.push({ step: "drop-connection", session: r.link.session, conn, reason });
}
