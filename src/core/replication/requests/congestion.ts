/**
 * on-congestion, in protocol A: what to do when more is under way to the peer than congestion-fill, or more extents are
 * active than congestion-extents. `pull-ahead`: this node stops sending data, only says which blocks differ (Ahead; the
 * peer is Behind, and Outdated), until all that was sent is stable there; then it becomes SyncSource. `disconnect`: it
 * goes on alone. Only from Connected, with a good copy of its own.
 *
 * Specification: sections 8.11 and 11.7.
 */
import { after, type Instant } from "../../../base/time.ts";
import { Conn, Disk } from "../../../formats/drbd/drbd-state.ts";
import { notice } from "../emit.ts";
import { wantNewGeneration } from "../generation/generation.ts";
import type { Resource } from "../resource.ts";
import { forceState } from "../state/state-change.ts";
import type { Volume } from "../volume.ts";
import { urgeBarrierAcks } from "./send-barrier.ts";

/** How long everything must be stable on the peer before the resync begins, in ms: one that is slow needs a breath. */
const calmMs = 1000;

/** Before a write is sent: it may be the one that is too much. */
export function checkCongestion(r: Resource, v: Volume): void {
  const { onCongestion } = r.net;
  if (onCongestion === "block" || v.conn !== Conn.Connected || v.disk !== Disk.UpToDate) return;
  const what = congested(r, v);
  if (what === undefined) return;
  notice(r, "warn", "congested", `Congestion-${what} threshold reached`, {
    volume: v,
    fields: { underWayBytes: v.underWayBytes, policy: onCongestion },
  });
  if (onCongestion === "disconnect") {
    const reason = `on-congestion disconnect: congestion-${what}`;
    const { session } = r.link;
    r.steps.push({ step: "drop-connection", session, conn: Conn.Disconnecting, reason });
    return;
  }
  urgeBarrierAcks(r);
  v.calmAt = undefined;
  forceState(r, (s) => ({ ...s, conn: Conn.Ahead }), [v]);
  // Safety: from here on the peer's copy is an old one, and has to be known for that even if this node's is lost.
  // (Deviation: the kernel begins no generation, and a node that was ahead and has lost its disk goes on from the old.)
  wantNewGeneration(r, v);
  noteCalm(r, v);
}

/** The peer has made something stable: perhaps all. */
export function noteCalm(r: Resource, v: Volume): void {
  if (v.conn === Conn.Ahead && v.underWayBytes === 0) v.calmAt ??= r.now;
}

/** When the peer is to be brought up again. */
export function aheadDeadline(v: Volume): Instant | undefined {
  if (v.conn !== Conn.Ahead || v.calmAt === undefined) return undefined;
  return after(v.calmAt, calmMs);
}

/** The peer has caught up with what was sent: what was not is resynced. */
export function endAhead(r: Resource, v: Volume): void {
  v.calmAt = undefined;
  forceState(r, (s) => ({ ...s, conn: Conn.SyncSource }), [v]);
}

function congested(r: Resource, v: Volume): "fill" | "extents" | undefined {
  const { congestionFillBytes, congestionExtents } = r.net;
  if (congestionFillBytes > 0 && v.underWayBytes >= congestionFillBytes) return "fill";
  const active = v.backing?.activityLog.activeExtents ?? 0;
  return active >= congestionExtents ? "extents" : undefined;
}
