/**
 * Checksum-based resync, as SyncTarget: before a block is asked for, this node's own copy of it is read, and the source
 * is told its digest; if the source's block has the same there is nothing to send. For what was marked by precaution
 * (an extent of the activity log after a crash) that is nearly all.
 *
 * Specification: sections 8.7 and 12.5.
 */
import type { AckPacket } from "../../../formats/drbd/packet.ts";
import { sectorBytes, syncerId, UuidFlag } from "../../../formats/drbd/packet-flags.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import { type DigestName, digestNamed } from "../digest.ts";
import { readDisk, sendData } from "../emit.ts";
import type { DiskDone } from "../events.ts";
import { blockBytes } from "../metadata/bitmap.ts";
import { markInSync } from "../out-of-sync.ts";
import { type RangeLock, Use } from "../requests/range-locks.ts";
import type { Resource } from "../resource.ts";
import type { Backing, LockOwner, ResyncRequest, Volume } from "../volume.ts";

/** One digest stands for so much at most, in bytes: a single changed block costs no more than that. */
export const checksumRequestBytes: number = 64 * 1024;

/** The algorithm that the resync, which is about to begin, compares with; undefined: it does not compare. */
export function checksumsFor(r: Resource, v: Volume, backing: Backing): DigestName | undefined {
  const crashed = backing.crashedPrimary || (v.peer.uuidFlags & UuidFlag.CrashedPrimary) !== 0;
  if (r.net.csumsAfterCrashOnly && !crashed) return undefined;
  return digestNamed(r.net.csumsAlg);
}

/** First this node's own copy. */
export function readForChecksum(r: Resource, request: ResyncRequest): void {
  const { volume, sector, sizeBytes } = request;
  volume.peerIoPending++;
  const session = r.link.session;
  const task = { kind: "csum-read-done", session, volume, request } as const;
  readDisk(r, task, { device: "data", offset: sector * sectorBytes, length: sizeBytes });
}

export function onChecksumRead(
  r: Resource,
  task: {
    readonly session: number;
    readonly volume: Volume;
    readonly request: ResyncRequest;
  },
  done: DiskDone,
): void {
  const { volume: v, request } = task;
  v.peerIoPending--;
  if (v.peerIoPending === 0 && r.link.phase === "idle") r.steps.push({ step: "reconnect" });
  const { sector, sizeBytes } = request;
  const algorithm = v.resync?.checksums;
  const asked = requestAt(v, request)?.owner === request;
  if (task.session !== r.link.session || !asked || algorithm === undefined) return;
  if (done.error !== undefined || done.bytes === undefined) {
    // The block is asked for all the same: whether it can be written is seen then.
    const type = PacketType.RsDataRequest;
    sendData(r, { type, volume: v.number, sector, id: syncerId, sizeBytes });
    return;
  }
  v.counters.read += sizeBytes;
  const payload = r.digest(algorithm, done.bytes);
  const type = PacketType.CsumRsRequest;
  sendData(r, { type, volume: v.number, sector, id: syncerId, sizeBytes, payload });
}

/** P_RS_IS_IN_SYNC: the source's block has the same digest. */
export function onEqualBlock(r: Resource, v: Volume, packet: AckPacket): void {
  const { sector, sizeBytes } = packet;
  const lock = requestAt(v, { sector, sizeBytes });
  const { resync: run } = v;
  if (lock === undefined || run === undefined) return;
  run.pace.inFlightBytes -= sizeBytes;
  run.equalBits += Math.ceil(sizeBytes / blockBytes);
  markInSync(v, { offset: sector * sectorBytes, length: sizeBytes });
  const woken = v.locks.remove(lock);
  if (woken.length > 0) r.steps.push({ step: "unlocked", locks: woken });
  r.steps.push({ step: "resync-next", volume: v });
}

function requestAt(
  v: Volume,
  block: { readonly sector: number; readonly sizeBytes: number },
): RangeLock<LockOwner> | undefined {
  const range = { offset: block.sector * sectorBytes, length: block.sizeBytes };
  const lock = v.locks.find(range, Use.ResyncRequest);
  if (lock?.owner.kind !== "resync-request") return undefined;
  const { sector, sizeBytes, answered } = lock.owner;
  const same = sector === block.sector && sizeBytes === block.sizeBytes;
  return same && !answered ? lock : undefined;
}
