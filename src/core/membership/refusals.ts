/**
 * Packets that do not count are counted, and told to people at a bounded rate: the first of a kind at once, then
 * one notice a minute while more come. Its memory does not grow with what strangers send.
 */
import { after, type Instant } from "../../base/time.ts";
import type { MembershipNotice, Refusal, RefusalCode, RefusalFields } from "./types.ts";

const refusalNoticeEveryMs = 60_000;

type Told = { readonly code: RefusalCode; readonly level: "info" | "warn" | "error" };

/** Undefined: it happens on every healthy network, and nobody needs to hear of it. */
const told: Readonly<Record<Refusal, Told | undefined>> = {
  foreign: { code: "HF3010", level: "info" },
  "heartbeat-2": { code: "HF3011", level: "warn" },
  "bad-signature": { code: "HF3012", level: "warn" },
  "unknown-key": { code: "HF3013", level: "warn" },
  "other-version": { code: "HF3014", level: "warn" },
  malformed: { code: "HF3015", level: "warn" },
  "unknown-node": { code: "HF3016", level: "warn" },
  "old-incarnation": { code: "HF3017", level: "warn" },
  "impossible-answer": { code: "HF3018", level: "warn" },
  "duplicate-name": { code: "HF3019", level: "error" },
  twin: { code: "HF3020", level: "error" },
  "own-name": undefined,
  "out-of-sequence": undefined,
  unconfirmed: undefined,
};

type Tally = { total: number; untold: number; quietUntil: Instant | undefined };

export type RefusedPacket = Omit<RefusalFields, "count">;

export class Refusals {
  readonly #tallies = new Map<Refusal, Tally>();

  /** @returns the notice that is due, if one is. */
  count(packet: RefusedPacket, now: Instant): MembershipNotice | undefined {
    const tally = this.#tallyOf(packet.reason);
    tally.total++;
    tally.untold++;
    const how = told[packet.reason];
    if (how === undefined) return undefined;
    if (tally.quietUntil !== undefined && now < tally.quietUntil) return undefined;
    const count = tally.untold;
    tally.untold = 0;
    tally.quietUntil = after(now, refusalNoticeEveryMs);
    return { kind: "notice", level: how.level, code: how.code, fields: { ...packet, count } };
  }

  totals(): Readonly<Record<Refusal, number>> {
    const reasons = Object.keys(told) as Refusal[];
    return Object.fromEntries(
      reasons.map((reason) => [reason, this.#tallies.get(reason)?.total ?? 0]),
    ) as Record<Refusal, number>;
  }

  #tallyOf(reason: Refusal): Tally {
    const known = this.#tallies.get(reason);
    if (known !== undefined) return known;
    const tally: Tally = { total: 0, untold: 0, quietUntil: undefined };
    this.#tallies.set(reason, tally);
    return tally;
  }
}
