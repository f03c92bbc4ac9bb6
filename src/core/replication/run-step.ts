/** Runs one step that a part has left. */
import { unreachable } from "../../base/assert.ts";
import { onInvalidateAnswer } from "./admin.ts";
import type { ClusterChange } from "./admin-tasks.ts";
import { afterState } from "./after-state.ts";
import { onAlCommitted, onAlNext } from "./al-transactions.ts";
import { answerFlushes, submitFlush } from "./app-flush.ts";
import { onAppRead } from "./app-read.ts";
import { answerWaiting, issue, proceedUnlocked, submit } from "./app-write.ts";
import { abortAttachment, onAttached } from "./attach.ts";
import { sendBitmap } from "./bitmap-exchange.ts";
import { dropConnection, fenceIfNeeded, reconnect, settleLog } from "./connection-loss.ts";
import { beginDemotion, demotionNext, onDemotedWritten } from "./demote.ts";
import { detached, detachNext, onDetachAnswer } from "./detach.ts";
import { onDisconnectAnswer } from "./disconnect.ts";
import { onDiskFailed, onSpoiledWritten } from "./disk-failure.ts";
import { replyAdmin } from "./emit.ts";
import { fullSyncNext } from "./full-sync.ts";
import { onGenerationWritten } from "./generation.ts";
import { retryWaitingWrites, startPeerWrite, writePeerData } from "./peer-write.ts";
import { onPromotedWritten, onPromotionAnswer, promotionNext } from "./promote.ts";
import type { RangeLock } from "./range-locks.ts";
import { onHeldPackets } from "./receive-packet.ts";
import type { AppRequest, PeerWrite } from "./requests.ts";
import type { Resource } from "./resource.ts";
import { sendSyncUuid, startResyncRead } from "./resync-source.ts";
import { onTargetReady, startResyncWrite, targetFinished, tellState } from "./resync-target.ts";
import type { Step } from "./steps.ts";
import { resent, thawNext } from "./thaw.ts";
import type { LockOwner } from "./volume.ts";

export function runStep(r: Resource, step: Step): void {
  switch (step.step) {
    case "after-state":
      afterState(r, step.volume, step.old, step.next);
      return;
    case "drop-connection":
      dropConnection(r, step);
      return;
    case "disk-failed":
      if (step.volume.attachment !== undefined) abortAttachment(r, step.volume);
      else onDiskFailed(r, step.volume, step);
      return;
    case "unlocked":
      for (const lock of step.locks) onUnlocked(r, lock);
      return;
    case "release-held":
      releaseHeld(r);
      return;
    case "al-next":
      goOn(r, onAlNext(r, step.volume));
      return;
    case "al-committed":
      goOn(r, onAlCommitted(r, step.volume));
      return;
    case "generation-written":
      onGenerationWritten(r, step.volume);
      answerWaiting(r, step.volume);
      answerFlushes(r);
      retryWaitingWrites(r, step.volume);
      releaseHeld(r);
      return;
    case "spoiled-written":
      onSpoiledWritten(r, step.volume);
      return;
    case "settle-log":
      settleLog(r);
      if (r.demotion !== undefined) demotionNext(r);
      return;
    case "thaw-next":
      thawNext(r);
      return;
    case "resent":
      resent(r, step.request);
      return;
    case "thawed":
      for (const v of r.volumes) answerWaiting(r, v);
      answerFlushes(r);
      releaseHeld(r);
      return;
    case "reconnect":
      reconnect(r);
      return;
    case "held-packets":
      onHeldPackets(r);
      return;
    case "fence-if-needed":
      if (step.session === r.link.session) fenceIfNeeded(r);
      return;
    default:
      runOrderedStep(r, step);
  }
}

type OrderedStep = Exclude<
  Step,
  {
    readonly step:
      | "after-state"
      | "drop-connection"
      | "disk-failed"
      | "unlocked"
      | "release-held"
      | "al-next"
      | "al-committed"
      | "generation-written"
      | "spoiled-written"
      | "settle-log"
      | "thaw-next"
      | "resent"
      | "thawed"
      | "reconnect"
      | "held-packets"
      | "fence-if-needed";
  }
>;

/** Steps of longer procedures: roles, attaching, resync. */
function runOrderedStep(r: Resource, step: OrderedStep): void {
  if ("session" in step && step.session !== r.link.session) return;
  switch (step.step) {
    case "send-bitmap":
      sendBitmap(r, step.volume);
      return;
    case "full-sync-next":
      fullSyncNext(r, step.volume);
      return;
    case "send-sync-uuid":
      sendSyncUuid(r, step.volume);
      return;
    case "target-ready":
      onTargetReady(r, step.volume);
      return;
    case "target-finished":
      targetFinished(r, step.volume);
      return;
    case "tell-state":
      tellState(r, step.volume);
      return;
    case "change-done":
      onChangeDone(r, step.change, step.lost);
      return;
    case "admin-done":
      replyAdmin(r, step.id);
      return;
    case "promotion-next":
      promotionNext(r);
      return;
    case "promoted":
      onPromotedWritten(r, step.id);
      return;
    case "give-up-primary":
      beginDemotion(r, undefined);
      return;
    case "demotion-next":
      demotionNext(r);
      return;
    case "demoted":
      onDemotedWritten(r);
      return;
    case "attached":
      onAttached(r, step.volume);
      return;
    case "detach-next":
      detachNext(r, step.volume);
      return;
    case "detached":
      detached(r, step.volume);
      return;
    default:
      unreachable(step);
  }
}

function onChangeDone(r: Resource, change: ClusterChange, lost: boolean): void {
  switch (change.purpose) {
    case "promote":
      onPromotionAnswer(r, change, lost);
      return;
    case "disconnect":
      onDisconnectAnswer(r, change, lost);
      return;
    case "detach":
      onDetachAnswer(r, change, lost);
      return;
    case "invalidate":
    case "invalidate-remote":
      onInvalidateAnswer(r, change, lost);
      return;
    default:
      unreachable(change.purpose);
  }
}

function onUnlocked(r: Resource, lock: RangeLock<LockOwner>): void {
  const { owner } = lock;
  switch (owner.kind) {
    case "write":
    case "zero":
      if (owner.lock === lock) proceedUnlocked(r, owner);
      return;
    case "peer-write":
      startPeerWrite(r, owner);
      return;
    case "resync-read":
      startResyncRead(r, lock, owner);
      return;
    case "resync-write":
      startResyncWrite(r, lock, owner);
      return;
    case "resync-request":
      return;
    default:
      unreachable(owner);
  }
}

function goOn(r: Resource, writers: readonly (AppRequest | PeerWrite)[]): void {
  for (const writer of writers) {
    if (writer.kind === "peer-write") writePeerData(r, writer);
    else issue(r, writer);
  }
}

/** What was held back goes on, in the order in which it came. */
function releaseHeld(r: Resource): void {
  for (const v of r.volumes) {
    if (v.held.length === 0 || v.holding) continue;
    const held = v.held;
    v.held = [];
    for (const request of held) {
      if (request.kind === "read") onAppRead(r, request);
      else if (request.kind === "app-flush") submitFlush(r, request);
      else submit(r, request);
    }
  }
}
