/**
 * The Secondary's side of the epochs: what the peer has sent since its last P_BARRIER, and the closed epochs whose
 * P_BARRIER_ACK is still to be sent. An epoch is acked when all its writes are done and the disks that they went to
 * have been flushed after that. One flush may ack many epochs: it is put off for a moment unless the peer has said by
 * P_UNPLUG_REMOTE that it waits (deviation from the kernel, which flushes at every barrier).
 */
import { Queue } from "../../base/queue.ts";
import type { Instant } from "../../base/time.ts";
import type { PeerEpoch } from "./volume.ts";

export type PeerEpochs = {
  readonly closed: Queue<PeerEpoch>;
  current: PeerEpoch;
  /** The peer waits for an ack. */
  flushWanted: boolean;
  /** When the closed epochs are flushed at the latest. */
  flushAt: Instant | undefined;
  /** Epochs that the flush under way covers, and how many of its disk flushes are still to end. */
  flushing: { epochs: number; pending: number; failed: boolean } | undefined;
};

/** How long a flush is put off, in ms. The Primary keeps extents active and requests in memory for so long. */
export const lazyFlushMs = 200;
/** So many closed epochs are flushed without waiting. */
export const closedEpochsMax = 4096;

export function newPeerEpochs(): PeerEpochs {
  return {
    closed: new Queue<PeerEpoch>(),
    current: newPeerEpoch(),
    flushWanted: false,
    flushAt: undefined,
    flushing: undefined,
  };
}

export function newPeerEpoch(): PeerEpoch {
  return { barrier: undefined, size: 0, active: 0, early: false, volumes: new Set() };
}

/** A closed epoch before `epoch` was acked early and is not written yet: it has to be, before `epoch` may begin. */
export function mustDrainFirst(epochs: PeerEpochs, epoch: PeerEpoch): boolean {
  for (const closed of epochs.closed) {
    // Later ones, and the writes of this one that wait themselves, are nothing to wait for.
    if (closed === epoch) return false;
    if (closed.early && closed.active > 0) return true;
  }
  return false;
}

/** How many of the waiting writes, oldest first, may begin. */
export function drainableCount(
  epochs: PeerEpochs,
  waiting: readonly { readonly epoch: PeerEpoch }[],
): number {
  const first = waiting.findIndex(({ epoch }) => mustDrainFirst(epochs, epoch));
  return first < 0 ? waiting.length : first;
}
