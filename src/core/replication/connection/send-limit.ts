/**
 * The peer has to take what is sent on the data socket: when nothing leaves for `timeout` it is pinged, and ko-count such
 * times end the connection. (The answers to requests have their own limits; this one also holds where none is awaited:
 * a Secondary that serves reads, a node that is Ahead.) Specification section 13.1.
 *
 * The kernel's senders are held up themselves and see it. This machine is told when a mark that it has sent is with the
 * operating system; so after something was sent, a mark follows, one at a time, and at most a few in `timeout`.
 */
import { after, type Instant } from "../../../base/time.ts";
import { Conn } from "../../../formats/drbd/drbd-state.ts";
import { notice } from "../emit.ts";
import type { Resource } from "../resource.ts";
import { sendPing } from "./ping.ts";

/** So many marks in `timeout`. */
const marksInTimeout = 4;

/** When a mark is to be sent, or one has been on its way for too long. */
export function sendDeadline(r: Resource): Instant | undefined {
  const { phase, progress } = r.link;
  if (phase !== "running") return undefined;
  const { timeoutMs } = r.net;
  const { unmarkedAt, waitsAt, expired } = progress;
  if (waitsAt !== undefined) return after(waitsAt, timeoutMs * (expired + 1));
  return unmarkedAt === undefined ? undefined : after(unmarkedAt, timeoutMs / marksInTimeout);
}

/** To be called when the deadline has passed. */
export function checkSending(r: Resource): void {
  const { data, progress, session } = r.link;
  if (progress.waitsAt === undefined) {
    if (data === undefined) return;
    progress.unmarkedAt = undefined;
    progress.waitsAt = r.now;
    r.sentMarks.push("progress");
    r.effects.push({ kind: "send", connection: data, parts: [], notify: true });
    return;
  }
  progress.expired++;
  const { koCount, timeoutMs } = r.net;
  if (koCount > 0 && progress.expired >= koCount) {
    const reason = `the peer has taken nothing for ${koCount * timeoutMs} ms (ko-count ${koCount} * timeout)`;
    r.steps.push({ step: "drop-connection", session, conn: Conn.Timeout, reason });
    return;
  }
  const left = koCount > 0 ? `, ko = ${koCount - progress.expired}` : "";
  notice(r, "warn", "send-time-expired", `sock_sendmsg time expired${left}`);
  // It may be dead altogether: that is known sooner.
  sendPing(r);
}

/** Something is with the operating system. @param wasMark it was the last thing that was sent to find that out. */
export function noteSent(r: Resource, wasMark: boolean): void {
  const { progress } = r.link;
  progress.expired = 0;
  if (progress.waitsAt !== undefined) progress.waitsAt = wasMark ? undefined : r.now;
}
