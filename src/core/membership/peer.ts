/**
 * What this node knows of one other node, and where it stands. Invariants:
 *
 * - A member's present incarnation is heard, hears us, and both count the same number of losses of each other
 *   (the episode), so that whenever one side has lost the other, the other side notices it, too.
 * - An incarnation that was followed by another never counts again.
 * - An incarnation follows another only by answering what was sent since it turned up, so never a dead one.
 * - While an incarnation is alive, one with another node uuid (another machine by that name) does not replace it.
 *
 * Two nodes can each have lost the other at different times, or only one of them (a freeze, a cut of one
 * direction). The side that lost counts one episode more and says so in its packets; the other, reading it, drops
 * its membership, takes over the number, and both may join again.
 */
import { assert, present, unreachable } from "../../base/assert.ts";
import { after, earliest, elapsedMs, type Instant } from "../../base/time.ts";
import {
  type HeardEntry,
  type Heartbeat,
  sameAnnouncement,
} from "../../formats/cluster-packet/heartbeat.ts";
import { entryOf, Incarnation, type Own } from "./incarnation.ts";
import { Paths } from "./paths.ts";
import type {
  LossReason,
  MembershipEffect,
  MembershipTimings,
  PeerState,
  Refusal,
  Standing,
} from "./types.ts";

/** Incarnations that were heard and have not answered us yet; a replay can only push out another such. */
const candidatesMax = 4;
const retiredMax = 16;

const legalMoves: Readonly<Record<Standing, readonly Standing[]>> = {
  unheard: ["member", "lost", "left"],
  member: ["restarting", "lost", "left"],
  restarting: ["member", "lost", "left"],
  lost: ["member", "left"],
  left: ["member"],
};

export type PeerOptions = {
  readonly name: string;
  readonly timings: MembershipTimings;
  readonly startedAt: Instant;
  readonly own: Own;
  /** Which other members have heard more packets of that incarnation than we can have missed by a moment. */
  heardBy(name: string, incarnation: bigint, sequence: number): readonly string[];
};

export class Peer {
  readonly name: string;
  readonly #options: PeerOptions;
  readonly #timings: MembershipTimings;
  readonly #paths: Paths;
  /** Those that were replaced, and when. */
  readonly #retired = new Map<bigint, Instant>();
  readonly #candidates = new Map<bigint, Incarnation>();
  #current: Incarnation | undefined;
  #standing: Standing = "unheard";
  #late = false;
  #holdUntil: Instant | undefined;
  #turnedUp = false;
  #effects: MembershipEffect[] = [];

  constructor(options: PeerOptions) {
    this.name = options.name;
    this.#options = options;
    this.#timings = options.timings;
    this.#paths = new Paths(options.name, options.timings);
  }

  get standing(): Standing {
    return this.#standing;
  }

  get isMember(): boolean {
    return this.#standing === "member" || this.#standing === "restarting";
  }

  /** The newest packet of ours that it has; 0 before any. */
  get answered(): number {
    return this.#current?.answered ?? 0;
  }

  /** Its last packet, while it is a member. */
  get lastOfMember(): Heartbeat | undefined {
    return this.isMember ? this.#current?.last : undefined;
  }

  /** A member whose answers are as fresh as they should be; others are asked to answer at once. */
  isConfirmed(now: Instant): boolean {
    const confirmedAt = this.#current?.confirmedAt;
    if (this.#standing !== "member" || confirmedAt === undefined) return false;
    return elapsedMs(confirmedAt, now) <= 2.5 * this.#timings.keepaliveMs;
  }

  /** Whether a new incarnation has turned up since the last call: it waits to be named, and to answer. */
  takeTurnedUp(): boolean {
    const turnedUp = this.#turnedUp;
    this.#turnedUp = false;
    return turnedUp;
  }

  /** What happened to this peer since the last call. */
  takeEffects(): readonly MembershipEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** A genuine packet with this peer's name. @returns why it does not count, if it does not. */
  onHeartbeat(heartbeat: Heartbeat, path: string, now: Instant): Refusal | undefined {
    const retiredAt = this.#retired.get(heartbeat.incarnation);
    if (retiredAt !== undefined) return this.#refusalOfRetired(heartbeat, retiredAt);
    if (this.#current?.last.incarnation === heartbeat.incarnation) {
      return this.#onCurrent(this.#current, { heartbeat, path }, now);
    }
    const candidate = this.#candidates.get(heartbeat.incarnation);
    const refusal = candidate?.hear(heartbeat, this.#options.own, now);
    if (refusal !== undefined) return refusal;
    const heard = candidate ?? this.#addCandidate(heartbeat, now);
    if (!heard.isProven(now, this.#timings)) return "unconfirmed";
    if (this.#isAnotherMachine(heard, now)) return "duplicate-name";
    this.#adopt(heard, path, now);
    return undefined;
  }

  /** Time has passed. @param graceUntil until then no silence is a loss. */
  onTime(now: Instant, graceUntil: Instant | undefined): void {
    if (graceUntil !== undefined && now < graceUntil) return;
    const deadline = this.#standingDeadline();
    if (deadline !== undefined && now >= deadline) {
      this.#lose(this.#reasonOfSilence(now), now);
      return;
    }
    if (this.#standing !== "member") return;
    const current = this.#presentIncarnation();
    const lateAt = after(current.heardAt, this.#timings.warntimeMs);
    if (this.#late || now < lateAt) return;
    this.#late = true;
    const silentForMs = current.silentForMs(now);
    const incarnation = current.last.incarnation;
    this.#effects.push({ kind: "peer-late", peer: this.name, incarnation, silentForMs });
  }

  nextDeadline(graceUntil: Instant | undefined): Instant | undefined {
    const deadlines: (Instant | undefined)[] = [this.#standingDeadline()];
    if (this.#standing === "member") {
      const { heardAt } = this.#presentIncarnation();
      if (!this.#late) deadlines.push(after(heardAt, this.#timings.warntimeMs));
    }
    const deadline = earliest(...deadlines);
    if (deadline === undefined || graceUntil === undefined) return deadline;
    return deadline < graceUntil ? graceUntil : deadline;
  }

  /** What our packets say of it: its present incarnation first, then those that might become it. */
  heardEntries(now: Instant): readonly HeardEntry[] {
    const entries: HeardEntry[] = [];
    const current = this.#current;
    if (current !== undefined) {
      const hears = this.isMember || current.isHeard(now, this.#timings);
      entries.push(this.#entry(current, hears));
    }
    for (const candidate of this.#candidates.values()) {
      if (!candidate.isHeard(now, this.#timings)) continue;
      // One that we would refuse shall not take us for a member.
      entries.push(this.#entry(candidate, !this.#isAnotherMachine(candidate, now)));
    }
    return entries;
  }

  state(now: Instant): PeerState {
    const current = this.#current;
    const newest = current ?? [...this.#candidates.values()].at(-1);
    const heard = [...this.#candidates.values(), ...(current === undefined ? [] : [current])];
    return {
      name: this.name,
      standing: this.#standing,
      episode: current?.episode ?? 0,
      heard: heard.some((incarnation) => incarnation.isHeard(now, this.#timings)),
      late: this.#late,
      ...(current === undefined ? {} : { incarnation: current.last.incarnation }),
      ...(newest === undefined ? {} : { uuid: newest.last.uuid }),
      ...(newest === undefined ? {} : { silentForMs: newest.silentForMs(now) }),
      announcement: current?.last.announcement ?? {},
      addresses: current?.last.addresses ?? [],
      paths: this.#paths.state(),
    };
  }

  #onCurrent(
    current: Incarnation,
    { heartbeat, path }: { readonly heartbeat: Heartbeat; readonly path: string },
    now: Instant,
  ): Refusal | undefined {
    const before = current.last;
    const silentForMs = current.silentForMs(now);
    const refusal = current.hear(heartbeat, this.#options.own, now);
    if (refusal === "impossible-answer") return refusal;
    const isNew = refusal === undefined;
    const { sequence } = heartbeat;
    this.#effects.push(...this.#paths.onPacket({ path, sequence, isNew }, now));
    if (refusal !== undefined) return refusal;
    if (this.#late) {
      this.#late = false;
      const fields = { peer: this.name, silentForMs };
      this.#effects.push({ kind: "notice", level: "warn", code: "late-heartbeat", fields });
    }
    this.#review(current, now);
    if (this.isMember) this.#tellChanges(before, heartbeat);
    return undefined;
  }

  #tellChanges(before: Heartbeat, { announcement, addresses }: Heartbeat): void {
    if (!sameAnnouncement(before.announcement, announcement)) {
      this.#effects.push({ kind: "peer-announced", peer: this.name, announcement });
    }
    if (before.addresses.join() !== addresses.join()) {
      this.#effects.push({ kind: "peer-addresses", peer: this.name, addresses });
    }
  }

  #addCandidate(heartbeat: Heartbeat, now: Instant): Incarnation {
    const candidate = new Incarnation(heartbeat, this.#options.own, now);
    this.#candidates.set(heartbeat.incarnation, candidate);
    this.#turnedUp = true;
    if (this.#candidates.size > candidatesMax) {
      const [oldest] = [...this.#candidates].sort((a, b) => a[1].heardAt - b[1].heardAt);
      if (oldest !== undefined) this.#candidates.delete(oldest[0]);
    }
    return candidate;
  }

  /** A node of this name is alive already, and it is not the machine that this packet comes from. */
  #isAnotherMachine(candidate: Incarnation, now: Instant): boolean {
    const current = this.#current;
    if (current === undefined || current.last.uuid === candidate.last.uuid) return false;
    return this.isMember || (this.#standing !== "left" && current.isHeard(now, this.#timings));
  }

  #refusalOfRetired(heartbeat: Heartbeat, retiredAt: Instant): Refusal {
    const { own } = this.#options;
    const answered = own.sent.of(entryOf(heartbeat, own)?.sequence ?? 0);
    // It answers what we sent after its successor had come: both are alive.
    return answered !== undefined && answered > retiredAt ? "duplicate-name" : "old-incarnation";
  }

  #adopt(next: Incarnation, path: string, now: Instant): void {
    const previous = this.#current;
    // The others turned up before this one was proven, and may answer what was sent before it came: whoever of them
    // lives turns up again.
    this.#candidates.clear();
    this.#current = next;
    this.#paths.restart();
    const { sequence } = next.last;
    this.#effects.push(...this.#paths.onPacket({ path, sequence, isNew: true }, now));
    if (previous !== undefined) this.#retire(previous, next, now);
    if (next.last.uuid === this.#options.own.uuid) {
      const fields = { peer: this.name };
      this.#effects.push({ kind: "notice", level: "error", code: "shared-uuid", fields });
    }
    if (this.isMember) this.#becomeRestarted(previous, next);
    this.#review(next, now);
  }

  #retire(previous: Incarnation, next: Incarnation, now: Instant): void {
    this.#retired.set(previous.last.incarnation, now);
    const oldest = this.#retired.keys().next();
    if (this.#retired.size > retiredMax && oldest.done !== true) this.#retired.delete(oldest.value);
    if (previous.last.uuid !== next.last.uuid) {
      const fields = { peer: this.name, from: previous.last.uuid, to: next.last.uuid };
      this.#effects.push({ kind: "notice", level: "warn", code: "peer-uuid-changed", fields });
    }
  }

  #becomeRestarted(previous: Incarnation | undefined, next: Incarnation): void {
    assert(previous !== undefined, "a member has a present incarnation");
    if (this.#standing === "restarting") this.#move("member");
    this.#late = false;
    this.#effects.push({
      kind: "peer-restarted",
      peer: this.name,
      incarnation: next.last.incarnation,
      previous: previous.last.incarnation,
      rebooted: previous.last.bootId !== next.last.bootId,
      addresses: next.last.addresses,
      announcement: next.last.announcement,
    });
  }

  /** What the newest packet of the present incarnation means for where the peer stands. */
  #review(current: Incarnation, now: Instant): void {
    if (this.isMember && current.theirEpisode > current.episode) {
      this.#drop(current.hearsUs ? "declared-us-lost" : "does-not-hear-us", now);
    }
    if (this.isMember && !current.hearsUs) this.#lose("does-not-hear-us", now);
    if (!this.isMember) current.episode = Math.max(current.episode, current.theirEpisode);
    if (current.hasLeft || !current.isTwoWay(now, this.#timings)) return;
    switch (current.last.intent) {
      case "running":
        if (current.episode === current.theirEpisode) this.#join(current);
        return;
      case "restarting":
        if (this.#standing === "member") this.#hold(current, now);
        return;
      case "leaving":
        this.#leave(current);
        return;
      default:
        unreachable(current.last.intent);
    }
  }

  #join(current: Incarnation): void {
    if (this.#standing === "member") return;
    const wasRestarting = this.#standing === "restarting";
    this.#move("member");
    if (wasRestarting) return;
    this.#effects.push({
      kind: "member-joined",
      peer: this.name,
      incarnation: current.last.incarnation,
      episode: current.episode,
      uuid: current.last.uuid,
      addresses: current.last.addresses,
      announcement: current.last.announcement,
    });
  }

  #hold(current: Incarnation, now: Instant): void {
    const holdMs = Math.min(current.last.holdMs, this.#timings.restartHoldMsMax);
    this.#move("restarting");
    this.#holdUntil = after(now, holdMs);
    const fields = { peer: this.name, holdMs };
    this.#effects.push({ kind: "notice", level: "info", code: "peer-restarting", fields });
  }

  #leave(current: Incarnation): void {
    current.hasLeft = true;
    if (this.#standing === "left") return;
    this.#move("left");
    const incarnation = current.last.incarnation;
    this.#effects.push({ kind: "peer-left", peer: this.name, incarnation });
  }

  /** This side finds the loss: it counts one episode more, which tells the other side. */
  #lose(why: LossReason, now: Instant): void {
    if (this.isMember) this.#presentIncarnation().episode++;
    this.#drop(why, now);
  }

  #drop(why: LossReason, now: Instant): void {
    const { startedAt, heardBy } = this.#options;
    const current = this.#current?.last;
    const wasMember = this.isMember;
    this.#move("lost");
    this.#effects.push({
      kind: "peer-lost",
      peer: this.name,
      ...(wasMember && current !== undefined ? { incarnation: current.incarnation } : {}),
      why,
      silentForMs: this.#current?.silentForMs(now) ?? Math.round(elapsedMs(startedAt, now)),
      heardBy:
        current === undefined ? [] : heardBy(this.name, current.incarnation, current.sequence),
    });
  }

  #move(to: Standing): void {
    assert(legalMoves[this.#standing].includes(to), `a peer goes from ${this.#standing} to ${to}`);
    this.#standing = to;
    this.#late = false;
    this.#holdUntil = undefined;
  }

  /** When the present standing ends by itself. */
  #standingDeadline(): Instant | undefined {
    switch (this.#standing) {
      case "unheard":
        return after(this.#options.startedAt, this.#timings.initdeadMs);
      case "member":
        return this.#presentIncarnation().lossAt(this.#timings);
      case "restarting":
        return this.#holdUntil;
      case "lost":
      case "left":
        return undefined;
      default:
        return unreachable(this.#standing);
    }
  }

  #reasonOfSilence(now: Instant): LossReason {
    if (this.#standing === "restarting") return "hold-expired";
    const isHeard = this.heardEntries(now).some((entry) => entry.hears);
    if (this.#standing === "unheard") return isHeard ? "does-not-hear-us" : "never-heard";
    const isSilent = now >= this.#presentIncarnation().silentAt(this.#timings);
    return isSilent ? "silent" : "no-answer";
  }

  #presentIncarnation(): Incarnation {
    return present(this.#current, "the present incarnation of a member");
  }

  #entry(of: Incarnation, hears: boolean): HeardEntry {
    const { incarnation, sequence } = of.last;
    return { name: this.name, incarnation, sequence, episode: of.episode, hears };
  }
}
