/**
 * Is the peer there? A P_PING when nothing was heard for ping-int; no P_PING_ACK within ping-timeout, and nothing else
 * heard either, means that it is gone. (As in the kernel. In addition a ping must be answered within `timeout` even if
 * other packets come: one of the two sockets may be stuck alone.)
 */
import { after, type Instant } from "../../../base/time.ts";
import { Conn } from "../../../formats/drbd/drbd-state.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import { sendMeta } from "../emit.ts";
import type { Resource } from "../resource.ts";

/** @returns the number of the ping: it is answered when `pingsAcked` has come so far. */
export function sendPing(r: Resource): number {
  const { link } = r;
  sendMeta(r, { type: PacketType.Ping });
  link.pingsSent++;
  link.pingUntil ??= after(r.now, r.net.pingTimeoutMs);
  link.firstPingAt ??= r.now;
  return link.pingsSent;
}

export function onPingAck(r: Resource): void {
  const { link } = r;
  link.pingsAcked++;
  const pending = link.pingsAcked < link.pingsSent;
  link.firstPingAt = pending ? r.now : undefined;
  link.pingUntil = pending ? after(r.now, r.net.pingTimeoutMs) : undefined;
}

/** When the next ping is due, or the last one's time is up. */
export function pingDeadline(r: Resource): Instant | undefined {
  const { link } = r;
  if (link.phase === "idle" || link.phase === "seeking") return undefined;
  return link.pingUntil ?? after(link.lastHeard, r.net.pingIntMs);
}

/** To be called when the deadline has passed. */
export function checkPing(r: Resource): void {
  const { link } = r;
  const deadline = pingDeadline(r);
  if (deadline === undefined || deadline > r.now) return;
  if (link.pingUntil === undefined) {
    sendPing(r);
    return;
  }
  // Compared as times, not as durations: the next deadline must not round to one that has passed.
  const heardUntil = after(link.lastHeard, r.net.pingTimeoutMs);
  const answeredUntil = after(link.firstPingAt ?? r.now, r.net.timeoutMs);
  if (heardUntil > r.now && answeredUntil > r.now) {
    link.pingUntil = heardUntil;
    return;
  }
  r.steps.push({
    step: "drop-connection",
    session: link.session,
    conn: Conn.NetworkFailure,
    reason: "PingAck did not arrive in time.",
  });
}
