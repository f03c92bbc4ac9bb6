/** What the peer answers to writes: acks one by one, and barrier acks for whole epochs. */
import { Disk, Role } from "../../../formats/drbd/drbd-state.ts";
import type { AckPacket, BarrierAckPacket } from "../../../formats/drbd/packet.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import { wantNewGeneration } from "../generation/generation.ts";
import { markOutOfSync } from "../out-of-sync.ts";
import { retryWaitingWrites } from "../peer/peer-write.ts";
import type { Resource } from "../resource.ts";
import type { Volume } from "../volume.ts";
import { type AppRequest, Net } from "../volume.ts";
import { answerFlushes } from "./app-flush.ts";
import { answerIfDone, clearIfInSync, forget, submit } from "./app-write.ts";
import { noteCalm } from "./congestion.ts";
import { requestsOf } from "./transfer-log.ts";

/** An ack of a user's write. @returns false if it fits nothing that was sent. */
export function onWriteAck(r: Resource, v: Volume, packet: AckPacket): boolean {
  const token = Number(packet.id);
  const request = r.unacked.get(token);
  if (request === undefined || request.volume !== v) {
    if (packet.type !== PacketType.NegAck) return false;
    // The peer's disk has failed after it had acked: it does not know any more which writes it lost.
    onPeerLostWrites(r, v);
    return true;
  }
  if (packet.type === PacketType.RecvAck && request.ack !== "received") return false;
  r.unacked.delete(token);
  switch (packet.type) {
    case PacketType.RsWriteAck:
      request.net = Net.Done;
      request.inSync = true;
      clearIfInSync(request);
      break;
    case PacketType.RetryWrite:
      retry(r, request);
      return true;
    case PacketType.NegAck:
      request.net = Net.Failed;
      onPeerLostWrites(r, v);
      break;
    default:
      request.net = Net.Done;
  }
  settled(r, request);
  return true;
}

/** The oldest closed epoch is stable on the peer. @returns false if it is another, or has another number of writes. */
export function onBarrierAck(r: Resource, packet: BarrierAckPacket): boolean {
  const epoch = r.log.sent.peek();
  if (epoch === undefined || epoch.barrier !== packet.barrier) return false;
  if (epoch.requests.length !== packet.setSize) return false;
  const unanswered = epoch.requests.filter((q) => q.net === Net.Sent && q.epoch === epoch);
  // The acks of its writes came before, over the same socket.
  if (unanswered.some((q) => q.ack !== "none")) return false;
  // Of those without an ack the peer may tell sooner than the operating system that they have been sent.
  for (const request of unanswered) onWriteSent(r, request);
  r.log.sent.shift();
  for (const request of epoch.requests) {
    // One that was sent again belongs to a later epoch.
    if (request.epoch !== epoch) continue;
    if (request.net !== Net.Done) markOutOfSync(request.volume, request);
    forget(r, request);
  }
  for (const v of r.volumes) noteCalm(r, v);
  for (const flush of r.flushes) if (flush.epoch === epoch) flush.epoch = undefined;
  answerFlushes(r);
  if (r.demotion !== undefined) r.steps.push({ step: "demotion-next" });
  return true;
}

/** A write of protocol A is in the hands of the operating system: that is all that its answer promises. */
export function onWriteSent(r: Resource, request: AppRequest): void {
  if (request.net !== Net.Sent) return;
  r.unacked.delete(request.token);
  request.net = Net.Done;
  settled(r, request);
}

/** The peer's disk lacks writes, and it can't tell all of them: this node's copy is ahead of it. */
function onPeerLostWrites(r: Resource, v: Volume): void {
  markUnstable(r, v);
  if (r.role === Role.Primary && v.disk === Disk.UpToDate) wantNewGeneration(r, v);
}

/** Whatever the peer has not made stable counts as missing there. */
export function markUnstable(r: Resource, v: Volume): void {
  for (const request of requestsOf(r.log)) {
    if (request.volume === v) markOutOfSync(v, request);
  }
}

function settled(r: Resource, request: AppRequest): void {
  answerIfDone(r, request);
  if (r.resending !== undefined) r.steps.push({ step: "resent", request });
  if (request.volume.waitingPeerWrites.length > 0) retryWaitingWrites(r, request.volume);
}

/** Two Primaries wrote to the same place: the peer's write goes first, then this one again. */
function retry(r: Resource, request: AppRequest): void {
  const v = request.volume;
  request.net = Net.None;
  if (request.lock !== undefined) {
    const woken = v.locks.remove(request.lock);
    request.lock = undefined;
    if (woken.length > 0) r.steps.push({ step: "unlocked", locks: woken });
  }
  retryWaitingWrites(r, v);
  submit(r, request);
}
