/**
 * The Secondary's side of the epochs: what the peer has sent since its last P_BARRIER, and the closed epochs whose
 * P_BARRIER_ACK is still to be sent. An epoch is acked when all its writes are done and the disks that they went to
 * have been flushed after that. One flush may ack many epochs: it is put off for a moment unless the peer has said by
 * P_UNPLUG_REMOTE that it waits (deviation from the kernel, which flushes at every barrier).
 */
import { Queue } from "../../../base/queue.ts";
import type { Instant } from "../../../base/time.ts";
import type { PeerEpoch } from "../volume.ts";

export type PeerEpochs = {
  readonly closed: Queue<PeerEpoch>;
  /** Those of the closed epochs that had writes acked early (protocols A and B), less written ones at its front. */
  readonly closedEarly: Queue<PeerEpoch>;
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
    closedEarly: new Queue<PeerEpoch>(),
    current: newPeerEpoch(),
    flushWanted: false,
    flushAt: undefined,
    flushing: undefined,
  };
}

export function newPeerEpoch(): PeerEpoch {
  return { barrier: undefined, size: 0, active: 0, early: false, volumes: new Set() };
}

/** P_BARRIER has come: what follows belongs to a new epoch. */
export function closePeerEpoch(epochs: PeerEpochs): void {
  epochs.closed.push(epochs.current);
  if (epochs.current.early) epochs.closedEarly.push(epochs.current);
  epochs.current = newPeerEpoch();
}

/** A closed epoch before `epoch` was acked early and is not written yet: it has to be, before `epoch` may begin. */
export function mustDrainFirst(epochs: PeerEpochs, epoch: PeerEpoch): boolean {
  const { closed, closedEarly } = epochs;
  while (closedEarly.peek()?.active === 0) closedEarly.shift();
  // In protocol C there is none; the closed epochs are hundreds, and this is asked for every write.
  if (closedEarly.size === 0) return false;
  for (const each of closed) {
    // Later ones, and the writes of this one that wait themselves, are nothing to wait for.
    if (each === epoch) return false;
    if (each.early && each.active > 0) return true;
  }
  return false;
}

/** Which of the waiting writes may begin. They may have come to wait in any order: locks held some of them up. */
export function drainable<W extends { readonly epoch: PeerEpoch }>(
  epochs: PeerEpochs,
  waiting: readonly W[],
): { readonly begun: readonly W[]; readonly rest: W[] } {
  const begun: W[] = [];
  const rest: W[] = [];
  for (const write of waiting) {
    if (mustDrainFirst(epochs, write.epoch)) rest.push(write);
    else begun.push(write);
  }
  return { begun, rest };
}
