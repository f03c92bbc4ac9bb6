/**
 * Net options that change while the resource is in use: by this node's administrator, who is refused what can't be, and
 * by the peer's (P_PROTOCOL_UPDATE), whose word is taken over without a comparison, as in the kernel (8.13).
 */
import { Conn, Role } from "../../../formats/drbd/drbd-state.ts";
import type { ProtocolPacket } from "../../../formats/drbd/packet.ts";
import { digestNamed } from "../digest.ts";
import { notice, refuseAdmin, replyAdmin, sendData } from "../emit.ts";
import type { Resource } from "../resource.ts";
import type { NetSettings } from "../settings.ts";
import { recompute } from "../state/state-change.ts";
import { inResync, verifying } from "../state/sync-states.ts";
import { unknownAlgorithm } from "./digest-settings.ts";
import { standAlone } from "./handshake.ts";
import { protocolPacket, sendSyncParam, settingsInPacket } from "./send-parameters.ts";

type Change = Partial<NetSettings>;

export function changeNet(r: Resource, id: number, change: Change): void {
  const running = r.link.phase === "running";
  const objection = netObjection(r, { ...r.net, ...change }) ?? changeObjection(r, change);
  if (objection !== undefined) {
    refuseAdmin(r, id, 0, objection);
    return;
  }
  r.net = { ...r.net, ...change };
  recompute(r);
  r.statusChanged = true;
  if (running) {
    sendData(r, protocolPacket(r, true));
    // The peer takes it over before it reads anything that is sent from here on.
    r.link.peerAllowsTwoPrimaries = r.net.allowTwoPrimaries;
    for (const v of r.volumes) sendSyncParam(r, v);
  }
  replyAdmin(r, id);
}

/** What is wrong with these settings together, for a connection or a change; undefined if nothing is. */
export function netObjection(r: Resource, net: NetSettings): string | undefined {
  if (net.allowTwoPrimaries && net.protocol !== "C") {
    return "allow-two-primaries needs protocol C";
  }
  const stonith = r.volumes.some((v) => v.settings.fencing === "resource-and-stonith");
  if (stonith && net.protocol === "A") {
    return "fencing resource-and-stonith needs protocol B or C: with A a write is answered before the peer has it";
  }
  if (net.onCongestion !== "block" && net.protocol !== "A") {
    return `on-congestion ${net.onCongestion} needs protocol A: with B and C the peer's answers are the limit`;
  }
  return unknownAlgorithm(net);
}

/** P_PROTOCOL_UPDATE. */
export function adoptProtocol(r: Resource, packet: ProtocolPacket): void {
  const { link } = r;
  const { integrityAlg } = packet;
  if (integrityAlg !== "" && digestNamed(integrityAlg) === undefined) {
    standAlone(r, `the peer's data-integrity-alg "${integrityAlg}" is not known here`);
    return;
  }
  link.peerIntegrityAlg = integrityAlg;
  link.peerAllowsTwoPrimaries = packet.twoPrimaries !== 0;
  const theirs = settingsInPacket(packet);
  if (theirs === undefined) {
    standAlone(r, "the peer's new net options are none that are known here");
    return;
  }
  const before = r.net;
  const objection = netObjection(r, { ...before, ...theirs });
  if (objection !== undefined) {
    standAlone(r, `the peer's new net options can't be taken over: ${objection}`);
    return;
  }
  r.net = { ...before, ...theirs };
  const changed = Object.entries(theirs).filter(
    ([name, value]) => before[name as keyof NetSettings] !== value,
  );
  if (changed.length === 0) return;
  const list = changed.map(([name, value]) => `${name} ${value}`).join(", ");
  notice(r, "info", "net-options-adopted", `the peer's net options are taken over: ${list}`);
  recompute(r);
  r.statusChanged = true;
}

/** What only holds for a new connection, or not in the middle of something. */
function changeObjection(r: Resource, change: Change): string | undefined {
  const differs = (name: keyof NetSettings): boolean =>
    change[name] !== undefined && change[name] !== r.net[name];
  const { phase, peerRole } = r.link;
  const fixed = ["cramHmacAlg", "sharedSecret", "dataIntegrityAlg"] as const;
  const name = phase === "idle" || phase === "seeking" ? undefined : fixed.find(differs);
  if (name !== undefined) {
    return `${name} can't be changed while connected: disconnect both nodes first`;
  }
  const bothPrimary = r.role === Role.Primary && peerRole === Role.Primary;
  if (bothPrimary && (differs("allowTwoPrimaries") || differs("protocol"))) {
    return "both nodes are Primary: one has to become Secondary first";
  }
  const connOf = (is: (conn: Conn) => boolean): boolean =>
    r.link.conn === Conn.WFReportParams && r.volumes.some((v) => is(v.conn));
  if (differs("csumsAlg") && connOf(inResync)) {
    return "csums-alg can't be changed while a resync runs";
  }
  if (differs("verifyAlg") && connOf(verifying)) {
    return "verify-alg can't be changed while a verify runs";
  }
  return undefined;
}
