/**
 * One start of a node's daemon, as its packets show it. It is known by the random number that it chose; what it
 * says counts only when it proves to be of the present: its packets name our own present number, and
 * answer a packet that we sent lately.
 *
 * So a recorded packet proves nothing: neither one from before our start (it names another number of ours), nor
 * one that was held back (it answers an old packet), nor one that was seen (its sequence number is used up), nor
 * one of an earlier start of its node (it cannot answer what we sent after it turned up).
 */
import { after, earliest, elapsedMs, type Instant } from "../../base/time.ts";
import type { HeardEntry, Heartbeat } from "../../formats/cluster-packet/heartbeat.ts";
import type { SentTimes } from "./sent-times.ts";
import type { MembershipTimings, Refusal } from "./types.ts";

/** This node, as its peers' packets may name it. */
export type Own = {
  readonly name: string;
  readonly uuid: string;
  readonly incarnation: bigint;
  readonly sent: SentTimes;
};

export class Incarnation {
  /** Its last packet that was in sequence. */
  last: Heartbeat;
  heardAt: Instant;
  /** The newest packet of ours when it turned up. Who answers a later one was alive after that. */
  readonly #challenge: number;
  /** Whether that packet says that it hears us. */
  hearsUs = false;
  /** The newest packet of ours that it has. */
  answered = 0;
  /** When that packet was sent: it was alive, and within our reach, at some time after. */
  confirmedAt: Instant | undefined;
  /** How many times we and it have lost each other: the higher of what we and it have counted is right. */
  episode = 0;
  theirEpisode = 0;
  /** It has left, orderly: whatever comes of it is a repetition. */
  hasLeft = false;

  constructor(first: Heartbeat, own: Own, now: Instant) {
    this.last = first;
    this.heardAt = now;
    this.#challenge = own.sent.last;
    this.#readAnswer(first, own);
  }

  /** A further genuine packet of this incarnation. @returns why it does not count, if it does not. */
  hear(heartbeat: Heartbeat, own: Own, now: Instant): Refusal | undefined {
    if (heartbeat.sequence <= this.last.sequence) return "out-of-sequence";
    if ((entryOf(heartbeat, own)?.sequence ?? 0) > own.sent.last) return "impossible-answer";
    this.last = heartbeat;
    this.heardAt = now;
    this.#readAnswer(heartbeat, own);
    return undefined;
  }

  /** Both ways and of the present: heard, hearing us, and lately. */
  isTwoWay(now: Instant, timings: MembershipTimings): boolean {
    return this.hearsUs && now < this.silentAt(timings) && now < this.unconfirmedAt(timings);
  }

  /** It lives, and is no recording of one that did: it has answered what we sent since it turned up. */
  isProven(now: Instant, timings: MembershipTimings): boolean {
    return this.answered > this.#challenge && this.isTwoWay(now, timings);
  }

  isHeard(now: Instant, timings: MembershipTimings): boolean {
    return now < this.silentAt(timings);
  }

  /** When it counts as silent, unless it is heard before. */
  silentAt(timings: MembershipTimings): Instant {
    return after(this.heardAt, timings.deadtimeMs);
  }

  /**
   * When its answers are too old to show that it lives now. One and a half keepalives later than silence: an
   * answer waits for its sender's next heartbeat, and has to travel.
   */
  unconfirmedAt(timings: MembershipTimings): Instant {
    if (this.confirmedAt === undefined) return this.heardAt;
    return after(this.confirmedAt, timings.deadtimeMs + 1.5 * timings.keepaliveMs);
  }

  lossAt(timings: MembershipTimings): Instant {
    return earliest(this.silentAt(timings), this.unconfirmedAt(timings)) ?? this.heardAt;
  }

  /** In whole milliseconds. */
  silentForMs(now: Instant): number {
    return Math.round(elapsedMs(this.heardAt, now));
  }

  #readAnswer(heartbeat: Heartbeat, own: Own): void {
    const entry = entryOf(heartbeat, own);
    this.hearsUs = entry?.hears ?? false;
    if (entry === undefined) return;
    this.theirEpisode = entry.episode;
    if (entry.sequence <= this.answered || entry.sequence > own.sent.last) return;
    this.answered = entry.sequence;
    this.confirmedAt = own.sent.of(entry.sequence) ?? this.confirmedAt;
  }
}

/** What the packet says of us, as we are since our start. */
export function entryOf(heartbeat: Heartbeat, own: Own): HeardEntry | undefined {
  return heartbeat.heard.find(
    (entry) => entry.name === own.name && entry.incarnation === own.incarnation,
  );
}
