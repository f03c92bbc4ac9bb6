/** Letting go of a disk: after a failure, or because an administrator asks for it. */
import { Conn, Disk, Role } from "../../../formats/drbd/drbd-state.ts";
import type { ClusterChange } from "../admin-tasks.ts";
import { notice, refuseAdmin, replyAdmin } from "../emit.ts";
import { abandonMetadata, writeMetadata } from "../metadata/metadata-writer.ts";
import { markUnstable } from "../requests/peer-acks.ts";
import type { Resource } from "../resource.ts";
import { askPeer } from "../roles/cluster-change.ts";
import { forceState, tryState } from "../state/state-change.ts";
import { StateCode, stateCodeText } from "../state/state-codes.ts";
import type { Volume } from "../volume.ts";

export function onDetachCommand(r: Resource, id: number, v: Volume, force: boolean): void {
  if (v.disk === Disk.Diskless) {
    replyAdmin(r, id);
    return;
  }
  const busy = r.detachments.has(v) || v.disk < Disk.Negotiating || r.change !== undefined;
  const code = busy
    ? StateCode.InTransientState
    : force
      ? StateCode.Success
      : tryState(r, (s) => ({ ...s, disk: Disk.Failed }), [v]);
  if (code < StateCode.Success) {
    refuseAdmin(r, id, code, stateCodeText(code));
    return;
  }
  if (!isConnected(r, v) || force) {
    beginDetach(r, v, id);
    return;
  }
  if (v.backing === undefined || r.link.peerRole !== Role.Primary || !leftBehind(r, v)) {
    askPeer(r, { purpose: "detach", volumes: [v], wish: { disk: Disk.Failed }, adminId: id });
    return;
  }
  // Safety: the Primary goes on alone as soon as it has agreed; so this copy is Outdated on disk before it is asked.
  v.backing.closingDisk = Disk.Outdated;
  writeMetadata(r, v, [{ op: "superblock" }], [{ step: "ask-detach", volume: v.number, id }]);
}

/** This copy is Outdated on disk: the Primary is asked to go on without it. */
export function askDetach(r: Resource, v: Volume, id: number): void {
  if (v.disk > Disk.Failed && isConnected(r, v) && r.change === undefined) {
    askPeer(r, { purpose: "detach", volumes: [v], wish: { disk: Disk.Failed }, adminId: id });
    return;
  }
  const code = StateCode.InTransientState;
  stay(r, v);
  refuseAdmin(r, id, code, stateCodeText(code));
}

/** The peer has answered, or is lost. */
export function onDetachAnswer(r: Resource, change: ClusterChange, lost: boolean): void {
  const v = change.volumes[0];
  if (v === undefined) return;
  if (lost) {
    onDetachCommand(r, change.adminId, v, false);
  } else if (change.code < StateCode.Success) {
    stay(r, v);
    refuseAdmin(r, change.adminId, change.code, stateCodeText(change.code));
  } else {
    beginDetach(r, v, change.adminId);
  }
}

/** Goes on as far as what is under way allows. */
export function detachNext(r: Resource, v: Volume): void {
  const detachment = r.detachments.get(v);
  const { backing } = v;
  if (detachment === undefined || backing === undefined) return;
  if (detachment.phase === "draining" && v.diskPending === 0) {
    if (backing.closingDisk === undefined) {
      detached(r, v);
      return;
    }
    detachment.phase = "saving";
    // Safety: what the peer has not made stable may be lost there when this log has forgotten it.
    markUnstable(r, v);
    writeMetadata(
      r,
      v,
      [
        // Safety: the log is going to forget which extents may not be stable.
        { op: "flush-data" },
        { op: "pages", pages: "dirty" },
        // Safety: as at attach, the log may be overwritten only when nobody needs it any more.
        { op: "clean-superblock" },
        { op: "empty-log" },
      ],
      [{ step: "detached", volume: v.number }],
    );
  }
}

/** Nothing is under way on the disk any more: it is no longer ours. */
export function detached(r: Resource, v: Volume): void {
  const detachment = r.detachments.get(v);
  r.detachments.delete(v);
  abandonMetadata(r, v);
  if (detachment?.gated) v.gates--;
  v.backing = undefined;
  if (v.disk === Disk.Failed) forceState(r, (s) => ({ ...s, disk: Disk.Diskless }), [v]);
  r.steps.push({ step: "release-held" });
  closeIfUnused(r, v);
  notice(r, "info", "detached", "the backing device is released", { volume: v });
  if (detachment?.adminId !== undefined) replyAdmin(r, detachment.adminId);
}

/** The device may be closed when nothing is under way on it, also of what nobody waits for any more. */
export function closeIfUnused(r: Resource, v: Volume): void {
  if (hasAbandoned(r, v)) return;
  r.effects.push({ kind: "close-backing-device", volume: v.number });
}

/** Requests to a device that was let go by force have not ended yet. */
export function hasAbandoned(r: Resource, v: Volume): boolean {
  for (const volume of r.abandonedTokens.values()) if (volume === v) return true;
  return false;
}

/** The disk is kept after all. */
function stay(r: Resource, v: Volume): void {
  if (v.backing?.closingDisk === undefined || r.detachments.has(v)) return;
  v.backing.closingDisk = undefined;
  writeMetadata(r, v, [{ op: "superblock" }]);
}

/** Without this disk writes go on, to the peer's alone. */
function leftBehind(r: Resource, v: Volume): boolean {
  const inUse = r.role === Role.Primary || r.link.peerRole === Role.Primary;
  return inUse && isConnected(r, v) && v.pdsk === Disk.UpToDate && v.disk === Disk.UpToDate;
}

function isConnected(r: Resource, v: Volume): boolean {
  return r.link.conn === Conn.WFReportParams && v.conn >= Conn.Connected;
}

function beginDetach(r: Resource, v: Volume, adminId: number): void {
  if (v.backing === undefined || v.disk <= Disk.Failed) {
    replyAdmin(r, adminId);
    return;
  }
  v.backing.closingDisk ??= leftBehind(r, v) ? Disk.Outdated : v.disk;
  r.detachments.set(v, { adminId, phase: "draining", gated: true });
  // Safety: nothing is acknowledged that only the peer has before the metadata of this copy call it Outdated.
  v.gates++;
  forceState(r, (s) => ({ ...s, disk: Disk.Failed }), [v]);
  r.steps.push({ step: "detach-next", volume: v });
}
