/** The connection to the peer: two TCP connections, and what was agreed over them. */
import type { Instant } from "../../base/time.ts";
import { Conn, Role } from "../../formats/drbd/drbd-state.ts";
import type { HeaderKind } from "../../formats/drbd/packet-header.ts";
import { newSendProgress, type SendProgress } from "./connection/send-progress.ts";

export type LinkPhase =
  /** StandAlone, or the last connection is being cleaned up. */
  | "idle"
  /** Looking for the peer: the two sockets are not both there. */
  | "seeking"
  /** Waiting for the peer's P_CONNECTION_FEATURES, P_AUTH_CHALLENGE, P_AUTH_RESPONSE. */
  | "features"
  | "challenge"
  | "response"
  /** Packets are handled as they come. */
  | "running";

export type Link = {
  /** Never beyond WFReportParams: what comes after that is each volume's. */
  conn: Conn;
  peerRole: Role;
  phase: LinkPhase;
  /** Counts the connections: what belongs to an older one is ignored. */
  session: number;
  discardMyData: boolean;
  tentative: boolean;

  listening: boolean;
  /** The last number given to a connection of ours. */
  lastConnection: number;
  data: number | undefined;
  /** The data socket was opened by this node. */
  dataIsMine: boolean;
  meta: number | undefined;
  connecting: { readonly connection: number; readonly socket: "data" | "meta" } | undefined;
  /** Accepted, and their first packet is awaited until then. */
  readonly greeting: Map<number, Instant>;
  /** When the next attempt to connect is made. */
  connectAt: Instant | undefined;
  /** When the handshake must have got on. */
  handshakeUntil: Instant | undefined;

  header: HeaderKind;
  agreedProtocol: number;
  features: number;
  resolveConflicts: boolean;
  challenge: Uint8Array | undefined;
  peerAuthenticated: boolean;
  answeredChallenge: boolean;
  /** The peer's P_PROTOCOL has come. */
  peerAllowsTwoPrimaries: boolean | undefined;
  peerDiscardsItsData: boolean;
  /** data-integrity-alg of what the peer sends. */
  peerIntegrityAlg: string;
  peerDryRun: boolean;

  lastHeard: Instant;
  /** Of the data socket. */
  progress: SendProgress;
  /** A P_PING is unanswered, and from when on that means that the peer is gone. */
  pingUntil: Instant | undefined;
  /** Since when there is an unanswered one. */
  firstPingAt: Instant | undefined;
  pingsSent: number;
  pingsAcked: number;
  /** When both sockets of this connection were there. */
  establishedAt: Instant | undefined;
  /** After a short-lived connection: not before this is another one sought. */
  retryAt: Instant | undefined;
  /** Since when the two are apart. */
  lostSince: Instant | undefined;
  /** They were connected last: only the end of this server would not have been noted. */
  wasConnected: boolean;
  /** An orderly disconnect is agreed: a closed socket is no surprise. */
  disconnecting: boolean;
  /** A refusal or an administrator's wish: no new connection is sought. */
  standAlone: boolean;
};

export function newLink(now: Instant): Link {
  return {
    conn: Conn.StandAlone,
    peerRole: Role.Unknown,
    phase: "idle",
    session: 0,
    discardMyData: false,
    tentative: false,
    listening: false,
    lastConnection: 0,
    data: undefined,
    dataIsMine: false,
    meta: undefined,
    connecting: undefined,
    greeting: new Map(),
    connectAt: undefined,
    handshakeUntil: undefined,
    header: "80",
    agreedProtocol: 80,
    features: 0,
    resolveConflicts: false,
    challenge: undefined,
    peerAuthenticated: false,
    answeredChallenge: false,
    peerAllowsTwoPrimaries: undefined,
    peerDiscardsItsData: false,
    peerIntegrityAlg: "",
    peerDryRun: false,
    lastHeard: now,
    progress: newSendProgress(),
    pingUntil: undefined,
    firstPingAt: undefined,
    pingsSent: 0,
    pingsAcked: 0,
    establishedAt: undefined,
    retryAt: undefined,
    lostSince: undefined,
    wasConnected: false,
    disconnecting: false,
    standAlone: true,
  };
}
