/** Closing epochs, and hurrying the peer to ack them. */
import { after, type Instant } from "../../../base/time.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import { sendData } from "../emit.ts";
import type { Resource } from "../resource.ts";
import { closeEpoch } from "./transfer-log.ts";

/** A closed epoch's barrier is not sent before the next write, or this much later, in ms: most often the write comes. */
const idleBarrierMs = 20;

export function idleBarrierAt(r: Resource): Instant {
  return after(r.now, idleBarrierMs);
}

/** Ends the current epoch, if it has any write. */
export function sendBarrier(r: Resource): void {
  r.barrierAt = undefined;
  if (r.log.current.requests.length === 0) {
    r.log.current.mustClose = false;
    return;
  }
  const { barrier } = closeEpoch(r.log);
  sendData(r, { type: PacketType.Barrier, barrier });
}

/** Something waits for barrier acks: the peer is asked to make everything stable now. */
export function urgeBarrierAcks(r: Resource): void {
  sendBarrier(r);
  if (r.log.sent.size > 0) sendData(r, { type: PacketType.UnplugRemote });
}
