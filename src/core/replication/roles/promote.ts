/**
 * Becoming Primary. The wish is checked here, then asked of the peer if it is connected; what stands in the way may be
 * removed by fencing, by force, or by waiting a moment. The answer is given when the metadata are on disk.
 */
import { assert } from "../../../base/assert.ts";
import { after } from "../../../base/time.ts";
import { Conn, Disk, type DrbdState, Role } from "../../../formats/drbd/drbd-state.ts";
import type { ClusterChange, Promotion } from "../admin-tasks.ts";
import { askToFence } from "../connection/connection-loss.ts";
import { sendPing } from "../connection/ping.ts";
import { notice, refuseAdmin, replyAdmin } from "../emit.ts";
import { newGeneration } from "../generation/generation.ts";
import { endBitmapGeneration, withRole } from "../generation/generation-uuids.ts";
import { writeSuperblock } from "../metadata/metadata-writer.ts";
import type { Resource } from "../resource.ts";
import { requestState, tryState } from "../state/state-change.ts";
import { StateCode, stateCodeText } from "../state/state-codes.ts";
import type { Volume } from "../volume.ts";
import { askPeer } from "./cluster-change.ts";

const triesMax = 4;
/** A handshake or a concurrent change is waited for in steps of this, in ms, so many times. */
const transientMs = 200;
const transientTriesMax = 25;

export function onPrimaryCommand(r: Resource, id: number, force: boolean): void {
  if (r.role === Role.Primary && r.promotion === undefined) {
    replyAdmin(r, id);
    return;
  }
  if (r.promotion !== undefined || r.demotion !== undefined) {
    refuseAdmin(r, id, StateCode.InTransientState, stateCodeText(StateCode.InTransientState));
    return;
  }
  r.promotion = {
    adminId: id,
    force,
    tries: 0,
    transientTries: 0,
    withDiskUpToDate: false,
    withPeerOutdated: false,
    waiting: "no",
    retryAt: undefined,
    fenced: false,
    askedToFence: false,
    code: StateCode.Success,
    pendingWrites: 0,
  };
  // Without a disk its users will know what the peer tells from here on, be it before its answer: on the other socket.
  for (const v of r.volumes) if (v.backing === undefined) v.exposedUuid = 0n;
  promotionNext(r);
}

/** Tries (again). */
export function promotionNext(r: Resource): void {
  const { promotion } = r;
  if (promotion === undefined || promotion.waiting === "peer" || promotion.waiting === "disk")
    return;
  if (promotion.waiting === "fence" && r.fencing !== undefined) return;
  promotion.waiting = "no";
  promotion.retryAt = undefined;
  const code = tryState(r, (s) => wished(promotion, s));
  if (code < StateCode.Success) {
    onRefused(r, promotion, code);
    return;
  }
  const connected = r.volumes.filter((v) => isConnected(r, v));
  if (connected.length === 0) {
    applyPromotion(r, promotion);
    return;
  }
  if (r.change !== undefined) {
    waitTransient(r, promotion, StateCode.ConcurrentStateChange);
    return;
  }
  promotion.waiting = "peer";
  const wish = promotion.withDiskUpToDate
    ? { role: Role.Primary, disk: Disk.UpToDate }
    : { role: Role.Primary };
  askPeer(r, { purpose: "promote", volumes: connected, wish, adminId: promotion.adminId });
}

/** The peer has answered, or is lost. */
export function onPromotionAnswer(r: Resource, change: ClusterChange, lost: boolean): void {
  const { promotion } = r;
  if (promotion === undefined) return;
  promotion.waiting = "no";
  if (lost) {
    // It may be that the change is this node's alone by now; what it was lost for is known first.
    promotion.waiting = "time";
    promotion.retryAt = after(r.now, transientMs);
  } else if (change.code >= StateCode.Success) {
    applyPromotion(r, promotion);
  } else {
    onRefused(r, promotion, change.code as StateCode);
  }
}

/** The fencing verdict has come, and has been taken into the state. */
export function onPromotionFenced(r: Resource): void {
  const { promotion } = r;
  if (promotion === undefined || promotion.waiting !== "fence") return;
  promotion.waiting = "no";
  promotion.fenced = r.volumes.every((v) => v.pdsk <= Disk.Outdated);
  if (promotion.fenced) promotion.withDiskUpToDate = wholeButUnsure(r);
  else if (promotion.force) {
    notice(r, "warn", "forced-primary", "Forced into split brain situation!");
    promotion.withPeerOutdated = true;
  } else {
    fail(r, promotion, promotion.code);
    return;
  }
  promotionNext(r);
}

/** The peer is back before the verdict: it is asked itself. */
export function onFencingMoot(r: Resource): void {
  const { promotion } = r;
  if (promotion === undefined || promotion.waiting !== "fence") return;
  promotion.waiting = "time";
  promotion.askedToFence = false;
  promotion.retryAt = r.now;
}

/** The metadata of a volume say that this node is Primary. */
export function onPromotedWritten(r: Resource, id: number): void {
  const { promotion } = r;
  if (promotion === undefined || promotion.adminId !== id) return;
  promotion.pendingWrites--;
  if (promotion.pendingWrites > 0) return;
  r.promotion = undefined;
  replyAdmin(r, id);
  r.steps.push({ step: "release-held" });
}

function wished(promotion: Promotion, s: DrbdState): DrbdState {
  const raise = promotion.withDiskUpToDate && s.disk >= Disk.Inconsistent;
  const outdate = promotion.withPeerOutdated && s.conn < Conn.Connected;
  return {
    ...s,
    role: Role.Primary,
    disk: raise ? Disk.UpToDate : s.disk,
    pdsk: outdate ? Disk.Outdated : s.pdsk,
  };
}

function onRefused(r: Resource, promotion: Promotion, code: StateCode): void {
  promotion.code = code;
  if (code === StateCode.InTransientState || code === StateCode.ConcurrentStateChange) {
    waitTransient(r, promotion, code);
    return;
  }
  promotion.tries++;
  const raisable = r.volumes.some((v) => v.disk >= Disk.Inconsistent && v.disk <= Disk.Consistent);
  if (promotion.tries > triesMax) {
    fail(r, promotion, code);
  } else if (
    code === StateCode.NoUpToDateDisk &&
    promotion.force &&
    raisable &&
    !promotion.withDiskUpToDate
  ) {
    notice(r, "warn", "forced-primary", "Forced to consider local data as UpToDate!");
    promotion.withDiskUpToDate = true;
    promotionNext(r);
  } else if (mayFence(r, promotion, code)) {
    promotion.waiting = "fence";
    promotion.askedToFence = true;
    if (r.fencing?.session !== r.link.session) askToFence(r, "promotion");
  } else if (code === StateCode.PrimaryNop && promotion.force && !promotion.withPeerOutdated) {
    notice(r, "warn", "forced-primary", "Forced into split brain situation!");
    promotion.withPeerOutdated = true;
    promotionNext(r);
  } else if (code === StateCode.TwoPrimaries && promotion.tries === 1) {
    // The other Primary may be dead already: the ping finds out, before the second try.
    if (r.link.phase === "running") sendPing(r);
    promotion.waiting = "time";
    promotion.retryAt = after(r.now, r.net.pingTimeoutMs + 100);
  } else {
    fail(r, promotion, code);
  }
}

/** Fencing the peer may help: its state is unknown, and that is what is held against the wish. */
function mayFence(r: Resource, promotion: Promotion, code: StateCode): boolean {
  if (promotion.askedToFence || r.volumes.some((v) => isConnected(r, v))) return false;
  if (r.volumes.every((v) => v.settings.fencing === "dont-care")) return false;
  if (code === StateCode.PrimaryNop) return true;
  return code === StateCode.NoUpToDateDisk && wholeButUnsure(r);
}

/** Some volume is Consistent: whole, but not known to be the newest. */
function wholeButUnsure(r: Resource): boolean {
  return r.volumes.some((v) => v.disk === Disk.Consistent);
}

function waitTransient(r: Resource, promotion: Promotion, code: StateCode): void {
  promotion.transientTries++;
  if (promotion.transientTries > transientTriesMax) {
    fail(r, promotion, code);
    return;
  }
  promotion.waiting = "time";
  promotion.retryAt = after(r.now, transientMs);
}

function applyPromotion(r: Resource, promotion: Promotion): void {
  const raised = r.volumes.filter((v) => promotion.withDiskUpToDate && v.disk < Disk.UpToDate);
  const code = requestState(r, (s) => wished(promotion, s));
  if (code < StateCode.Success) {
    onRefused(r, promotion, code);
    return;
  }
  assert(r.role === Role.Primary, "the wish is fulfilled");
  r.link.discardMyData = false;
  promotion.waiting = "disk";
  promotion.pendingWrites = r.volumes.length;
  for (const v of r.volumes) {
    const { backing } = v;
    if (backing !== undefined) {
      const alone = !isConnected(r, v) || v.pdsk <= Disk.Failed;
      const forced = raised.includes(v) && !promotion.fenced;
      if (forced) backing.uuids = endBitmapGeneration(backing.uuids);
      if (backing.uuids.bitmap === 0n && (alone || forced)) newGeneration(r, v);
      backing.uuids = { ...backing.uuids, current: withRole(backing.uuids.current, true) };
      v.exposedUuid = backing.uuids.current;
    }
    // Safety: nobody is told that this node is Primary before its metadata say so.
    writeSuperblock(r, v, { step: "promoted", id: promotion.adminId });
  }
}

function fail(r: Resource, promotion: Promotion, code: StateCode): void {
  r.promotion = undefined;
  refuseAdmin(r, promotion.adminId, code, stateCodeText(code));
}

function isConnected(r: Resource, v: Volume): boolean {
  return r.link.conn === Conn.WFReportParams && v.conn >= Conn.Connected;
}
