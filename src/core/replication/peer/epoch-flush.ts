/** The Secondary's answers to barriers: flush, then ack, in the order of the epochs. */
import { assert } from "../../../base/assert.ts";
import { after, type Instant } from "../../../base/time.ts";
import { Disk } from "../../../formats/drbd/drbd-state.ts";
import type { BarrierPacket } from "../../../formats/drbd/packet.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import { flushDisk, sendMeta } from "../emit.ts";
import type { Resource } from "../resource.ts";
import type { Volume } from "../volume.ts";
import { closedEpochsMax, closePeerEpoch, lazyFlushMs, type PeerEpochs } from "./peer-epochs.ts";

export function onBarrier(r: Resource, packet: BarrierPacket): void {
  const epochs = r.peerEpochs;
  epochs.current.barrier = packet.barrier;
  closePeerEpoch(epochs);
  epochs.flushAt ??= after(r.now, lazyFlushMs);
  if (epochs.closed.size >= closedEpochsMax) epochs.flushWanted = true;
  flushClosedEpochs(r);
}

/** P_UNPLUG_REMOTE: the peer waits for what it has sent to be stable. */
export function onUnplugRemote(r: Resource): void {
  if (r.peerEpochs.closed.size === 0) return;
  r.peerEpochs.flushWanted = true;
  flushClosedEpochs(r);
}

/** When the closed epochs are to be flushed; undefined while that waits for something else than time. */
export function peerFlushDeadline(r: Resource): Instant | undefined {
  const { closed, flushing, flushAt } = r.peerEpochs;
  const written = closed.peek()?.active === 0;
  return flushing === undefined && written && !mayNotFlush(r) ? flushAt : undefined;
}

/** Flushes for all closed epochs whose writes are done, if it is wanted or time. */
export function flushClosedEpochs(r: Resource): void {
  const epochs = r.peerEpochs;
  if (epochs.flushing !== undefined || epochs.closed.size === 0) return;
  const due = epochs.flushAt !== undefined && epochs.flushAt <= r.now;
  if (!epochs.flushWanted && !due) return;
  if (mayNotFlush(r)) return;
  const volumes = new Set<Volume>();
  let count = 0;
  for (const epoch of epochs.closed) {
    if (epoch.active > 0) break;
    for (const v of epoch.volumes) volumes.add(v);
    count++;
  }
  if (count === 0) return;
  epochs.flushWanted = false;
  epochs.flushing = { epochs: count, pending: 0, failed: false };
  for (const volume of volumes) {
    if (volume.backing === undefined || volume.disk < Disk.Inconsistent) continue;
    epochs.flushing.pending++;
    volume.peerIoPending++;
    flushDisk(r, { kind: "peer-flush", volume, epochs });
  }
  if (epochs.flushing.pending === 0) ackFlushed(r, epochs);
}

/**
 * The connection is lost, and no barrier is going to be acked any more. A Primary without a disk has what it wrote
 * nowhere else: it is stable before the two talk again.
 */
export function flushAbandonedEpochs(r: Resource): void {
  const epochs = r.peerEpochs;
  const volumes = new Set<Volume>();
  for (const epoch of [...epochs.closed, epochs.current]) {
    for (const v of epoch.volumes) volumes.add(v);
  }
  for (const volume of volumes) {
    if (volume.backing === undefined || volume.disk < Disk.Inconsistent) continue;
    volume.peerIoPending++;
    flushDisk(r, { kind: "peer-flush", volume, epochs });
  }
}

export function onPeerFlushDone(
  r: Resource,
  task: { readonly volume: Volume; readonly epochs: PeerEpochs },
  error: string | undefined,
): void {
  const { volume, epochs } = task;
  volume.peerIoPending--;
  if (volume.peerIoPending === 0 && r.link.phase === "idle") r.steps.push({ step: "reconnect" });
  if (error !== undefined) {
    const what = "flush for the peer";
    r.steps.push({ step: "disk-failed", volume, what, error, metadata: false });
    volume.flushFailed = true;
  }
  const { flushing } = epochs;
  // Another connection has begun: nobody waits for these acks.
  if (epochs !== r.peerEpochs || flushing === undefined) return;
  flushing.pending--;
  if (error !== undefined) flushing.failed = true;
  if (flushing.pending > 0) return;
  if (flushing.failed) {
    // Nothing is acked now. When the peer knows of the failed disk, the rest is flushed again.
    epochs.flushing = undefined;
    epochs.flushWanted = true;
    return;
  }
  ackFlushed(r, epochs);
}

/** A disk that has just failed must first be said to have failed. */
function mayNotFlush(r: Resource): boolean {
  return r.volumes.some((v) => v.spoilWriting);
}

function ackFlushed(r: Resource, epochs: PeerEpochs): void {
  const { flushing } = epochs;
  assert(flushing !== undefined, "a flush was under way");
  epochs.flushing = undefined;
  for (let i = 0; i < flushing.epochs; i++) {
    const epoch = epochs.closed.shift();
    assert(epoch !== undefined, "the flushed epochs are the oldest");
    assert(epoch.active === 0, "an epoch is acked when all its writes are done");
    const barrier = epoch.barrier ?? 0;
    sendMeta(r, { type: PacketType.BarrierAck, barrier, setSize: epoch.size });
  }
  epochs.flushAt = epochs.closed.size > 0 ? after(r.now, lazyFlushMs) : undefined;
  flushClosedEpochs(r);
}
