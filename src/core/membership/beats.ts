/** When heartbeats are sent: one each keepalive, and further ones, not too many, when somebody should know at once. */
import { after, earliest, elapsedMs, type Instant } from "../../base/time.ts";

export class Beats {
  readonly #keepaliveMs: number;
  #regularAt: Instant;
  #extraAt: Instant | undefined;
  #lastAt: Instant | undefined;

  constructor(keepaliveMs: number, startAt: Instant) {
    this.#keepaliveMs = keepaliveMs;
    this.#regularAt = startAt;
  }

  /** A packet is wanted at once; at most ten in a keepalive are sent, whoever wants them. */
  wantSoon(now: Instant): void {
    const gapMs = this.#keepaliveMs / 10;
    const earliestAt = this.#lastAt === undefined ? now : after(this.#lastAt, gapMs);
    const at = earliestAt > now ? earliestAt : now;
    this.#extraAt = earliest(this.#extraAt, at);
  }

  /** What is to be sent at this time, if anything is. To be called once; it counts as sent. */
  take(now: Instant): "regular" | "extra" | undefined {
    const regular = now >= this.#regularAt;
    const extra = this.#extraAt !== undefined && now >= this.#extraAt;
    if (!regular && !extra) return undefined;
    this.#extraAt = undefined;
    this.#lastAt = now;
    if (!regular) return "extra";
    const onTime = elapsedMs(this.#regularAt, now) < this.#keepaliveMs;
    this.#regularAt = after(onTime ? this.#regularAt : now, this.#keepaliveMs);
    return "regular";
  }

  nextDeadline(): Instant {
    return earliest(this.#regularAt, this.#extraAt) ?? this.#regularAt;
  }
}
