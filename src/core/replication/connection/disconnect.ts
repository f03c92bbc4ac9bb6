/** Connecting, and the orderly end of a connection: the peer is asked, so that it knows that this is no failure. */
import { Conn, Disk, Role } from "../../../formats/drbd/drbd-state.ts";
import type { ClusterChange, Wish } from "../admin-tasks.ts";
import { refuseAdmin, replyAdmin } from "../emit.ts";
import { writeMetadata } from "../metadata/metadata-writer.ts";
import type { Resource } from "../resource.ts";
import { askPeer } from "../roles/cluster-change.ts";
import { forceState, requestState, tryState } from "../state/state-change.ts";
import { StateCode, stateCodeText } from "../state/state-codes.ts";
import { netObjection } from "./net-options.ts";

export function onConnectCommand(
  r: Resource,
  id: number,
  options: { readonly discardMyData?: boolean; readonly tentative?: boolean },
): void {
  const { link } = r;
  if (options.discardMyData && r.role === Role.Primary) {
    refuseAdmin(r, id, 0, "--discard-my-data not allowed when primary.");
    return;
  }
  const objection = netObjection(r, r.net);
  if (objection !== undefined) {
    refuseAdmin(r, id, 0, objection);
    return;
  }
  if (link.conn !== Conn.StandAlone) {
    // Under way already; a wish to discard counts for the next handshake.
    if (options.discardMyData) link.discardMyData = true;
    replyAdmin(r, id);
    return;
  }
  link.standAlone = false;
  link.discardMyData = options.discardMyData === true;
  link.tentative = options.tentative === true;
  link.retryAt = undefined;
  forceState(r, (s) => ({ ...s, conn: Conn.Unconnected }));
  r.steps.push({ step: "reconnect" });
  replyAdmin(r, id);
}

export function onDisconnectCommand(r: Resource, id: number, force: boolean): void {
  const { link } = r;
  if (link.conn === Conn.StandAlone) {
    replyAdmin(r, id);
    return;
  }
  const up = link.phase === "running" && r.volumes.some((v) => v.conn >= Conn.Connected);
  if (!up || force) {
    r.disconnectAsked.push(id);
    standAloneNow(r);
    return;
  }
  if (r.change !== undefined) {
    refuseAdmin(r, id, StateCode.InTransientState, stateCodeText(StateCode.InTransientState));
    return;
  }
  ask(r, id, firstWish(r));
}

/** The peer has answered, or is lost. */
export function onDisconnectAnswer(r: Resource, change: ClusterChange, lost: boolean): void {
  const { disk, pdsk } = change.wish;
  const agreed = change.code >= StateCode.Success;
  for (const v of r.volumes)
    if (v.backing !== undefined && !r.detachments.has(v)) v.backing.closingDisk = undefined;
  if (lost || agreed) {
    r.disconnectAsked.push(change.adminId);
    // Safety: whoever asked to be let go as Outdated is Outdated, whether or not the answer came through.
    if (lost && disk !== undefined)
      forceState(r, (s) => ({ ...s, disk: Math.min(s.disk, disk) as Disk }));
    if (!lost) leave(r, { disk, pdsk });
    standAloneNow(r);
    return;
  }
  const outdated = { conn: Conn.Disconnecting, disk: Disk.Outdated };
  const first = disk === undefined && pdsk === undefined;
  if (!first || tryState(r, (s) => ({ ...s, ...outdated })) < StateCode.Success) {
    refuseAdmin(r, change.adminId, change.code, stateCodeText(change.code));
    return;
  }
  // A Primary with fencing wants to see this node outdated before it lets it go.
  // Safety: it goes on alone as soon as it has agreed; so this copy is Outdated on disk before it is asked.
  const { adminId } = change;
  for (const [i, v] of r.volumes.entries()) {
    if (v.backing !== undefined && !r.detachments.has(v)) v.backing.closingDisk = Disk.Outdated;
    const last = i === r.volumes.length - 1;
    writeMetadata(
      r,
      v,
      [{ op: "superblock" }],
      last ? [{ step: "ask-outdated", id: adminId }] : [],
    );
  }
}

/** This node is Outdated on disk: the second question of an orderly disconnect. */
export function askOutdated(r: Resource, id: number): void {
  const wish = { conn: Conn.Disconnecting, disk: Disk.Outdated };
  if (r.link.phase !== "running" || r.change !== undefined) {
    for (const v of r.volumes)
      if (v.backing !== undefined && !r.detachments.has(v)) v.backing.closingDisk = undefined;
    refuseAdmin(r, id, StateCode.InTransientState, stateCodeText(StateCode.InTransientState));
    for (const v of r.volumes) writeMetadata(r, v, [{ op: "superblock" }]);
    return;
  }
  askPeer(r, { purpose: "disconnect", volumes: r.volumes, wish, adminId: id });
}

function leave(
  r: Resource,
  wish: { readonly disk?: Disk | undefined; readonly pdsk?: Disk | undefined },
): void {
  r.link.disconnecting = true;
  const code = requestState(r, (s) => ({
    ...s,
    conn: Conn.Disconnecting,
    disk: wish.disk ?? s.disk,
    pdsk: wish.pdsk ?? s.pdsk,
  }));
  // The peer has agreed, and is closing: there is nothing left to refuse.
  if (code < StateCode.Success) forceState(r, (s) => ({ ...s, conn: Conn.Disconnecting }));
}

/** A Primary with fencing may only let the peer go as Outdated. */
function firstWish(r: Resource): Wish {
  const plain: Wish = { conn: Conn.Disconnecting };
  const code = tryState(r, (s) => ({ ...s, ...plain }));
  if (code !== StateCode.PrimaryNop) return plain;
  return { conn: Conn.Disconnecting, pdsk: Disk.Outdated };
}

function ask(r: Resource, id: number, wish: Wish): void {
  const code = tryState(r, (s) => ({ ...s, ...wish }));
  if (code < StateCode.Success) {
    refuseAdmin(r, id, code, stateCodeText(code));
    return;
  }
  askPeer(r, { purpose: "disconnect", volumes: r.volumes, wish, adminId: id });
}

function standAloneNow(r: Resource): void {
  const { link } = r;
  link.standAlone = true;
  r.steps.push({
    step: "drop-connection",
    session: link.session,
    conn: Conn.Disconnecting,
    reason: "disconnect asked for",
  });
  // If the last connection is still being cleaned up, that is where it ends.
  r.steps.push({ step: "reconnect" });
}
