/** Runs one step that a part has left. */
import { present, unreachable } from "../../base/assert.ts";
import { onInvalidateAnswer } from "./admin.ts";
import type { ClusterChange } from "./admin-tasks.ts";
import {
  dropConnection,
  fenceIfNeeded,
  reconnect,
  settleLog,
} from "./connection/connection-loss.ts";
import { askOutdated, onDisconnectAnswer } from "./connection/disconnect.ts";
import { onHeldPackets } from "./connection/receive-packet.ts";
import { abortAttachment, onAttached } from "./disk/attach.ts";
import { askDetach, detached, detachNext, onDetachAnswer } from "./disk/detach.ts";
import { onDiskFailed, onSpoiledWritten } from "./disk/disk-failure.ts";
import { replyAdmin } from "./emit.ts";
import { onGenerationWritten } from "./generation/generation.ts";
import { onAlCommitted, onAlNext } from "./metadata/al-transactions.ts";
import type { MetaThen } from "./metadata/meta-lane.ts";
import { retryWaitingWrites, startPeerWrite, writePeerData } from "./peer/peer-write.ts";
import { answerFlushes, submitFlush } from "./requests/app-flush.ts";
import { onAppRead } from "./requests/app-read.ts";
import {
  answerIfDone,
  answerWaiting,
  issue,
  proceedUnlocked,
  submit,
} from "./requests/app-write.ts";
import type { RangeLock } from "./requests/range-locks.ts";
import { type Resource, volumeOf } from "./resource.ts";
import { sendBitmap } from "./resync/bitmap-exchange.ts";
import { fullSyncNext } from "./resync/full-sync.ts";
import { onProgressSaved } from "./resync/progress-saved.ts";
import { sendSyncUuid, startResyncRead } from "./resync/resync-source.ts";
import {
  askForMore,
  onTargetReady,
  sendResyncRequest,
  startResyncWrite,
  targetFinished,
  tellState,
} from "./resync/resync-target.ts";
import { onVerifyAnswer } from "./resync/verify-command.ts";
import { sendVerifyRequest, startVerifyCompare } from "./resync/verify-source.ts";
import { answerChange } from "./roles/cluster-change.ts";
import { beginDemotion, demotionNext, onDemotedWritten } from "./roles/demote.ts";
import { onPromotedWritten, onPromotionAnswer, promotionNext } from "./roles/promote.ts";
import { resent, thawNext } from "./roles/thaw.ts";
import { onResized } from "./size/resize.ts";
import { afterState } from "./state/after-state.ts";
import type { Step } from "./steps.ts";
import type { AppRequest, LockOwner, PeerWrite } from "./volume.ts";

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
    case "settle-log":
      onLogSettled(r);
      return;
    case "thaw-next":
      thawNext(r);
      return;
    case "resent":
      resent(r, step.request);
      return;
    case "thawed":
      onThawed(r);
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
    case "change-done":
      onChangeDone(r, step.change, step.lost);
      return;
    case "send-bitmap":
      if (step.session === r.link.session) sendBitmap(r, step.volume);
      return;
    case "resync-next":
      askForMore(r, step.volume);
      return;
    case "full-sync-next":
      if (step.session === r.link.session) fullSyncNext(r, step.volume);
      return;
    case "promotion-next":
      promotionNext(r);
      return;
    case "give-up-primary":
      beginDemotion(r, undefined);
      return;
    case "demotion-next":
      demotionNext(r);
      return;
    case "detach-next":
      detachNext(r, step.volume);
      return;
    case "answer-write":
      answerIfDone(r, step.request);
      return;
    default:
      runMetaThen(r, step);
  }
}

function onLogSettled(r: Resource): void {
  settleLog(r);
  if (r.demotion !== undefined) demotionNext(r);
}

function onThawed(r: Resource): void {
  for (const v of r.volumes) answerWaiting(r, v);
  answerFlushes(r);
  releaseHeld(r);
}

/** What stood behind a metadata job. */
function runMetaThen(r: Resource, step: MetaThen): void {
  if (step.step === "ask-detach") {
    askDetach(r, present(volumeOf(r, step.volume), "the volume of a metadata job"), step.id);
    return;
  }
  if ("id" in step || step.step === "demoted") {
    if (step.step === "admin-done") replyAdmin(r, step.id);
    else if (step.step === "promoted") onPromotedWritten(r, step.id);
    else if (step.step === "ask-outdated") askOutdated(r, step.id);
    else onDemotedWritten(r);
    return;
  }
  if ("session" in step && step.session !== r.link.session) return;
  if (step.step === "answer-change") {
    answerChange(r, step);
    return;
  }
  const v = present(volumeOf(r, step.volume), "the volume of a metadata job");
  switch (step.step) {
    case "al-committed":
      goOn(r, onAlCommitted(r, v));
      return;
    case "generation-written":
      onGenerationWritten(r, v);
      answerWaiting(r, v);
      answerFlushes(r);
      retryWaitingWrites(r, v);
      releaseHeld(r);
      return;
    case "spoiled-written":
      onSpoiledWritten(r, v);
      return;
    case "send-sync-uuid":
      sendSyncUuid(r, v);
      return;
    case "target-ready":
      onTargetReady(r, v);
      return;
    case "target-finished":
      targetFinished(r, v);
      return;
    case "progress-saved":
      onProgressSaved(v);
      return;
    case "tell-state":
      tellState(r, v);
      return;
    case "attached":
      onAttached(r, v);
      return;
    case "resized":
      onResized(r, v);
      return;
    case "detached":
      detached(r, v);
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
    case "verify":
      onVerifyAnswer(r, change, lost);
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
      sendResyncRequest(r, owner);
      return;
    case "verify-request":
      sendVerifyRequest(r, owner);
      return;
    case "verify-compare":
      startVerifyCompare(r, lock, owner);
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
