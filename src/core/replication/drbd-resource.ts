/**
 * One DRBD resource on one node, as a machine: events in, effects out. It never does I/O; three shells run it: the disk
 * server, the simulator, and tests. docs/design/replication.md tells how its parts work together.
 */
import { assert, unreachable } from "../../base/assert.ts";
import type { Prng } from "../../base/prng.ts";
import type { Instant } from "../../base/time.ts";
import { Conn, Role } from "../../formats/drbd/drbd-state.ts";
import { onAdmin } from "./admin.ts";
import {
  isOurs,
  onAccepted,
  onClosedWhileSeeking,
  onConnected,
  onConnectFailed,
} from "./connection/link-setup.ts";
import { sendPing } from "./connection/ping.ts";
import { onPacket, onPacketError } from "./connection/receive-packet.ts";
import { noteSent } from "./connection/send-limit.ts";
import { nextDeadlineOf, onWake } from "./deadlines.ts";
import type { Digest } from "./digest.ts";
import { onDiskDone } from "./disk/disk-done.ts";
import type { DrbdEffect } from "./effects.ts";
import type { DrbdEvent, NetworkEvent } from "./events.ts";
import { type ChangedBlocks, changedBlocks } from "./generation/changed-blocks.ts";
import { onAppFlush } from "./requests/app-flush.ts";
import { onAppRead } from "./requests/app-read.ts";
import { onAppWrite } from "./requests/app-write.ts";
import { onWriteSent } from "./requests/peer-acks.ts";
import { newResource, type Resource, volumeOf } from "./resource.ts";
import { onHandlerAnswer } from "./resync/before-resync.ts";
import { sendBitmap } from "./resync/bitmap-exchange.ts";
import { onFenceVerdict } from "./roles/fence-verdict.ts";
import { pastOf, restorePast } from "./roles/note-past.ts";
import type { Past } from "./roles/past.ts";
import { runStep } from "./run-step.ts";
import type { ResourceSettings } from "./settings.ts";
import { type ResourceStatus, statusOf } from "./status.ts";

/** More steps than any event can leave: a machine that comes so far runs in a circle. */
const stepsMax = 1_000_000;

export class DrbdResource {
  readonly #r: Resource;

  /**
   * @param prng all of this machine's chance: UUIDs, challenges, jitter.
   * @param more.digest a faster way to the same checksums, if the shell has one.
   * @param more.past what the last start has left.
   */
  constructor(
    settings: ResourceSettings,
    prng: Prng,
    now: Instant,
    more: { readonly digest?: Digest; readonly past?: Past | undefined } = {},
  ) {
    assert(settings.volumes.length > 0, "a DRBD resource has a volume");
    this.#r = newResource(settings, prng, now);
    if (more.digest !== undefined) this.#r.digest = more.digest;
    if (more.past !== undefined) restorePast(this.#r, more.past);
  }

  handle(event: DrbdEvent, now: Instant): readonly DrbdEffect[] {
    const r = this.#r;
    assert(now >= r.now, "time does not go back");
    r.now = now;
    const effects: DrbdEffect[] = [];
    r.effects = effects;
    this.#dispatch(r, event);
    for (let steps = 0; r.steps.size > 0; steps++) {
      assert(steps < stepsMax, "an event's consequences come to an end");
      const step = r.steps.shift();
      if (step !== undefined) runStep(r, step);
    }
    if (r.pastChanged) {
      r.pastChanged = false;
      effects.push({ kind: "past-changed", past: pastOf(r) });
    }
    if (r.statusChanged) {
      r.statusChanged = false;
      effects.push({ kind: "status-changed" });
    }
    return effects;
  }

  /** When it wants `{ kind: "wake" }`; may be earlier than anything is due. */
  nextDeadline(): Instant | undefined {
    return nextDeadlineOf(this.#r);
  }

  /**
   * The shell may read this range from the data device and answer by itself, without an event (io.ts). Counts it as
   * read.
   */
  readsLocally(volume: number, offset: number, length: number): boolean {
    const v = volumeOf(this.#r, volume);
    if (v === undefined || !v.readsLocal) return false;
    if (offset % 512 !== 0 || length % 512 !== 0 || offset < 0 || length <= 0) return false;
    if (offset + length > v.sizeBytes) return false;
    v.counters.read += length;
    return true;
  }

  /** Blocks that are believed to differ from the peer's. Undefined without such a volume, or without its disk. */
  changedBlocks(of: Parameters<typeof changedBlocks>[1]): ChangedBlocks | undefined {
    return changedBlocks(this.#r, of);
  }

  /** A snapshot: what DRBD's tools show. */
  status(): ResourceStatus {
    return statusOf(this.#r);
  }

  #dispatch(r: Resource, event: DrbdEvent): void {
    switch (event.kind) {
      case "write":
      case "discard":
      case "write-zeroes":
        onAppWrite(r, event);
        return;
      case "read":
        onAppRead(r, event);
        return;
      case "flush":
        onAppFlush(r, event);
        return;
      case "disk-done":
        onDiskDone(r, event);
        return;
      case "packet":
        onPacket(r, event.connection, event.packet);
        return;
      case "accepted":
      case "connected":
      case "connect-failed":
      case "closed":
      case "packet-error":
      case "sent":
        onNetworkEvent(r, event);
        return;
      case "admin":
        onAdmin(r, event);
        return;
      case "peer-lost":
        // Only a hint: the peer is asked, and judged by its answer.
        if (r.link.phase === "running" && r.link.pingUntil === undefined) sendPing(r);
        return;
      case "fence-verdict":
        onFenceVerdict(r, event);
        return;
      case "handler-answer":
        onHandlerAnswer(r, event);
        return;
      case "device-opened":
      case "device-released":
        onDeviceUse(r, event);
        return;
      case "wake":
        onWake(r);
        return;
      default:
        unreachable(event);
    }
  }
}

function onNetworkEvent(
  r: Resource,
  event: Exclude<NetworkEvent, { readonly kind: "packet" }>,
): void {
  switch (event.kind) {
    case "accepted":
      onAccepted(r, event.connection);
      return;
    case "connected":
      onConnected(r, event.connection);
      return;
    case "connect-failed":
      onConnectFailed(r, event.connection);
      return;
    case "packet-error":
      onPacketError(r, event.connection, event.error);
      return;
    case "sent":
      onSent(r, event.connection);
      return;
    case "closed":
      onClosed(r, event.connection, event.reason);
      return;
    default:
      unreachable(event);
  }
}

function onSent(r: Resource, connection: number): void {
  if (connection !== r.link.data) return;
  const mark = r.sentMarks.shift();
  if (mark === undefined) return;
  noteSent(r, mark === "progress");
  if (mark === "progress") return;
  if ("token" in mark) onWriteSent(r, mark);
  else sendBitmap(r, mark);
}

function onClosed(r: Resource, connection: number, reason: string): void {
  const { link } = r;
  if (link.phase === "seeking") {
    onClosedWhileSeeking(r, connection);
    return;
  }
  if (!isOurs(link, connection)) return;
  // There is nothing more to close about it.
  if (link.data === connection) link.data = undefined;
  else {
    link.meta = undefined;
    // A peer that refuses closes both sockets: what it says of itself may still be on its way on the other one, and by
    // that this node comes to the same decision. The handshake has a limit of its own.
    if (handshakeRuns(r)) return;
  }
  r.steps.push({ step: "drop-connection", session: link.session, conn: Conn.BrokenPipe, reason });
}

function handshakeRuns({ link, volumes }: Resource): boolean {
  const handshaking = link.phase === "running" && link.handshakeUntil !== undefined;
  return handshaking && link.data !== undefined && volumes.every((v) => v.conn < Conn.Connected);
}

function onDeviceUse(
  r: Resource,
  event: { readonly kind: "device-opened" | "device-released"; readonly volume: number },
): void {
  const v = volumeOf(r, event.volume);
  assert(v !== undefined, "a configured volume is opened");
  if (event.kind === "device-opened") {
    assert(r.role !== Role.Unknown, "a role is known");
    v.openCount++;
    return;
  }
  assert(v.openCount > 0, "a device is released as often as it was opened");
  v.openCount--;
}
