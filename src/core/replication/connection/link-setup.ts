/**
 * Finding the peer: two TCP connections are needed, one for data, one for acks ("meta"), each told by its first packet.
 * Each node listens and, in turns, connects. Whoever was connected to with P_INITIAL_DATA connects back with
 * P_INITIAL_META; the node that accepts the meta socket gets RESOLVE_CONFLICTS.
 *
 * If both connect at once, the connection of the node with the smaller address is kept by both (deviation: the kernel
 * drops the older one and tries again by chance; against a kernel that comes to the same in half of the cases, and else
 * both try again).
 */
import { assert } from "../../../base/assert.ts";
import { compareText } from "../../../base/compare.ts";
import { after, type Instant } from "../../../base/time.ts";
import { Conn } from "../../../formats/drbd/drbd-state.ts";
import type { Packet } from "../../../formats/drbd/packet.ts";
import { encodePacket } from "../../../formats/drbd/packet-encode.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import type { Link } from "../link.ts";
import type { Resource } from "../resource.ts";
import { forceState } from "../state/state-change.ts";
import { beginHandshake } from "./handshake.ts";

/** Between two attempts to connect, in ms: connect-int at most, but no more than this, so that a healed network is used soon. */
const retryMsMax = 1000;
/** Accepted connections whose first packet is awaited. */
const greetingMax = 16;

/** From Unconnected: begins to look for the peer. */
export function seekPeer(r: Resource): void {
  const { link } = r;
  assert(link.phase === "idle", "one search at a time");
  forceState(r, (s) => ({ ...s, conn: Conn.WFConnection }));
  link.phase = "seeking";
  link.header = "80";
  link.agreedProtocol = 80;
  link.listening = true;
  r.effects.push({ kind: "listen", local: r.settings.local });
  tryConnect(r);
}

/** Gives up looking, or what has been found. */
export function closeSockets(r: Resource): void {
  const { link } = r;
  if (link.listening) {
    link.listening = false;
    r.effects.push({ kind: "stop-listening" });
  }
  const open = [...link.greeting.keys(), link.connecting?.connection, link.data, link.meta];
  for (const connection of open) {
    if (connection !== undefined) r.effects.push({ kind: "close", connection });
  }
  link.greeting.clear();
  link.connecting = undefined;
  link.data = undefined;
  link.meta = undefined;
  link.connectAt = undefined;
}

export function onConnected(r: Resource, connection: number): void {
  const { link } = r;
  if (link.connecting?.connection !== connection) return;
  const { socket } = link.connecting;
  link.connecting = undefined;
  if (socket === "data" && link.data === undefined) {
    link.data = connection;
    link.dataIsMine = true;
    greet(r, connection, PacketType.InitialData);
    // The peer connects back; if it does not, this node opens the other socket as well.
    link.connectAt = after(r.now, metaPatienceMs(r));
  } else if (socket === "meta" && link.meta === undefined && link.data !== undefined) {
    link.meta = connection;
    link.resolveConflicts = false;
    greet(r, connection, PacketType.InitialMeta);
    establishIfComplete(r);
  } else {
    r.effects.push({ kind: "close", connection });
  }
}

export function onConnectFailed(r: Resource, connection: number): void {
  const { link } = r;
  if (link.connecting?.connection !== connection) return;
  link.connecting = undefined;
  link.connectAt = retryAt(r);
}

export function onAccepted(r: Resource, connection: number): void {
  const { link } = r;
  if (link.phase !== "seeking") {
    r.effects.push({ kind: "close", connection });
    return;
  }
  if (link.greeting.size >= greetingMax) {
    // The one that has said nothing for the longest: a peer speaks at once, strangers who keep silent make room for it.
    const [oldest] = link.greeting.keys();
    assert(oldest !== undefined, "there are some");
    link.greeting.delete(oldest);
    r.effects.push({ kind: "close", connection: oldest });
  }
  link.greeting.set(connection, after(r.now, 4 * r.net.pingTimeoutMs));
}

/** The first packet of an accepted connection: which socket is it? */
export function onGreeting(r: Resource, connection: number, packet: Packet): void {
  const { link } = r;
  link.greeting.delete(connection);
  if (packet.type === PacketType.InitialData && keepsNewData(r)) {
    if (link.data !== undefined) r.effects.push({ kind: "close", connection: link.data });
    link.data = connection;
    link.dataIsMine = false;
    link.connectAt = undefined;
    if (link.connecting?.socket === "data") {
      r.effects.push({ kind: "close", connection: link.connecting.connection });
      link.connecting = undefined;
    }
    if (link.meta === undefined) tryConnect(r);
  } else if (packet.type === PacketType.InitialMeta) {
    if (link.meta !== undefined) r.effects.push({ kind: "close", connection: link.meta });
    link.meta = connection;
    link.resolveConflicts = true;
  } else {
    r.effects.push({ kind: "close", connection });
    return;
  }
  establishIfComplete(r);
}

/** A socket was closed before the two were complete. */
export function onClosedWhileSeeking(r: Resource, connection: number): void {
  const { link } = r;
  if (link.greeting.delete(connection)) return;
  if (link.connecting?.connection === connection) {
    onConnectFailed(r, connection);
    return;
  }
  if (link.data !== connection && link.meta !== connection) return;
  const other = link.data === connection ? link.meta : link.data;
  if (other !== undefined) r.effects.push({ kind: "close", connection: other });
  link.data = undefined;
  link.meta = undefined;
  r.dataHold.clear();
  link.connectAt ??= retryAt(r);
}

export function seekDeadlines(r: Resource): readonly (Instant | undefined)[] {
  return [r.link.connectAt, ...r.link.greeting.values()];
}

/** Time has passed: strangers who say nothing are sent away, and the next attempt is made. */
export function checkSeeking(r: Resource): void {
  const { link } = r;
  if (link.phase !== "seeking") return;
  for (const [connection, until] of link.greeting) {
    if (until > r.now) continue;
    link.greeting.delete(connection);
    r.effects.push({ kind: "close", connection });
  }
  if (link.connectAt !== undefined && link.connectAt <= r.now) {
    link.connectAt = undefined;
    tryConnect(r);
  }
}

function tryConnect(r: Resource): void {
  const { link } = r;
  if (link.connecting !== undefined) return;
  const socket = link.data === undefined ? "data" : "meta";
  link.lastConnection += 2;
  link.connecting = { connection: link.lastConnection, socket };
  const { local, remote } = r.settings;
  const timeoutMs = Math.min(r.net.connectIntMs, 2 * retryMsMax);
  r.effects.push({ kind: "connect", connection: link.lastConnection, local, remote, timeoutMs });
}

function greet(
  r: Resource,
  connection: number,
  type: typeof PacketType.InitialData | typeof PacketType.InitialMeta,
): void {
  r.effects.push({ kind: "send", connection, parts: encodePacket({ type }, "80") });
}

/** Both have opened a data socket: that of the node with the smaller address stays. */
function keepsNewData(r: Resource): boolean {
  const { link } = r;
  if (link.data === undefined || !link.dataIsMine) return true;
  return compareText(addressKey(r.settings.remote), addressKey(r.settings.local)) < 0;
}

function addressKey(address: { readonly address: string; readonly port: number }): string {
  return `${address.address}:${address.port}`;
}

function establishIfComplete(r: Resource): void {
  const { link } = r;
  if (link.data === undefined || link.meta === undefined) return;
  link.listening = false;
  r.effects.push({ kind: "stop-listening" });
  for (const connection of link.greeting.keys()) r.effects.push({ kind: "close", connection });
  link.greeting.clear();
  if (link.connecting !== undefined) {
    r.effects.push({ kind: "close", connection: link.connecting.connection });
    link.connecting = undefined;
  }
  link.connectAt = undefined;
  beginHandshake(r);
  if (r.dataHold.size > 0) r.steps.push({ step: "held-packets" });
}

function retryAt(r: Resource): Instant {
  const pause = Math.min(r.net.connectIntMs, retryMsMax);
  // Jitter of a seventh, as the kernel has it.
  return after(r.now, pause + (r.prng.below(2001) / 1000 - 1) * (pause / 7));
}

function metaPatienceMs(r: Resource): number {
  return Math.min(r.net.connectIntMs, 4 * r.net.pingTimeoutMs);
}

/** Whether a connection is one of the two that are in use. */
export function isOurs(link: Link, connection: number): boolean {
  return link.data === connection || link.meta === connection;
}
