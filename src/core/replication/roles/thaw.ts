/**
 * Ending a freeze (susp_fen, susp_nod, susp). Either the peer is back: then what it may lack is sent again before new
 * requests go on, so that no generation has to be begun and no resync run. (Deviation: the kernel sends again only what
 * it has not acked, and gives up on a peer that was rebooted; here all that was not stable there is sent again.) Or it
 * is known that the peer can't go on from its copy: then this node goes on alone, with a new generation.
 */
import { Conn, Disk } from "../../../formats/drbd/drbd-state.ts";
import { giveUp, giveUpFrozen } from "../connection/connection-loss.ts";
import { notice, readDisk } from "../emit.ts";
import { beginNewGeneration } from "../generation/generation.ts";
import { answerIfDone, closeEpochSoon, hasLocalCopy, send } from "../requests/app-write.ts";
import type { Resource } from "../resource.ts";
import { forceState } from "../state/state-change.ts";
import type { AppRequest, Volume } from "../volume.ts";

/** I/O goes on without the peer. */
export function thawAlone(r: Resource): void {
  const frozen = r.susp || r.suspNod || r.suspFen;
  if (frozen) return;
  for (const v of r.volumes) beginNewGeneration(r, v);
  giveUpFrozen(r);
  r.steps.push({ step: "release-held" });
}

/** The connection is back while I/O is frozen: goes on as far as it can. */
export function thawNext(r: Resource): void {
  const frozen = r.suspFen || r.suspNod || (r.frozen.size > 0 && !r.susp);
  if (!frozen || !allConnected(r)) return;
  // A peer that is just attaching its disk has not said yet what that is worth.
  if (r.volumes.some((v) => v.pdsk === Disk.Attaching || v.pdsk === Disk.Negotiating)) return;
  for (const v of r.volumes) v.newGenerationPending = v.pdsk <= Disk.Failed;
  if (r.resending !== undefined && r.frozen.size === 0) {
    // Under way.
    finishThaw(r);
    return;
  }
  r.resending ??= new Set();
  const waiting = [...r.frozen];
  // What is read below must not be in the middle of being written.
  if (waiting.some((request) => request.localPending)) return;
  r.frozen.clear();
  r.resendReads = 0;
  for (const request of waiting) prepareResend(r, request);
  if (r.resendReads === 0) sendAgain(r);
}

/** The local copy of an answered write, to be sent again. */
export function onResendRead(
  r: Resource,
  task: { readonly session: number; readonly volume: Volume; readonly request: AppRequest },
  done: { readonly bytes?: Uint8Array; readonly error?: string },
): void {
  const { request, volume } = task;
  if (task.session !== r.link.session || r.resending?.has(request) !== true) return;
  r.resendReads--;
  if (done.bytes === undefined || done.error !== undefined) {
    const error = done.error ?? "EIO";
    const what = `read ${request.length} bytes at ${request.offset} to send them again`;
    r.steps.push({ step: "disk-failed", volume, what, error, metadata: false });
    r.resending.delete(request);
    giveUp(r, request);
  } else {
    request.bytes = done.bytes;
  }
  if (r.resendReads === 0) sendAgain(r);
}

/** The peer has acked a write that was sent again. */
export function resent(r: Resource, request: AppRequest): void {
  r.resending?.delete(request);
  // One that was answered before the connection broke is not answered again.
  if (request.answered) closeEpochSoon(r, request);
  if (request.answered && hasLocalCopy(request)) request.bytes = undefined;
  finishThaw(r);
}

/** Gets the bytes together: nothing is sent before all are there, so that the peer has the writes in their order. */
function prepareResend(r: Resource, request: AppRequest): void {
  const { volume: v } = request;
  if (v.conn !== Conn.Connected || v.pdsk !== Disk.UpToDate) {
    // A resync takes these blocks with it: one that runs anyway, or the one after the new generation.
    giveUp(r, request);
    answerIfDone(r, request);
    return;
  }
  if (request.kind === "zero" || request.bytes !== undefined) {
    r.resending?.add(request);
    return;
  }
  if (!hasLocalCopy(request)) {
    // It was written before the disk was let go: the peer has acked it, and is the only one to have it.
    giveUp(r, request);
    return;
  }
  r.resending?.add(request);
  r.resendReads++;
  const { offset, length } = request;
  const task = { kind: "resend-read", session: r.link.session, volume: v, request } as const;
  readDisk(r, task, { device: "data", offset, length });
}

function sendAgain(r: Resource): void {
  for (const request of r.resending ?? []) send(r, request);
  finishThaw(r);
}

function finishThaw(r: Resource): void {
  if (r.resending === undefined || r.resending.size > 0 || r.frozen.size > 0) return;
  r.resending = undefined;
  notice(r, "info", "thawed", "the peer is back: I/O goes on");
  forceState(r, (s) => ({ ...s, suspFen: false, suspNod: false }));
  for (const v of r.volumes) beginNewGeneration(r, v);
  r.steps.push({ step: "thawed" });
}

function allConnected(r: Resource): boolean {
  return (
    r.link.conn === Conn.WFReportParams &&
    r.volumes.every((v) => v.backing === undefined || v.conn >= Conn.Connected)
  );
}
