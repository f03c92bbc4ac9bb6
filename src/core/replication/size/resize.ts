/**
 * A volume grows while it is in use (specification section 14): the backing devices have grown before. Whoever is asked
 * measures its own device, moves internal metadata to its new end, and tells the peer, which does the same and answers;
 * with that answer both have the new size, and what is new is copied from the Primary unless it is assumed to be equal.
 *
 * While one side's metadata move, packets of its data socket wait: the peer's next writes may lie in what is new. Users'
 * I/O goes on; what is new is theirs when it is on disk that it is.
 *
 * Volumes are not shrunk: nobody here knows what is in the part that would go.
 */
import { err, ok, type Result } from "../../../base/result.ts";
import { Conn, Disk, Role } from "../../../formats/drbd/drbd-state.ts";
import { metadataLayout } from "../../../formats/drbd/metadata-layout.ts";
import type { SizesPacket } from "../../../formats/drbd/packet.ts";
import { SizesFlag, sectorBytes } from "../../../formats/drbd/packet-flags.ts";
import { standAlone } from "../connection/handshake.ts";
import { sendSizes, sendUuids } from "../connection/send-parameters.ts";
import { measureDisk, notice, refuseAdmin, replyAdmin } from "../emit.ts";
import type { AdminCommand, DiskDone } from "../events.ts";
import type { LayoutChange, MetaStep } from "../metadata/meta-lane.ts";
import { leavesOldSuperblock, metadataMove } from "../metadata/metadata-move.ts";
import { layOutMetadata } from "../metadata/metadata-writer.ts";
import { notePlaced } from "../metadata/placed-metadata.ts";
import type { Resource } from "../resource.ts";
import { forceState } from "../state/state-change.ts";
import type { Backing, Volume } from "../volume.ts";
import { agreedSectors } from "./agreed-size.ts";
import type { Resizing } from "./resizing.ts";

export function onResizeCommand(
  r: Resource,
  id: number,
  v: Volume,
  command: Extract<AdminCommand, { readonly name: "resize" }>,
): void {
  const objection = objectionTo(r, v);
  if (objection !== undefined) {
    refuseAdmin(r, id, 0, objection);
    return;
  }
  measure(r, v, { kind: "admin", ...command, id });
}

/** The peer has told its sizes while connected. */
export function resizeForPeer(r: Resource, v: Volume, packet: SizesPacket): void {
  measure(r, v, { kind: "peer", packet, session: r.link.session });
}

/** Is a volume's size being changed? Then the peer's data wait. */
export function isResizing(r: Resource): boolean {
  return r.volumes.some((v) => v.resizing !== undefined);
}

function objectionTo(r: Resource, v: Volume): string | undefined {
  if (v.backing === undefined || v.disk < Disk.Inconsistent || r.detachments.has(v)) {
    return "Device does not have a disk-config: it has to be attached to be resized";
  }
  if (v.resizing !== undefined) return "The volume is being resized already";
  if (v.conn > Conn.Connected) return "Resize not allowed during resync.";
  if (r.role !== Role.Primary && r.link.peerRole !== Role.Primary) {
    return "Need one Primary node to resize.";
  }
  return undefined;
}

function measure(r: Resource, v: Volume, cause: Resizing["cause"]): void {
  const resizing: Resizing = { cause, outcome: undefined };
  v.resizing = resizing;
  measureDisk(r, { kind: "measure", volume: v, resizing });
}

/** The devices' sizes are known: what is to be done, and in which order on disk? */
export function onMeasured(
  r: Resource,
  task: { readonly volume: Volume; readonly resizing: Resizing },
  done: DiskDone,
): void {
  const { volume: v, resizing } = task;
  const { backing } = v;
  if (v.resizing !== resizing) return;
  if (backing === undefined || v.disk <= Disk.Failed || done.sizes === undefined) {
    end(r, v, "the device cannot be measured");
    return;
  }
  const plan = planOf(r, v, { backing, resizing, sizes: done.sizes });
  if (!plan.ok) {
    if (resizing.cause.kind === "peer") onUnfit(r, v, plan.error);
    end(r, v, plan.error.message);
    return;
  }
  const { cause } = resizing;
  const userSectors = cause.kind === "admin" ? cause.userSectors : cause.packet.userSectors;
  v.settings = { ...v.settings, sizeBytes: userSectors * sectorBytes };
  const { sectors, moves } = plan.value;
  resizing.outcome = { sectors, moved: moves };
  const andThen = [{ step: "resized", volume: v.number }] as const;
  const isSame = !moves && sectors === backing.laSizeSectors;
  layOutMetadata(r, v, backing, {
    // The data device may have grown all the same: the peer is told what there is room for.
    steps: isSame ? [{ op: "lay-out", plan: plan.value }] : stepsOf(backing, plan.value),
    andThen,
  });
}

type Unfit = { readonly shrinks: boolean; readonly message: string };

function planOf(
  r: Resource,
  v: Volume,
  now: {
    readonly backing: Backing;
    readonly resizing: Resizing;
    readonly sizes: { readonly dataBytes: number; readonly metaBytes: number };
  },
): Result<LayoutChange, Unfit> {
  const { backing, resizing, sizes } = now;
  const { cause } = resizing;
  const dataSectors = Math.floor(sizes.dataBytes / sectorBytes);
  const metaSectors = Math.floor(sizes.metaBytes / sectorBytes);
  const { al } = backing.layout;
  const layout = metadataLayout(backing.placement, { dataSectors, metaSectors }, al);
  if (!layout.ok) return err({ shrinks: true, message: layout.error });
  const mine = layout.value.usableSectors;
  const inUse = Math.max(v.sizeBytes / sectorBytes, backing.laSizeSectors);
  if (layout.value.superblockSector < backing.layout.superblockSector || mine < inUse) {
    const message = `the device has shrunk: the volume has ${inUse} sectors, the device room for ${mine}`;
    return err({ shrinks: true, message });
  }
  const { peers, user } = wishes(r, v, cause, mine);
  const fitting = agreedSectors({ mine, peers, lastAgreed: backing.laSizeSectors, user });
  // Connected, the peer may have more than it has told: its answer decides.
  const waits = fitting === undefined && cause.kind === "admin" && isConnected(r, v);
  const sectors = waits ? inUse : fitting;
  if (sectors === undefined) {
    const message = `Requested disk size is too big (${user} sectors)`;
    return err({ shrinks: false, message });
  }
  if (sectors < inUse) {
    const message = `${sectors} sectors are less than the ${inUse} in use: a volume is not shrunk while it is in use`;
    return err({ shrinks: true, message });
  }
  const moves = layout.value.superblockSector > backing.layout.superblockSector;
  const newDiffers = !assumesClean(cause);
  const { dataBytes } = sizes;
  return ok({ layout: layout.value, dataBytes, sectors, newDiffers, moves });
}

function wishes(
  r: Resource,
  v: Volume,
  cause: Resizing["cause"],
  mine: number,
): { readonly peers: number; readonly user: number } {
  if (cause.kind === "peer") {
    return { peers: cause.packet.diskSectors, user: cause.packet.userSectors };
  }
  const assumed = cause.assumePeerHasSpace && !isConnected(r, v);
  return { peers: assumed ? mine : v.peer.diskSectors, user: cause.userSectors };
}

function assumesClean(cause: Resizing["cause"]): boolean {
  return cause.kind === "admin"
    ? cause.assumeClean
    : (cause.packet.ddsFlags & SizesFlag.NoResync) !== 0;
}

/** By the rule of metadata-move.ts where the metadata move; else the longer bitmap is on disk before the size that needs it. */
function stepsOf(backing: Backing, plan: LayoutChange): readonly MetaStep[] {
  const { sectors } = plan;
  const bitmap: readonly MetaStep[] = [{ op: "flush-data" }, { op: "pages", pages: "dirty" }];
  const ending: readonly MetaStep[] = [{ op: "take-size", sectors }, { op: "superblock" }];
  if (!plan.moves) return [{ op: "lay-out", plan }, ...bitmap, ...ending];
  const move = metadataMove(backing.layout, plan.layout);
  const sector = backing.layout.superblockSector;
  const rest: readonly MetaStep[] = leavesOldSuperblock(move)
    ? [...ending, { op: "erase-superblock", sector }]
    : ending;
  if (!move.overlaps) return [{ op: "lay-out", plan }, ...bitmap, { op: "whole-log" }, ...rest];
  return [
    { op: "overwriting", begins: true },
    { op: "superblock" },
    { op: "lay-out", plan },
    { op: "superblock" },
    ...bitmap,
    { op: "whole-log" },
    { op: "overwriting", begins: false },
    ...rest,
  ];
}

/** The new size is on disk: it may be used, and the peer hears of it. */
export function onResized(r: Resource, v: Volume): void {
  const { backing, resizing } = v;
  if (resizing?.outcome === undefined) return;
  if (backing === undefined || v.disk <= Disk.Failed) {
    end(r, v, "the disk failed while it was resized");
    return;
  }
  const { cause, outcome } = resizing;
  const { sectors, moved } = outcome;
  const grew = sectors * sectorBytes > v.sizeBytes;
  if (grew) {
    v.sizeBytes = sectors * sectorBytes;
    r.statusChanged = true;
    const size = `size = ${Math.floor(v.sizeBytes / 1024)} KB`;
    notice(r, "info", "size", size, { volume: v, fields: { sectors } });
  }
  if (moved) notePlaced(r, v, backing);
  if (cause.kind === "admin") tellPeer(r, v, { cause, grew });
  else if (cause.session === r.link.session)
    answerPeer(r, v, { packet: cause.packet, grew, moved });
  end(r, v, undefined);
}

function tellPeer(
  r: Resource,
  v: Volume,
  resized: {
    readonly cause: Extract<Resizing["cause"], { kind: "admin" }>;
    readonly grew: boolean;
  },
): void {
  if (!isConnected(r, v)) return;
  const { assumeClean, assumePeerHasSpace } = resized.cause;
  const flags =
    (assumePeerHasSpace ? SizesFlag.Forced : 0) | (assumeClean ? SizesFlag.NoResync : 0);
  v.growthToSync = resized.grew;
  sendUuids(r, v);
  sendSizes(r, v, { ddsFlags: flags, asks: true });
}

function answerPeer(
  r: Resource,
  v: Volume,
  resized: { readonly packet: SizesPacket; readonly grew: boolean; readonly moved: boolean },
): void {
  if (!isConnected(r, v)) return;
  const { packet, grew, moved } = resized;
  if (packet.currentSectors * sectorBytes !== v.sizeBytes || moved) {
    sendSizes(r, v, { ddsFlags: packet.ddsFlags, asks: false });
  }
  const toSync = grew || v.growthToSync;
  v.growthToSync = false;
  if (!toSync) return;
  if ((packet.ddsFlags & SizesFlag.NoResync) !== 0) {
    const message = "Resync of new storage suppressed with --assume-clean";
    notice(r, "info", "growth-assumed-clean", message, { volume: v });
    return;
  }
  syncGrowth(r, v);
}

/** No bitmaps are exchanged: what is new is marked on both sides, and the Primary is the source. */
function syncGrowth(r: Resource, v: Volume): void {
  if (v.disk !== Disk.UpToDate || v.pdsk !== Disk.UpToDate) return;
  const isSource = r.role === r.link.peerRole ? r.link.resolveConflicts : r.role === Role.Primary;
  const conn = isSource ? Conn.SyncSource : Conn.WFSyncUUID;
  v.lastSyncDecision = "online-grow";
  forceState(r, (s) => ({ ...s, conn }), [v]);
}

/** The peer wants a size that this node cannot have. */
function onUnfit(r: Resource, v: Volume, { shrinks, message }: Unfit): void {
  if (shrinks && v.disk >= Disk.Outdated) standAlone(r, "The peer's disk size is too small!");
  else notice(r, "warn", "size", message, { volume: v });
}

function end(r: Resource, v: Volume, objection: string | undefined): void {
  const cause = v.resizing?.cause;
  v.resizing = undefined;
  r.steps.push({ step: "held-packets" });
  if (cause?.kind !== "admin") return;
  if (objection === undefined) replyAdmin(r, cause.id);
  else refuseAdmin(r, cause.id, 0, objection);
}

function isConnected(r: Resource, v: Volume): boolean {
  return r.link.conn === Conn.WFReportParams && v.conn === Conn.Connected;
}
