/** Connecting, and the orderly end of a connection: the peer is asked, so that it knows that this is no failure. */
import { Conn, Disk, Role } from "../../formats/drbd/drbd-state.ts";
import type { ClusterChange, Wish } from "./admin-tasks.ts";
import { askPeer } from "./cluster-change.ts";
import { refuseAdmin, replyAdmin } from "./emit.ts";
import type { Resource } from "./resource.ts";
import { forceState, requestState, tryState } from "./state-change.ts";
import { StateCode, stateCodeText } from "./state-codes.ts";

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
  if (r.net.dataIntegrityAlg !== "") {
    refuseAdmin(
      r,
      id,
      0,
      "data-integrity-alg is not supported: remove it from both nodes' configuration",
    );
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
  if (lost || change.code >= StateCode.Success) {
    r.disconnectAsked.push(change.adminId);
    if (!lost) {
      const { disk, pdsk } = change.wish;
      r.link.disconnecting = true;
      const code = requestState(r, (s) => ({
        ...s,
        conn: Conn.Disconnecting,
        disk: disk ?? s.disk,
        pdsk: pdsk ?? s.pdsk,
      }));
      // The peer has agreed, and is closing: there is nothing left to refuse.
      if (code < StateCode.Success) forceState(r, (s) => ({ ...s, conn: Conn.Disconnecting }));
    }
    standAloneNow(r);
    return;
  }
  if (change.wish.disk === undefined && change.wish.pdsk === undefined) {
    // A Primary with fencing wants to see this node outdated before it lets it go.
    const wish = { conn: Conn.Disconnecting, disk: Disk.Outdated };
    if (tryState(r, (s) => ({ ...s, ...wish })) >= StateCode.Success) {
      askPeer(r, { purpose: "disconnect", volumes: r.volumes, wish, adminId: change.adminId });
      return;
    }
  }
  refuseAdmin(r, change.adminId, change.code, stateCodeText(change.code));
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
