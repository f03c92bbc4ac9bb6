/**
 * The Primary's memory of what it has sent and the peer has not yet made stable: writes in epochs. Writes of one epoch
 * may take effect in any order; an epoch is closed by a P_BARRIER as soon as one of its writes is answered, since what
 * is asked for after that may depend on it. The peer acks whole epochs, in order.
 */
import { Queue } from "../../../base/queue.ts";
import type { AppRequest, Epoch } from "../volume.ts";

export type TransferLog = {
  /** Closed: their P_BARRIER is sent. */
  readonly sent: Queue<Epoch>;
  lastClosed: Epoch | undefined;
  current: Epoch;
};

/** Barriers are numbered per connection. */
export function newTransferLog(): TransferLog {
  return { sent: new Queue<Epoch>(), lastClosed: undefined, current: newEpoch(0) };
}

/** The current epoch's barrier is being sent: later writes go into the next one. */
export function closeEpoch(log: TransferLog): Epoch {
  const closed = log.current;
  log.sent.push(closed);
  log.lastClosed = closed;
  log.current = newEpoch((closed.barrier + 1) >>> 0);
  return closed;
}

/** All requests in the order in which they were sent. */
export function* requestsOf(log: TransferLog): Generator<AppRequest> {
  for (const epoch of log.sent) yield* epoch.requests;
  yield* log.current.requests;
}

function newEpoch(barrier: number): Epoch {
  return { barrier, requests: [], mustClose: false };
}

/** The youngest closed epoch that is not acked. */
export function lastSent(log: TransferLog): Epoch | undefined {
  return log.lastClosed !== undefined && log.sent.size > 0 ? log.lastClosed : undefined;
}
