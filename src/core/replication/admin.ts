/** What administrators and the cluster ask for. */
import { assert, unreachable } from "../../base/assert.ts";
import { Conn, Disk, Role } from "../../formats/drbd/drbd-state.ts";
import { UuidFlag } from "../../formats/drbd/packet-flags.ts";
import { uuidJustCreated } from "../../formats/drbd/superblock.ts";
import type { ClusterChange } from "./admin-tasks.ts";
import { onConnectCommand, onDisconnectCommand } from "./connection/disconnect.ts";
import { changeNet } from "./connection/net-options.ts";
import { sendSyncParam, sendUuids } from "./connection/send-parameters.ts";
import { onAttachCommand } from "./disk/attach.ts";
import { onDetachCommand } from "./disk/detach.ts";
import { forceDetach, mustForceDetach } from "./disk/forced-detach.ts";
import { refuseAdmin, replyAdmin } from "./emit.ts";
import type { AdminCommand, AdminEvent } from "./events.ts";
import { newGeneration } from "./generation/generation.ts";
import { endBitmapGeneration, withoutRole } from "./generation/generation-uuids.ts";
import { writeMetadata } from "./metadata/metadata-writer.ts";
import { type Resource, volumeOf } from "./resource.ts";
import { beginFullSync } from "./resync/full-sync.ts";
import { onVerifyCommand } from "./resync/verify-command.ts";
import { askPeer } from "./roles/cluster-change.ts";
import { onSecondaryCommand } from "./roles/demote.ts";
import { onPrimaryCommand } from "./roles/promote.ts";
import { thawAlone } from "./roles/thaw.ts";
import { onResizeCommand } from "./size/resize.ts";
import { forceState, requestState, tryState } from "./state/state-change.ts";
import { StateCode, stateCodeText } from "./state/state-codes.ts";
import type { Volume } from "./volume.ts";

export function onAdmin(r: Resource, event: AdminEvent): void {
  const { id, command } = event;
  if ("volume" in command) {
    const v = volumeOf(r, command.volume);
    if (v === undefined) refuseAdmin(r, id, 0, `volume ${command.volume} is not configured`);
    else onVolumeCommand(r, id, v, command);
    return;
  }
  switch (command.name) {
    case "connect":
      onConnectCommand(r, id, command);
      return;
    case "disconnect":
      onDisconnectCommand(r, id, command.force === true);
      return;
    case "primary":
      onPrimaryCommand(r, id, command.force === true);
      return;
    case "secondary":
      onSecondaryCommand(r, id);
      return;
    case "suspend-io":
      answer(
        r,
        id,
        requestState(r, (s) => ({ ...s, susp: true })),
      );
      return;
    case "resume-io":
      resumeIo(r, id);
      return;
    case "net-options":
      changeNet(r, id, command.change);
      return;
    case "two-primaries-window":
      moveWindow(r, id, command.open);
      return;
    default:
      unreachable(command);
  }
}

/** The peer has answered to an invalidate, or is lost. */
export function onInvalidateAnswer(r: Resource, change: ClusterChange, lost: boolean): void {
  const v = change.volumes[0];
  assert(v !== undefined, "a volume is invalidated");
  if (lost) {
    answer(r, change.adminId, StateCode.NeedConnection);
    return;
  }
  const { conn } = change.wish;
  const agreed = change.code >= StateCode.Success && conn !== undefined;
  const code = agreed ? requestState(r, (s) => ({ ...s, conn }), [v]) : change.code;
  if (code < StateCode.Success) v.pendingSyncUuid = undefined;
  if (agreed && code < StateCode.Success) {
    // The peer has begun already: a new handshake sorts it out.
    const reason = `invalidate, to which the peer has agreed: ${stateCodeText(code)}`;
    const { session } = r.link;
    r.steps.push({ step: "drop-connection", session, conn: Conn.ProtocolError, reason });
  }
  answer(r, change.adminId, code);
}

type VolumeCommand = Extract<AdminCommand, { readonly volume: number }>;

function onVolumeCommand(r: Resource, id: number, v: Volume, command: VolumeCommand): void {
  switch (command.name) {
    case "attach":
      onAttachCommand(r, id, v, command);
      return;
    case "detach":
      if (command.force === true && mustForceDetach(r, v)) forceDetach(r, id, v);
      else onDetachCommand(r, id, v, command.force === true);
      return;
    case "invalidate":
    case "invalidate-remote":
      invalidate(r, id, v, command.name);
      return;
    case "outdate":
      outdate(r, id, v);
      return;
    case "verify":
      onVerifyCommand(r, id, v, command);
      return;
    case "pause-sync":
    case "resume-sync": {
      const userIsp = command.name === "pause-sync";
      answer(
        r,
        id,
        requestState(r, (s) => ({ ...s, userIsp }), [v]),
      );
      return;
    }
    case "resize":
      onResizeCommand(r, id, v, command);
      return;
    case "resync-order":
      forceState(r, (s) => ({ ...s, aftrIsp: command.waits }), [v]);
      replyAdmin(r, id);
      return;
    case "new-current-uuid":
      newCurrentUuid(r, id, v, command.clearBitmap === true);
      return;
    case "disk-options":
      v.settings = { ...v.settings, ...command.change };
      if (r.link.phase === "running") sendSyncParam(r, v);
      replyAdmin(r, id);
      return;
    default:
      unreachable(command);
  }
}

function answer(r: Resource, id: number, code: number): void {
  if (code >= StateCode.Success) replyAdmin(r, id);
  else refuseAdmin(r, id, code, stateCodeText(code));
}

function invalidate(
  r: Resource,
  id: number,
  v: Volume,
  purpose: "invalidate" | "invalidate-remote",
): void {
  const local = purpose === "invalidate";
  const connected = r.link.conn === Conn.WFReportParams && v.conn >= Conn.Connected;
  if (!connected) {
    invalidateAlone(r, id, v, local);
    return;
  }
  const conn = local ? Conn.StartingSyncT : Conn.StartingSyncS;
  const code = tryState(r, (s) => ({ ...s, conn }), [v]);
  if (code < StateCode.Success) answer(r, id, code);
  else if (r.change !== undefined) answer(r, id, StateCode.InTransientState);
  else askPeer(r, { purpose, volumes: [v], wish: { conn }, adminId: id });
}

/** Without the peer: the next handshake will lead to a full sync. */
function invalidateAlone(r: Resource, id: number, v: Volume, local: boolean): void {
  if (v.backing === undefined || v.disk < Disk.Inconsistent) {
    answer(r, id, StateCode.IsDiskless);
    return;
  }
  if (local === (r.role === Role.Primary)) {
    answer(r, id, local ? StateCode.NoUpToDateDisk : StateCode.NeedConnection);
    return;
  }
  beginFullSync(r, v);
  if (local) forceState(r, (s) => ({ ...s, disk: Disk.Inconsistent }), [v]);
  writeMetadata(r, v, [{ op: "superblock" }], [{ step: "admin-done", id }]);
}

function outdate(r: Resource, id: number, v: Volume): void {
  if (v.attachment !== undefined) {
    // (Deviation: the kernel allows it, and forgets it at the end of the attach.)
    answer(r, id, StateCode.InTransientState);
    return;
  }
  if (v.disk <= Disk.Failed) {
    answer(r, id, StateCode.IsDiskless);
    return;
  }
  const code = requestState(r, (s) => ({ ...s, disk: Disk.Outdated }), [v]);
  if (code < StateCode.Success) answer(r, id, code);
  // A Primary that is connected stays UpToDate, whatever is wished.
  else if (v.disk > Disk.Outdated) answer(r, id, StateCode.ConnectedOutdates);
  // Whoever asked may let the peer go on alone as soon as it is told "done": that has to survive a crash.
  else writeMetadata(r, v, [{ op: "superblock" }], [{ step: "admin-done", id }]);
}

/** An administrator's word lifts every suspension. */
function resumeIo(r: Resource, id: number): void {
  forceState(r, (s) => ({ ...s, susp: false, suspNod: false, suspFen: false }));
  if (r.link.conn === Conn.WFReportParams && r.volumes.some((v) => v.conn >= Conn.Connected)) {
    r.steps.push({ step: "thaw-next" });
  } else {
    thawAlone(r);
  }
  r.steps.push({ step: "release-held" });
  replyAdmin(r, id);
}

function moveWindow(r: Resource, id: number, open: boolean): void {
  if (open && !r.net.allowTwoPrimaries) {
    refuseAdmin(r, id, StateCode.TwoPrimaries, "allow-two-primaries is not configured");
  } else if (!open && r.role === Role.Primary && r.link.peerRole === Role.Primary) {
    refuseAdmin(
      r,
      id,
      StateCode.TwoPrimaries,
      "both nodes are Primary: one has to become Secondary first",
    );
  } else {
    r.windowOpen = open;
    r.statusChanged = true;
    replyAdmin(r, id);
  }
}

function newCurrentUuid(r: Resource, id: number, v: Volume, clearBitmap: boolean): void {
  const { backing } = v;
  if (backing === undefined || v.disk < Disk.Inconsistent) {
    answer(r, id, StateCode.IsDiskless);
    return;
  }
  const connected = r.link.conn === Conn.WFReportParams && v.conn === Conn.Connected;
  const untouched = withoutRole(backing.uuids.current) === uuidJustCreated;
  const skip = connected && untouched && clearBitmap;
  if (!skip && r.link.conn !== Conn.StandAlone) {
    refuseAdmin(r, id, 0, "the connection must be StandAlone, or both disks just created");
    return;
  }
  if (skip && v.peer.lastConn !== Conn.Connected) {
    // The peer's word that it is connected is still to come, with the old state of its disk.
    answer(r, id, StateCode.InTransientState);
    return;
  }
  backing.uuids = endBitmapGeneration(backing.uuids);
  newGeneration(r, v);
  if (clearBitmap) backing.bitmap.clearAll();
  if (skip) {
    sendUuids(r, v, UuidFlag.SkipInitialSync);
    backing.uuids = { ...backing.uuids, bitmap: 0n };
    // A kernel's peer takes them over without saying so.
    v.peer.uuids = backing.uuids;
    forceState(r, (s) => ({ ...s, disk: Disk.UpToDate, pdsk: Disk.UpToDate }), [v]);
  }
  writeMetadata(
    r,
    v,
    [{ op: "pages", pages: "dirty" }, { op: "superblock" }],
    [{ step: "admin-done", id }],
  );
}
