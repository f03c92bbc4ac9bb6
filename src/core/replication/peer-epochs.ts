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
  /** Writes under way that the peer's user may take for done already: in protocol C there are none. */
  earlyActive: number;
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
    earlyActive: 0,
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
  if (epochs.earlyActive === 0) return false;
  for (const closed of epochs.closed) {
    // Later ones, and the writes of this one that wait themselves, are nothing to wait for.
    if (closed === epoch) return false;
    if (closed.early && closed.active > 0) return true;
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
