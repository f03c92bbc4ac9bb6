/**
 * As the source of a resync, or as VerifyT, and Primary: the peer's requests wait while serving them would slow down this
 * node's guests (yielding.ts). Those that wait are as many as the peer has under way, which it limits itself.
 */
import { after, elapsedMs, type Instant } from "../../../base/time.ts";
import { Conn, Role } from "../../../formats/drbd/drbd-state.ts";
import type { DigestPacket, RequestPacket } from "../../../formats/drbd/packet.ts";
import type { Resource } from "../resource.ts";
import { isSyncing } from "../resync/resync-progress.ts";
import { rateCap } from "../resync/resync-rate.ts";
import { isYielding, yieldTick, yieldTickMs } from "../resync/yielding.ts";
import type { Volume } from "../volume.ts";

type Request = RequestPacket | DigestPacket;

/** @returns false if the request waits: `nextServed` brings it back. */
export function mayServeNow(r: Resource, v: Volume, request: Request): boolean {
  const { served } = v;
  if (!servesSlowly(r, v)) return true;
  fill(r, v);
  if (served.waiting.size > 0 || served.budgetBytes <= 0) {
    served.waiting.push(request);
    return false;
  }
  served.budgetBytes -= request.sizeBytes;
  return true;
}

/** The next request that may be served now. */
export function nextServed(r: Resource, v: Volume): Request | undefined {
  const { served } = v;
  if (!servesSlowly(r, v)) return served.waiting.shift();
  fill(r, v);
  if (served.budgetBytes <= 0) return undefined;
  const request = served.waiting.shift();
  if (request !== undefined) served.budgetBytes -= request.sizeBytes;
  return request;
}

/** It was zeros, which are told and not sent: they cost nothing, so that a sparse volume is not synced as a full one. */
export function refundZeros(v: Volume, sizeBytes: number): void {
  v.served.budgetBytes += sizeBytes;
}

/** The connection is lost: nobody waits for answers any more. */
export function forgetServed(v: Volume): void {
  v.served.waiting.clear();
}

/** When the guests' writes are looked at again. */
export function yieldDeadline(r: Resource, v: Volume): Instant | undefined {
  if (!isSyncing(v) && v.served.waiting.size === 0) return undefined;
  if (v.conn === Conn.PausedSyncS || v.conn === Conn.PausedSyncT) return undefined;
  if (r.role !== Role.Primary && v.served.waiting.size === 0) return undefined;
  return after(v.yielding.tickAt, yieldTickMs);
}

export function checkYielding(r: Resource, v: Volume): void {
  yieldTick(v.yielding, {
    cap: rateCap(v.settings),
    floor: v.settings.cMinRateKiBs * 1024,
    waiting: v.appPending > 0,
    now: r.now,
  });
}

function servesSlowly(r: Resource, v: Volume): boolean {
  return r.role === Role.Primary && isSyncing(v) && isYielding(v.yielding, rateCap(v.settings));
}

function fill(r: Resource, v: Volume): void {
  const { served } = v;
  const { rate } = v.yielding;
  const elapsed = Math.max(0, elapsedMs(served.budgetAt, r.now));
  served.budgetBytes = Math.min(
    (rate * yieldTickMs) / 1000,
    served.budgetBytes + (rate * elapsed) / 1000,
  );
  served.budgetAt = r.now;
}
