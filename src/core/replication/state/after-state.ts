/** What follows from a change of a volume's state: what is written, what is sent, what begins and what ends. */
import { Conn, Disk, type DrbdState, Role } from "../../../formats/drbd/drbd-state.ts";
import { sendState } from "../connection/send-parameters.ts";
import { runHandler } from "../emit.ts";
import { wantNewGeneration } from "../generation/generation.ts";
import {
  abandonMetadata,
  logMayBeSettled,
  settleLogSteps,
  superblockFlags,
  writeMetadata,
  writeSuperblock,
} from "../metadata/metadata-writer.ts";
import { markOutOfSync } from "../out-of-sync.ts";
import { markUnstable } from "../requests/peer-acks.ts";
import type { Resource } from "../resource.ts";
import { beginFullSync } from "../resync/full-sync.ts";
import { pauseRun, resumeRun } from "../resync/resync-progress.ts";
import { beginSyncSource } from "../resync/resync-source.ts";
import { abortResync, askForMore, beginSyncTarget, onSyncUuid } from "../resync/resync-target.ts";
import { abortVerify } from "../resync/verify-run.ts";
import { beginVerifySource } from "../resync/verify-source.ts";
import { noteTogether } from "../roles/note-past.ts";
import { thawAlone } from "../roles/thaw.ts";
import type { Volume } from "../volume.ts";
import { forceState } from "./state-change.ts";
import { inResync, isSource, isTarget, verifying } from "./sync-states.ts";

export function afterState(r: Resource, v: Volume, old: DrbdState, next: DrbdState): void {
  noteFacts(r, v, old, next);
  const alone = lostPeersData(old, next) && oneIsPrimary(next);
  if ((alone || disklessPeerPromoted(old, next)) && next.disk >= Disk.UpToDate) {
    wantNewGeneration(r, v);
  }
  if (next.pdsk < Disk.Inconsistent && old.pdsk >= Disk.Inconsistent) markUnstable(r, v);
  // One that could not even be attached has nothing to be let go.
  const held = v.backing !== undefined && !r.detachments.has(v);
  if (next.disk === Disk.Failed && old.disk !== Disk.Failed && held) {
    r.detachments.set(v, { adminId: undefined, phase: "draining", gated: false });
    r.steps.push({ step: "detach-next", volume: v });
  }
  if (next.disk === Disk.Diskless && old.disk === Disk.Negotiating && held) {
    // The peer that would have judged this disk is gone. What is under way on it ends first.
    abandonMetadata(r, v);
    r.detachments.set(v, { adminId: undefined, phase: "draining", gated: false });
    r.steps.push({ step: "detach-next", volume: v });
  }
  saveFlags(r, v);
  onConnChange(r, v, old, next);
  tellPeer(r, v, old, next);
  afterSuspension(r, v, next);
  if (!v.holding && v.held.length > 0) r.steps.push({ step: "release-held" });
  if (r.promotion !== undefined && r.promotion.waiting === "state") {
    r.steps.push({ step: "promotion-next" });
  }
}

/** The superblock is written when its flags have changed; UUIDs are written by those who change them. */
function saveFlags(r: Resource, v: Volume): void {
  const { backing } = v;
  if (backing === undefined || v.disk <= Disk.Failed) return;
  const flags = superblockFlags(r, v, backing);
  const demoting = r.demotion !== undefined;
  if (logMayBeSettled(r, v) && !demoting) {
    // Safety: the log is not forgotten before the bitmap has what it stands for.
    writeMetadata(r, v, settleLogSteps);
    return;
  }
  if (flags === backing.flagsWritten) return;
  backing.flagsWritten = flags;
  writeSuperblock(r, v);
}

function noteFacts(r: Resource, v: Volume, old: DrbdState, next: DrbdState): void {
  const bothEmpty = old.disk === Disk.Inconsistent && old.pdsk === Disk.Inconsistent;
  if (bothEmpty && old.peer === Role.Secondary && next.peer === Role.Primary) {
    v.considerResync = true;
  }
  if (
    v.backing &&
    next.disk === Disk.UpToDate &&
    next.pdsk === Disk.UpToDate &&
    v.backing.crashedPrimary
  ) {
    v.backing.crashedPrimary = false;
    writeSuperblock(r, v);
  }
  if (withoutData(next) && !withoutData(old)) runHandler(r, "pri-on-incon-degr", v);
}

/** Contact to the peer's data is lost: from here on its copy may be left behind. */
function lostPeersData(old: DrbdState, next: DrbdState): boolean {
  const outOfReach =
    next.pdsk < Disk.Inconsistent || next.pdsk === Disk.DUnknown || next.pdsk === Disk.Outdated;
  const known =
    old.pdsk >= Disk.Inconsistent && old.pdsk !== Disk.DUnknown && old.pdsk !== Disk.Outdated;
  if (known && outOfReach) return true;
  const gone =
    next.pdsk === Disk.Diskless || next.pdsk === Disk.Failed || next.pdsk === Disk.Outdated;
  return old.pdsk === Disk.DUnknown && gone;
}

/** The peer writes from here on, and only this node has a disk: as it is promoted, or takes this copy into use. */
function disklessPeerPromoted(old: DrbdState, next: DrbdState): boolean {
  const begins = old.peer !== Role.Primary || old.disk < Disk.UpToDate;
  return begins && next.peer === Role.Primary && next.pdsk < Disk.Inconsistent;
}

function oneIsPrimary(s: DrbdState): boolean {
  return s.role === Role.Primary || s.peer === Role.Primary;
}

function withoutData(s: DrbdState): boolean {
  return s.role === Role.Primary && s.disk < Disk.UpToDate && s.pdsk < Disk.UpToDate;
}

function onConnChange(r: Resource, v: Volume, old: DrbdState, next: DrbdState): void {
  if (old.conn === next.conn) return;
  if (old.conn < Conn.Connected && next.conn >= Conn.Connected) {
    v.splitBrain = undefined;
    r.link.handshakeUntil = undefined;
    if (r.volumes.every((each) => each.conn >= Conn.Connected)) {
      r.link.discardMyData = false;
      noteTogether(r);
    }
  }
  if (v.verify !== undefined && !verifying(next.conn)) abortVerify(r, v, v.verify);
  if (old.conn >= Conn.Ahead && next.conn === Conn.Connected) {
    // Safety: the two differ, and the resync that was to come can't: the next handshake sorts it out.
    const reason = "a disk is gone while one node was ahead";
    const { session } = r.link;
    r.steps.push({ step: "drop-connection", session, conn: Conn.ProtocolError, reason });
  }
  switch (next.conn) {
    case Conn.VerifyS:
      beginVerifySource(r, v);
      break;
    case Conn.WFBitMapS:
      for (const request of r.frozen) if (request.volume === v) markOutOfSync(v, request);
      v.bitmapReceived = 0;
      v.bitmapSending = 0;
      r.steps.push({ step: "send-bitmap", volume: v, session: r.link.session });
      break;
    case Conn.WFBitMapT:
      v.bitmapReceived = 0;
      break;
    case Conn.StartingSyncS:
    case Conn.StartingSyncT:
      beginFullSync(r, v);
      r.steps.push({ step: "full-sync-next", volume: v, session: r.link.session });
      break;
    case Conn.WFSyncUUID:
      if (v.pendingSyncUuid !== undefined) {
        const uuid = v.pendingSyncUuid;
        v.pendingSyncUuid = undefined;
        onSyncUuid(r, v, uuid);
      }
      break;
    default:
      onResyncChange(r, v, old, next);
  }
}

function onResyncChange(r: Resource, v: Volume, old: DrbdState, next: DrbdState): void {
  if (!inResync(next.conn)) {
    // Aborted: a finished run has been taken away before.
    if (v.resync !== undefined) abortResync(r, v);
    return;
  }
  if (!inResync(old.conn)) {
    if (isSource(next.conn)) beginSyncSource(r, v);
    else if (isTarget(next.conn)) beginSyncTarget(r, v);
  }
  if (next.conn === Conn.PausedSyncS || next.conn === Conn.PausedSyncT) pauseRun(r, v);
  else resumeRun(r, v);
  if (next.conn === Conn.SyncTarget) askForMore(r, v);
}

/** P_STATE, where the peer has to hear of the change. The end of a resync is told by the target when it is on disk. */
function tellPeer(r: Resource, v: Volume, old: DrbdState, next: DrbdState): void {
  if (r.link.phase !== "running" || next.conn < Conn.WFReportParams) return;
  const established = old.conn < Conn.Connected && next.conn >= Conn.Connected;
  const told =
    established ||
    old.role !== next.role ||
    old.aftrIsp !== next.aftrIsp ||
    old.userIsp !== next.userIsp ||
    (next.conn === Conn.Ahead && old.conn !== Conn.Ahead) ||
    (next.disk === Disk.Failed && old.disk > Disk.Failed) ||
    (next.disk === Disk.Diskless && old.disk > Disk.Diskless) ||
    (old.disk === Disk.UpToDate && next.disk === Disk.Inconsistent && next.conn === Conn.Connected);
  if (told) sendState(r, v);
}

/** Does what has happened end a freeze? */
function afterSuspension(r: Resource, v: Volume, next: DrbdState): void {
  if (!r.suspFen && !r.suspNod && r.frozen.size === 0) return;
  if (v.conn >= Conn.Connected && r.link.conn === Conn.WFReportParams) {
    r.steps.push({ step: "thaw-next" });
    return;
  }
  const peerIsBehind = r.volumes.every((each) => each.pdsk <= Disk.Outdated);
  if (r.suspFen && next.conn < Conn.Connected && peerIsBehind) {
    forceState(r, (s) => ({ ...s, suspFen: false }));
    thawAlone(r);
  }
}
