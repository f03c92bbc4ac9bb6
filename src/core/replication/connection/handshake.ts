/**
 * From two open sockets to two nodes that know each other: features, authentication, settings, then each volume's sizes,
 * UUIDs and state. Each side sends its packets without waiting but for the other's same step.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { equalBytes } from "../../../base/bytes.ts";
import { after } from "../../../base/time.ts";
import { encodeUtf8 } from "../../../base/utf8.ts";
import { Conn } from "../../../formats/drbd/drbd-state.ts";
import type {
  AuthPacket,
  FeaturesPacket,
  Packet,
  ProtocolPacket,
} from "../../../formats/drbd/packet.ts";
import {
  ConnFlag,
  Feature,
  protocolVersionMax,
  protocolVersionMin,
} from "../../../formats/drbd/packet-flags.ts";
import { PacketType, packetName } from "../../../formats/drbd/packet-type.ts";
import { notice, sendData } from "../emit.ts";
import type { Resource } from "../resource.ts";
import { forceState } from "../state/state-change.ts";
import {
  expectedOfPeer,
  protocolPacket,
  sendSizes,
  sendState,
  sendSyncParam,
  sendUuids,
} from "./send-parameters.ts";

const challengeBytes = 64;
const challengeBytesMax = 128;
const featuresAll: number = Feature.Trim | Feature.ThinResync | Feature.Wsame | Feature.Wzeroes;

const digests = { sha1, sha256, sha512, md5 } as const;

/** Both sockets are there. */
export function beginHandshake(r: Resource): void {
  const { link } = r;
  link.session++;
  link.phase = "features";
  link.lastHeard = r.now;
  link.establishedAt = r.now;
  link.pingUntil = undefined;
  link.firstPingAt = undefined;
  link.pingsSent = 0;
  link.pingsAcked = 0;
  link.challenge = undefined;
  link.peerAuthenticated = false;
  link.answeredChallenge = false;
  link.peerAllowsTwoPrimaries = undefined;
  link.peerDiscardsItsData = false;
  link.peerIntegrityAlg = "";
  link.peerDryRun = false;
  link.disconnecting = false;
  link.handshakeUntil = after(r.now, 4 * r.net.pingTimeoutMs);
  sendData(r, {
    type: PacketType.ConnectionFeatures,
    protocolMin: protocolVersionMin,
    protocolMax: protocolVersionMax,
    features: featuresOf(r),
  });
}

/** The kernel's receiver of P_ZEROES waits for a digest that no sender sends: with data-integrity-alg there are none. */
function featuresOf(r: Resource): number {
  return r.net.dataIntegrityAlg === "" ? featuresAll : featuresAll & ~Feature.Wzeroes;
}

/** A packet of the data socket before P_PROTOCOL. */
export function onHandshakePacket(r: Resource, packet: Packet): void {
  const { link } = r;
  link.handshakeUntil = after(r.now, 4 * r.net.pingTimeoutMs);
  if (link.phase === "features") {
    if (packet.type === PacketType.ConnectionFeatures) onFeatures(r, packet);
    else wrongPacket(r, "ConnectionFeatures", packet);
    return;
  }
  if (packet.type === PacketType.AuthChallenge && !link.answeredChallenge) onChallenge(r, packet);
  else if (packet.type === PacketType.AuthResponse && link.answeredChallenge) onResponse(r, packet);
  else wrongPacket(r, "AuthChallenge", packet);
}

/**
 * A node without a secret goes on with P_PROTOCOL: that stays so until an administrator changes it. Anything else is
 * rubbish, from whoever found the port, and costs this connection only. (Deviation: the kernel gives up for good where
 * the features are awaited.)
 */
function wrongPacket(r: Resource, expected: string, packet: Packet): void {
  const reason = `expected ${expected} packet, received: ${packetName(packet.type)}`;
  if (r.link.phase !== "features" && packet.type === PacketType.Protocol) standAlone(r, reason);
  else protocolError(r, reason);
}

/** The first P_PROTOCOL: the peer's settings have to agree with mine. */
export function onProtocol(r: Resource, packet: ProtocolPacket): void {
  const { link } = r;
  for (const [name, expected] of Object.entries(expectedOfPeer(r.net))) {
    if (packet[name as keyof ProtocolPacket] !== expected) {
      standAlone(r, `incompatible ${optionName(name)} settings`);
      return;
    }
  }
  link.peerDiscardsItsData = (packet.connFlags & ConnFlag.DiscardMyData) !== 0;
  link.peerIntegrityAlg = packet.integrityAlg;
  link.peerDryRun = (packet.connFlags & ConnFlag.DryRun) !== 0;
  if (link.discardMyData && link.peerDiscardsItsData) {
    standAlone(r, "incompatible discard-my-data settings");
    return;
  }
  link.peerAllowsTwoPrimaries = packet.twoPrimaries !== 0;
}

function onFeatures(r: Resource, packet: FeaturesPacket): void {
  const { link } = r;
  const peerMax = packet.protocolMax === 0 ? packet.protocolMin : packet.protocolMax;
  if (packet.protocolMin > protocolVersionMax || peerMax < protocolVersionMin) {
    standAlone(
      r,
      `incompatible DRBD dialects: I support ${protocolVersionMin}-${protocolVersionMax}, peer supports ${packet.protocolMin}-${peerMax}`,
    );
    return;
  }
  link.agreedProtocol = Math.min(protocolVersionMax, peerMax);
  link.features = featuresOf(r) & packet.features;
  if ((link.features & (Feature.Trim | Feature.Wzeroes)) === 0) {
    standAlone(r, "the peer supports neither TRIM nor WRITE_ZEROES: its DRBD is too old");
    return;
  }
  // From here on every packet has the long header.
  link.header = "100";
  notice(
    r,
    "info",
    "handshake",
    `Handshake successful: Agreed network protocol version ${link.agreedProtocol}`,
    { fields: { protocol: link.agreedProtocol, features: link.features } },
  );
  if (r.net.cramHmacAlg === "") {
    sendParameters(r);
    return;
  }
  link.phase = "challenge";
  link.challenge = r.prng.bytes(challengeBytes);
  sendData(r, { type: PacketType.AuthChallenge, payload: link.challenge });
}

function onChallenge(r: Resource, packet: AuthPacket): void {
  const { link } = r;
  const theirs = packet.payload;
  if (theirs.length < challengeBytes || theirs.length > challengeBytesMax) {
    standAlone(r, `Authentication of peer failed: a challenge of ${theirs.length} bytes`);
    return;
  }
  if (link.challenge !== undefined && equalBytes(theirs, link.challenge)) {
    standAlone(r, "Authentication of peer failed: peer presented my own challenge");
    return;
  }
  const response = digestOf(r, theirs);
  if (response === undefined) return;
  link.answeredChallenge = true;
  link.phase = "response";
  sendData(r, { type: PacketType.AuthResponse, payload: response });
}

function onResponse(r: Resource, packet: AuthPacket): void {
  const { link } = r;
  const expected = link.challenge === undefined ? undefined : digestOf(r, link.challenge);
  if (expected === undefined) return;
  if (!equalBytes(packet.payload, expected)) {
    standAlone(r, "Authentication of peer failed: it has another secret");
    return;
  }
  link.peerAuthenticated = true;
  const message = `Peer authenticated using ${expected.length} bytes HMAC`;
  notice(r, "info", "peer-authenticated", message);
  sendParameters(r);
}

function digestOf(r: Resource, challenge: Uint8Array): Uint8Array | undefined {
  const name = r.net.cramHmacAlg;
  if (!(name in digests)) {
    standAlone(r, `cram-hmac-alg ${name} is not known`);
    return undefined;
  }
  const digest = digests[name as keyof typeof digests];
  return hmac(digest, encodeUtf8(r.net.sharedSecret), challenge);
}

function sendParameters(r: Resource): void {
  const { link } = r;
  sendData(r, protocolPacket(r));
  for (const v of r.volumes) {
    v.sendSeq = 0;
    v.peerSeq = 0;
    v.peer.uuids = undefined;
    v.peer.lastConn = Conn.WFConnection;
    v.considerResync = false;
    v.pendingSyncUuid = undefined;
    sendSyncParam(r, v);
    sendSizes(r, v);
    sendUuids(r, v);
    sendState(r, v, Conn.WFConnection);
  }
  link.phase = "running";
  link.handshakeUntil = after(r.now, 4 * r.net.pingTimeoutMs);
  forceState(r, (s) => ({ ...s, conn: Conn.WFReportParams }));
}

/** What came makes no sense: the connection ends, and is sought again. */
export function protocolError(r: Resource, reason: string): void {
  notice(r, "error", "protocol-error", reason);
  const { session } = r.link;
  r.steps.push({ step: "drop-connection", session, conn: Conn.ProtocolError, reason });
}

/** The two can't work together: no new attempt until an administrator says so. */
export function standAlone(r: Resource, reason: string): void {
  notice(r, "error", "connection-refused", reason);
  r.steps.push({
    step: "drop-connection",
    session: r.link.session,
    conn: Conn.Disconnecting,
    reason,
  });
}

function optionName(field: string): string {
  const names: Readonly<Record<string, string>> = {
    protocol: "protocol",
    afterSb0p: "after-sb-0pri",
    afterSb1p: "after-sb-1pri",
    afterSb2p: "after-sb-2pri",
    twoPrimaries: "allow-two-primaries",
    integrityAlg: "data-integrity-alg",
  };
  return names[field] ?? field;
}
