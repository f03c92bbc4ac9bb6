/**
 * Who is alive, as this node can know it. Every node sends a signed heartbeat each keepalive; a peer is a member
 * only while its genuine packets arrive, in sequence, and prove that it hears this node as it is since its
 * start. Silence for deadtime is a loss; what a loss allows is decided elsewhere (evidence, fencing).
 *
 * Use: `handle(event, now)` performs one event and returns what is to be done; `nextDeadline()` says when it
 * wants `{ kind: "wake" }` at the latest; `state(now)` is a snapshot. After the effect `gone` nothing follows.
 *
 * - A one-way cut is a loss on both sides; a loss that only one side found is told to the other (peer.ts).
 * - A packet from before this node's start, a replay, a held-back or a stranger's packet never counts
 *   (incarnation.ts); it is counted, and told at a bounded rate (refusals.ts).
 * - A standstill of this node's own loop declares nobody lost before what is queued was read (own-pauses.ts).
 * - Nodes never heard are waited for as long as initdead before this node is `settled` and may be quorate.
 *
 * An answer in a heartbeat ("I have your packet N") renews what the peer knows of us from when N was sent, not
 * from when the answer arrives: the numbered ping and answer on which leases can be built.
 */
import { assert, unreachable } from "../../base/assert.ts";
import { compareText } from "../../base/compare.ts";
import type { Prng } from "../../base/prng.ts";
import { earliest, type Instant } from "../../base/time.ts";
import {
  addressesMax,
  announcementFits,
  decodeHeartbeat,
  encodeHeartbeat,
  type HeardEntry,
  type Heartbeat,
  heardEntriesMax,
  heartbeatKind,
  isIpv4Address,
  isNodeUuid,
  sameAnnouncement,
} from "../../formats/cluster-packet/heartbeat.ts";
import { isNodeName } from "../../formats/cluster-packet/node-name.ts";
import { openPacket, sealPacket } from "../../formats/cluster-packet/sealed-packet.ts";
import { Beats } from "./beats.ts";
import { type Departure, departure } from "./departure.ts";
import type { Own } from "./incarnation.ts";
import { OwnPauses } from "./own-pauses.ts";
import { Peer } from "./peer.ts";
import { hasQuorum } from "./quorum.ts";
import { Refusals, type RefusedPacket } from "./refusals.ts";
import { SentTimes } from "./sent-times.ts";
import { Twins } from "./twins.ts";
import {
  type Announcement,
  clusterNodesMax,
  type Keyring,
  type MembershipEffect,
  type MembershipEvent,
  type MembershipOptions,
  type MembershipState,
} from "./types.ts";

type Datagram = Extract<MembershipEvent, { kind: "datagram" }>;

export class Membership {
  readonly #options: MembershipOptions;
  readonly #own: Own;
  readonly #sent: SentTimes;
  readonly #peers: ReadonlyMap<string, Peer>;
  readonly #twins: Twins;
  readonly #pauses: OwnPauses;
  readonly #beats: Beats;
  readonly #refusals = new Refusals();
  readonly #startedAt: Instant;
  #keyring: Keyring;
  #announcement: Announcement = {};
  #addresses: readonly string[] = [];
  #departure: Departure | undefined;
  #gone = false;
  #settled = false;
  #quorate = false;
  /** When the last turn asked to be turned again. */
  #expectedBy: Instant | undefined;
  #lastTurnAt: Instant;
  #effects: MembershipEffect[] = [];

  /** @param prng gives this start its number; it must be seeded anew for each start. */
  constructor(options: MembershipOptions, prng: Prng, now: Instant) {
    const { self, nodes, timings } = options;
    assert(nodes.includes(self.name), "this node is one of the cluster's");
    assert(nodes.length <= clusterNodesMax, "the cluster has not more nodes than it can have");
    assert(nodes.every(isNodeName), "nodes have names that a node can have");
    assert(new Set(nodes).size === nodes.length, "no node is named twice");
    assert(isNodeUuid(self.uuid), "the node's uuid has the usual form");
    this.#options = options;
    this.#keyring = options.keyring;
    this.#sent = new SentTimes(timings.deadtimeMs + 2 * timings.keepaliveMs);
    const { name, uuid } = self;
    this.#own = { name, uuid, incarnation: prng.u64(), sent: this.#sent };
    this.#startedAt = now;
    this.#lastTurnAt = now;
    this.#beats = new Beats(timings.keepaliveMs, now);
    this.#pauses = new OwnPauses(timings.keepaliveMs);
    this.#twins = new Twins(this.#own, timings);
    this.#peers = this.#makePeers();
  }

  /** The number of this start. */
  get incarnation(): bigint {
    return this.#own.incarnation;
  }

  handle(event: MembershipEvent, now: Instant): readonly MembershipEffect[] {
    assert(now >= this.#lastTurnAt, "time does not run backwards");
    if (this.#gone) return [];
    this.#lastTurnAt = now;
    this.#noticeOwnPause(now);
    this.#onEvent(event, now);
    for (const peer of this.#peers.values()) {
      peer.onTime(now, this.#pauses.graceUntil);
      this.#takePeerEffects(peer, now);
    }
    this.#decideQuorum();
    this.#sendHeartbeat(now);
    this.#endDeparture(now);
    this.#expectedBy = this.nextDeadline();
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** Undefined once it is gone. */
  nextDeadline(): Instant | undefined {
    if (this.#gone) return undefined;
    const grace = this.#pauses.graceUntil;
    return earliest(
      this.#beats.nextDeadline(),
      this.#departure?.until,
      ...[...this.#peers.values()].map((peer) => peer.nextDeadline(grace)),
    );
  }

  state(now: Instant): MembershipState {
    return {
      self: this.#own.name,
      incarnation: this.#own.incarnation,
      startedAt: this.#startedAt,
      settled: this.#settled,
      quorate: this.#quorate,
      members: this.#members(),
      peers: [...this.#peers.values()].map((peer) => peer.state(now)),
      refused: this.#refusals.totals(),
    };
  }

  #makePeers(): ReadonlyMap<string, Peer> {
    const { nodes, timings } = this.#options;
    const names = nodes.filter((name) => name !== this.#own.name).sort(compareText);
    return new Map(
      names.map((name) => [
        name,
        new Peer({
          name,
          timings,
          startedAt: this.#startedAt,
          own: this.#own,
          heardBy: (lost, incarnation, sequence) => this.#heardBy({ lost, incarnation, sequence }),
        }),
      ]),
    );
  }

  #noticeOwnPause(now: Instant): void {
    if (this.#expectedBy === undefined) return;
    const pausedForMs = this.#pauses.onTurn(now, this.#expectedBy);
    if (pausedForMs === undefined) return;
    this.#effects.push({
      kind: "notice",
      level: "warn",
      code: "own-pause",
      fields: { pausedForMs: Math.round(pausedForMs) },
    });
  }

  #onEvent(event: MembershipEvent, now: Instant): void {
    switch (event.kind) {
      case "wake":
        return;
      case "datagram":
        this.#onDatagram(event, now);
        return;
      case "own-addresses":
        assert(event.addresses.every(isIpv4Address), "a node's addresses are IPv4 addresses");
        this.#addresses = event.addresses.slice(0, addressesMax);
        this.#beats.wantSoon(now);
        return;
      case "announce":
        assert(announcementFits(event.announcement), "the announcement fits into a packet");
        if (sameAnnouncement(event.announcement, this.#announcement)) return;
        this.#announcement = event.announcement;
        this.#beats.wantSoon(now);
        return;
      case "leave":
        this.#depart({ intent: "leaving", holdMs: 0 }, now);
        return;
      case "announce-restart":
        this.#depart({ intent: "restarting", holdMs: event.holdMs }, now);
        return;
      case "keys-changed":
        this.#keyring = event.keyring;
        this.#beats.wantSoon(now);
        return;
      default:
        unreachable(event);
    }
  }

  #onDatagram(datagram: Datagram, now: Instant): void {
    const { path, address } = datagram;
    const opened = openPacket(datagram.bytes, this.#keyring);
    if (!opened.ok) {
      this.#refuse({ path, address, ...opened.error }, now);
      return;
    }
    const { sender, kind, body } = opened.value;
    const heartbeat = kind === heartbeatKind ? decodeHeartbeat(body) : undefined;
    if (heartbeat === undefined) {
      this.#refuse({ reason: "malformed", sender, path, address }, now);
      return;
    }
    // Our own packets come back to us by broadcast.
    if (heartbeat.incarnation === this.#own.incarnation && sender === this.#own.name) return;
    if (sender === this.#own.name) this.#onOwnName(heartbeat, datagram, now);
    else this.#onPeer({ sender, heartbeat }, datagram, now);
  }

  #onPeer(
    { sender, heartbeat }: { readonly sender: string; readonly heartbeat: Heartbeat },
    { path, address }: Datagram,
    now: Instant,
  ): void {
    const peer = this.#peers.get(sender);
    const refusal = peer === undefined ? "unknown-node" : peer.onHeartbeat(heartbeat, path, now);
    if (refusal !== undefined) this.#refuse({ reason: refusal, sender, path, address }, now);
    const mayAnswer = refusal === undefined || refusal === "unconfirmed";
    const turnedUp = peer?.takeTurnedUp() ?? false;
    if (turnedUp || (heartbeat.answerAtOnce && mayAnswer)) this.#beats.wantSoon(now);
  }

  #onOwnName(heartbeat: Heartbeat, datagram: Datagram, now: Instant): void {
    const { path, address } = datagram;
    const sender = this.#own.name;
    const isProven = this.#twins.onHeartbeat(heartbeat, now);
    this.#refuse({ reason: isProven ? "twin" : "own-name", sender, path, address }, now);
    if (isProven) this.#effects.push({ kind: "twin-found", uuid: heartbeat.uuid, address });
    if (heartbeat.answerAtOnce) this.#beats.wantSoon(now);
  }

  #refuse(packet: RefusedPacket, now: Instant): void {
    const notice = this.#refusals.count(packet, now);
    if (notice !== undefined) this.#effects.push(notice);
  }

  #takePeerEffects(peer: Peer, now: Instant): void {
    for (const effect of peer.takeEffects()) {
      this.#effects.push(effect);
      if (tellsAtOnce.has(effect.kind)) this.#beats.wantSoon(now);
    }
  }

  #members(): readonly string[] {
    const peers = [...this.#peers.values()].filter((peer) => peer.isMember);
    return [this.#own.name, ...peers.map((peer) => peer.name)].sort(compareText);
  }

  #decideQuorum(): void {
    const settled =
      this.#settled || [...this.#peers.values()].every((peer) => peer.standing !== "unheard");
    const nodeCount = this.#peers.size + 1;
    const quorate = hasQuorum({ nodeCount, memberCount: this.#members().length, settled });
    if (settled === this.#settled && quorate === this.#quorate) return;
    this.#settled = settled;
    this.#quorate = quorate;
    this.#effects.push({ kind: "quorum-changed", quorate, settled });
  }

  #sendHeartbeat(now: Instant): void {
    const beat = this.#beats.take(now);
    if (beat === undefined) return;
    const allConfirmed = [...this.#peers.values()].every((peer) => peer.isConfirmed(now));
    const { self } = this.#options;
    const body = encodeHeartbeat({
      uuid: self.uuid,
      incarnation: this.#own.incarnation,
      bootId: self.bootId,
      sequence: this.#sent.next(now),
      intent: this.#departure?.intent ?? "running",
      holdMs: this.#departure?.holdMs ?? 0,
      // Only regular heartbeats ask for an answer, and answers do not: two nodes never answer each other in a circle.
      answerAtOnce: this.#departure !== undefined || (beat === "regular" && !allConfirmed),
      addresses: this.#addresses,
      heard: this.#heardEntries(now),
      announcement: this.#announcement,
    });
    const bytes = sealPacket({ kind: heartbeatKind, sender: self.name, body }, this.#keyring);
    this.#effects.push({ kind: "send-datagram", bytes });
    // The daemon waits to end: no packet of these should have to wait for the next keepalive.
    if (this.#departure !== undefined) this.#beats.wantSoon(now);
  }

  #heardEntries(now: Instant): readonly HeardEntry[] {
    const byPeer = [...this.#peers.values()].map((peer) => peer.heardEntries(now));
    // The present incarnations before those that might become one: the former must not be crowded out.
    const first = byPeer.flatMap((entries) => entries.slice(0, 1));
    const further = byPeer.flatMap((entries) => entries.slice(1));
    return [...first, ...further, ...this.#twins.heardEntries(now)].slice(0, heardEntriesMax);
  }

  #heardBy(of: { lost: string; incarnation: bigint; sequence: number }): readonly string[] {
    const { deadtimeMs, keepaliveMs } = this.#options.timings;
    // A death is found by all within a few packets; who has heard half a deadtime more hears on.
    const further = Math.ceil(deadtimeMs / keepaliveMs / 2);
    const hears = (entry: HeardEntry): boolean =>
      entry.name === of.lost &&
      entry.incarnation === of.incarnation &&
      entry.hears &&
      entry.sequence >= of.sequence + further;
    return [...this.#peers.values()]
      .filter((peer) => peer.name !== of.lost && peer.lastOfMember?.heard.some(hears))
      .map((peer) => peer.name);
  }

  #depart(how: Pick<Departure, "intent" | "holdMs">, now: Instant): void {
    const { keepaliveMs } = this.#options.timings;
    this.#departure = departure(how, this.#sent.last + 1, { keepaliveMs, now });
    this.#beats.wantSoon(now);
  }

  #endDeparture(now: Instant): void {
    const departing = this.#departure;
    if (departing === undefined) return;
    const told = [...this.#peers.values()].filter((peer) => peer.lastOfMember !== undefined);
    const known = told.filter((peer) => peer.answered >= departing.firstSequence);
    if (this.#sent.last < departing.firstSequence) return;
    if (known.length < told.length && now < departing.until) return;
    const { intent } = departing;
    this.#effects.push({ kind: "gone", intent, knownBy: known.map((peer) => peer.name) });
    this.#gone = true;
  }
}

/** What the others should not learn a keepalive later. */
const tellsAtOnce: ReadonlySet<MembershipEffect["kind"]> = new Set([
  "member-joined",
  "peer-restarted",
  "peer-left",
  "peer-lost",
]);
