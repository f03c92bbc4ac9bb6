/**
 * The links between this node's daemon and those of the members: one stream each, for messages that need order
 * and size. Use: tell it who is a member (follow-membership.ts) and what happens to streams; perform its effects;
 * `nextDeadline()` says when it wants `{ kind: "wake" }`.
 *
 * Promised: a message arrives at most once, whole, in the order of sending within one link (between its link-up
 * and link-down), from the member named and in the incarnation named at link-up. Not promised: that it arrives. A
 * link that ends is told to both sides; what it carried last may be lost, and the protocols above say it again.
 *
 * A link exists only to a member, in the incarnation that the membership knows.
 */
import { assert, unreachable } from "../../base/assert.ts";
import { compareText } from "../../base/compare.ts";
import type { Prng } from "../../base/prng.ts";
import { after, earliest, elapsedMs, type Instant } from "../../base/time.ts";
import {
  type LinkFrame,
  LinkFrameReader,
  messageBytesMax,
} from "../../formats/cluster-packet/link-frame.ts";
import { linkNonceBytes } from "../../formats/cluster-packet/link-handshake.ts";
import { dials, nextDial } from "./dialing.ts";
import { LinkSession, type SessionStep } from "./link-session.ts";
import type {
  Connection,
  Keyring,
  LinkEffect,
  LinkEvent,
  LinkFault,
  LinkOptions,
  LinkState,
} from "./types.ts";

/** From dialling to an open link, and how long a proven dialer waits until the membership knows it, too. */
export const openingMsMax = 2000;
/** A link that says nothing pings. */
export const pingEveryMs = 1000;
/** A link over which nothing comes, not even pings, has ended. */
export const silentMsMax = 5000;
/** Streams of others that have not yet shown who they are; the oldest gives way. */
export const strangersMax = 16;
/** So many dials fail in a row, for so many warntimes, before people are told. */
export const failuresToTell = 5;
const warntimesToTell = 2;
const faultNoticeEveryMs = 60_000;

type Stream = {
  readonly connection: Connection;
  readonly session: LinkSession;
  readonly reader: LinkFrameReader;
  readonly address: string;
  readonly openBy: Instant;
  /** Set from when it is a link. */
  peer: string | undefined;
  heardAt: Instant;
  sentAt: Instant;
};

type Member = {
  readonly name: string;
  readonly incarnation: bigint;
  addresses: readonly string[];
  /** The open link. */
  link: Stream | undefined;
  /** The stream that we dial, until it is open. */
  dialling: Stream | undefined;
  failures: number;
  /** Of the first of these failures. */
  failingSince: Instant | undefined;
  toldUnreachable: boolean;
  /** The membership knows why it may not answer. */
  quiet: boolean;
  dialAt: Instant | undefined;
};

export class Links {
  readonly #options: LinkOptions;
  readonly #prng: Prng;
  readonly #members = new Map<string, Member>();
  readonly #streams = new Map<Connection, Stream>();
  #keyring: Keyring;
  #nextConnection = 1;
  #untoldFaults = 0;
  #faultsQuietUntil: Instant | undefined;
  #effects: LinkEffect[] = [];

  constructor(options: LinkOptions, prng: Prng) {
    this.#options = options;
    this.#keyring = options.keyring;
    this.#prng = prng;
  }

  handle(event: LinkEvent, now: Instant): readonly LinkEffect[] {
    this.#onEvent(event, now);
    this.#onTime(now);
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  nextDeadline(): Instant | undefined {
    const deadlines: (Instant | undefined)[] = [];
    for (const member of this.#members.values()) deadlines.push(member.dialAt);
    for (const stream of this.#streams.values()) {
      if (stream.peer === undefined) deadlines.push(stream.openBy);
      else deadlines.push(after(stream.sentAt, pingEveryMs), after(stream.heardAt, silentMsMax));
    }
    return earliest(...deadlines);
  }

  /** One row a peer, sorted by name. */
  state(): readonly LinkState[] {
    const { nodes, self } = this.#options;
    const peers = nodes.filter((name) => name !== self.name).sort(compareText);
    return peers.map((peer) => {
      const member = this.#members.get(peer);
      if (member === undefined) return { peer, up: false, failedDials: 0 };
      const { incarnation, failures, link } = member;
      return { peer, up: link !== undefined, incarnation, failedDials: failures };
    });
  }

  #onEvent(event: LinkEvent, now: Instant): void {
    switch (event.kind) {
      case "wake":
        return;
      case "peer-up":
        this.#onPeerUp(event, now);
        return;
      case "peer-addresses":
        this.#onPeerAddresses(event.peer, event.addresses);
        return;
      case "peer-down":
        this.#onPeerDown(event.peer);
        return;
      case "peer-quiet":
        this.#onPeerQuiet(event.peer, event.quiet);
        return;
      case "accepted":
        this.#onAccepted(event, now);
        return;
      case "connected":
        this.#onConnected(event.connection, now);
        return;
      case "closed":
        this.#onClosed(event, now);
        return;
      case "bytes":
        this.#onBytes(event, now);
        return;
      case "send-message":
        this.#sendMessage(event.to, event.bytes, now);
        return;
      case "keys-changed":
        this.#keyring = event.keyring;
        return;
      default:
        unreachable(event);
    }
  }

  #onPeerUp(event: Extract<LinkEvent, { kind: "peer-up" }>, now: Instant): void {
    const { peer, incarnation, addresses } = event;
    if (this.#members.get(peer)?.incarnation === incarnation) {
      this.#onPeerAddresses(peer, addresses);
      return;
    }
    this.#onPeerDown(peer);
    const weDial = dials(this.#options.self.name, peer);
    const member: Member = {
      name: peer,
      incarnation,
      addresses,
      link: undefined,
      dialling: undefined,
      failures: 0,
      failingSince: undefined,
      toldUnreachable: false,
      quiet: false,
      dialAt: weDial ? now : undefined,
    };
    this.#members.set(peer, member);
    for (const stream of [...this.#streams.values()]) this.#admitIfMember(stream, now);
  }

  #onPeerAddresses(peer: string, addresses: readonly string[]): void {
    const member = this.#members.get(peer);
    if (member !== undefined) member.addresses = addresses;
  }

  #onPeerQuiet(peer: string, quiet: boolean): void {
    const member = this.#members.get(peer);
    if (member === undefined) return;
    member.quiet = quiet;
    member.failingSince = undefined;
  }

  #onPeerDown(peer: string): void {
    const member = this.#members.get(peer);
    if (member === undefined) return;
    this.#members.delete(peer);
    if (member.dialling !== undefined) this.#close(member.dialling);
    if (member.link === undefined) return;
    this.#close(member.link);
    this.#effects.push({ kind: "link-down", peer, why: "the peer is no member any more" });
  }

  #onAccepted(event: Extract<LinkEvent, { kind: "accepted" }>, now: Instant): void {
    const { connection, address } = event;
    assert(connection % 2 === 0, "accepted streams have even numbers");
    assert(!this.#streams.has(connection), "no two streams have the same number");
    const strangers = [...this.#streams.values()].filter(
      (stream) => stream.connection % 2 === 0 && stream.peer === undefined,
    );
    const [oldest] = strangers;
    if (oldest !== undefined && strangers.length >= strangersMax) {
      this.#endForFault(oldest, "too-many", now);
    }
    this.#addStream({ connection, address, role: "acceptor", peer: undefined }, now);
  }

  #onConnected(connection: Connection, now: Instant): void {
    const stream = this.#streams.get(connection);
    if (stream !== undefined) this.#write(stream, stream.session.hello(), now);
  }

  #onClosed({ connection, why }: Extract<LinkEvent, { kind: "closed" }>, now: Instant): void {
    const stream = this.#streams.get(connection);
    if (stream !== undefined) this.#onEnd(stream, why, now);
  }

  #onBytes(event: Extract<LinkEvent, { kind: "bytes" }>, now: Instant): void {
    const stream = this.#streams.get(event.connection);
    if (stream === undefined) return;
    stream.heardAt = now;
    stream.reader.push(event.bytes);
    // A frame can end the stream; what it carried after that frame is nobody's.
    while (this.#streams.has(stream.connection)) {
      const taken = stream.reader.take(stream.session.frameBytesMax);
      if (!taken.ok) this.#endForFault(stream, "malformed", now);
      else if (taken.value === undefined) return;
      else this.#onFrame(stream, taken.value, now);
    }
  }

  #onFrame(stream: Stream, frame: LinkFrame, now: Instant): void {
    const step = stream.session.receive(frame);
    if (step.ok) this.#onStep(stream, step.value, now);
    else this.#endForFault(stream, step.error, now);
  }

  #onStep(stream: Stream, step: SessionStep, now: Instant): void {
    switch (step.kind) {
      case "reply":
        this.#write(stream, step.parts, now);
        return;
      case "proven":
        if (stream.connection % 2 === 0) this.#admitIfMember(stream, now);
        else this.#confirmIfMember(stream, step.parts, now);
        return;
      case "ready":
        this.#becomeLink(stream, now);
        return;
      case "message":
        assert(stream.peer !== undefined, "messages come from a link's peer");
        this.#effects.push({ kind: "message", from: stream.peer, bytes: step.bytes });
        return;
      case "ping":
        return;
      default:
        unreachable(step);
    }
  }

  /** The acceptor: the dialer has proven who it is; it becomes a link when the membership knows it, too. */
  #admitIfMember(stream: Stream, now: Instant): void {
    if (!stream.session.awaitsAdmission || this.#memberOf(stream) === undefined) return;
    this.#write(stream, stream.session.admit(), now);
    this.#becomeLink(stream, now);
  }

  #confirmIfMember(stream: Stream, parts: readonly Uint8Array[], now: Instant): void {
    if (this.#memberOf(stream) === undefined) this.#endForFault(stream, "other-incarnation", now);
    else this.#write(stream, parts, now);
  }

  #becomeLink(stream: Stream, now: Instant): void {
    const member = this.#memberOf(stream);
    if (member === undefined) {
      this.#endForFault(stream, "other-incarnation", now);
      return;
    }
    if (member.link !== undefined) {
      this.#close(member.link);
      this.#effects.push({ kind: "link-down", peer: member.name, why: "the peer dialled again" });
    }
    assert(stream.session.isOpen, "a link is an open stream");
    stream.peer = member.name;
    member.link = stream;
    member.dialling = undefined;
    member.failures = 0;
    member.failingSince = undefined;
    member.toldUnreachable = false;
    member.quiet = false;
    const { name: peer, incarnation } = member;
    this.#effects.push({ kind: "link-up", peer, incarnation });
  }

  /** The member that the proven other end of a stream is. */
  #memberOf(stream: Stream): Member | undefined {
    const other = stream.session.other;
    const member = other === undefined ? undefined : this.#members.get(other.from);
    return member?.incarnation === other?.incarnation ? member : undefined;
  }

  #sendMessage(to: string, bytes: Uint8Array, now: Instant): void {
    assert(bytes.length <= messageBytesMax, "a message is not longer than messageBytesMax");
    const link = this.#members.get(to)?.link;
    if (link === undefined) this.#effects.push({ kind: "message-dropped", to, bytes });
    else this.#write(link, link.session.message(bytes), now);
  }

  #onTime(now: Instant): void {
    for (const stream of [...this.#streams.values()]) {
      if (stream.peer === undefined) {
        if (now >= stream.openBy) this.#endForFault(stream, "too-slow", now);
      } else if (now >= after(stream.heardAt, silentMsMax)) {
        this.#close(stream);
        this.#onEnd(stream, `nothing came for ${silentMsMax} ms`, now);
      } else if (now >= after(stream.sentAt, pingEveryMs)) {
        this.#write(stream, stream.session.ping(), now);
      }
    }
    for (const member of this.#members.values()) {
      if (member.dialAt !== undefined && now >= member.dialAt) this.#dial(member, now);
    }
  }

  #dial(member: Member, now: Instant): void {
    member.dialAt = undefined;
    const address = member.addresses[member.failures % Math.max(1, member.addresses.length)];
    if (address === undefined) {
      member.dialAt = nextDial(++member.failures, this.#prng, now);
      return;
    }
    const connection = this.#nextConnection;
    this.#nextConnection += 2;
    const peer = member.name;
    member.dialling = this.#addStream({ connection, address, role: "dialer", peer }, now);
    this.#effects.push({ kind: "dial", connection, address });
  }

  #addStream(
    how: {
      readonly connection: Connection;
      readonly address: string;
      readonly role: "dialer" | "acceptor";
      readonly peer: string | undefined;
    },
    now: Instant,
  ): Stream {
    const { connection, address, role, peer } = how;
    const { self, nodes } = this.#options;
    const session = new LinkSession({
      role,
      self,
      peer,
      nonce: this.#prng.bytes(linkNonceBytes),
      isNode: (name) => nodes.includes(name),
      keyring: () => this.#keyring,
    });
    const stream: Stream = {
      connection,
      session,
      reader: new LinkFrameReader(),
      address,
      openBy: after(now, openingMsMax),
      peer: undefined,
      heardAt: now,
      sentAt: now,
    };
    this.#streams.set(connection, stream);
    return stream;
  }

  #write(stream: Stream, parts: readonly Uint8Array[], now: Instant): void {
    stream.sentAt = now;
    if (parts.length > 0)
      this.#effects.push({ kind: "write", connection: stream.connection, parts });
  }

  #close(stream: Stream): void {
    this.#streams.delete(stream.connection);
    this.#effects.push({ kind: "close", connection: stream.connection });
  }

  #endForFault(stream: Stream, why: LinkFault, now: Instant): void {
    this.#close(stream);
    if (isForPeople[why]) this.#tellFault(stream, why, now);
    this.#onEnd(stream, why, now);
  }

  #tellFault(stream: Stream, why: LinkFault, now: Instant): void {
    this.#untoldFaults++;
    if (this.#faultsQuietUntil !== undefined && now < this.#faultsQuietUntil) return;
    const fields = { why, address: stream.address, count: this.#untoldFaults };
    this.#effects.push({ kind: "notice", level: "warn", code: "HF3030", fields });
    this.#untoldFaults = 0;
    this.#faultsQuietUntil = after(now, faultNoticeEveryMs);
  }

  /** The stream is no more: a link is down, a dial has failed. */
  #onEnd(stream: Stream, why: string, now: Instant): void {
    this.#streams.delete(stream.connection);
    for (const member of this.#members.values()) {
      if (member.link !== stream && member.dialling !== stream) continue;
      if (member.link === stream) {
        member.link = undefined;
        this.#effects.push({ kind: "link-down", peer: member.name, why });
      }
      if (member.dialling === stream) member.dialling = undefined;
      if (!dials(this.#options.self.name, member.name)) continue;
      member.dialAt = nextDial(++member.failures, this.#prng, now);
      this.#tellIfUnreachable(member, { address: stream.address, why }, now);
    }
  }

  /** It is heard, and yet no link to it can be made: once a person should look. */
  #tellIfUnreachable(
    member: Member,
    last: { readonly address: string; readonly why: string },
    now: Instant,
  ): void {
    member.failingSince ??= now;
    const forMs = elapsedMs(member.failingSince, now);
    if (member.quiet || member.toldUnreachable || member.failures < failuresToTell) return;
    if (forMs < warntimesToTell * this.#options.warntimeMs) return;
    member.toldUnreachable = true;
    const fields = { peer: member.name, ...last };
    this.#effects.push({ kind: "notice", level: "warn", code: "HF3031", fields });
  }
}

/** A fault that happens on every healthy network (a port scan, a peer that has just restarted) is not told. */
const isForPeople: Readonly<Record<LinkFault, boolean>> = {
  malformed: true,
  "other-version": true,
  "not-for-us": true,
  "unknown-node": true,
  "unknown-key": true,
  "bad-signature": true,
  unexpected: true,
  "other-incarnation": false,
  "too-slow": false,
  "too-many": true,
};
