/**
 * Notices that this node's own event loop stood still: the machine is turned much later than it asked to be.
 * What was heard meanwhile is still queued, so a silence that ended in such a pause may be ours. Nobody is
 * declared lost until the loop has run for one more keepalive.
 */
import { after, elapsedMs, type Instant } from "../../base/time.ts";

/** A loop that stands still again and again must not keep a dead peer a member for ever. */
const gracesInARowMax = 4;

export class OwnPauses {
  readonly #keepaliveMs: number;
  #graceUntil: Instant | undefined;
  #gracesInARow = 0;

  constructor(keepaliveMs: number) {
    this.#keepaliveMs = keepaliveMs;
  }

  /**
   * To be called first on every turn.
   * @param expectedBy when the machine had asked to be turned at the latest.
   * @returns how late it is in ms when that is a pause, else undefined.
   */
  onTurn(now: Instant, expectedBy: Instant): number | undefined {
    const lateMs = elapsedMs(expectedBy, now);
    if (lateMs <= this.#keepaliveMs) {
      if (this.#graceUntil !== undefined && now >= this.#graceUntil) this.#endGrace();
      return undefined;
    }
    this.#gracesInARow++;
    if (this.#gracesInARow <= gracesInARowMax) this.#graceUntil = after(now, this.#keepaliveMs);
    return lateMs;
  }

  /** Until then no silence is a loss. */
  get graceUntil(): Instant | undefined {
    return this.#graceUntil;
  }

  #endGrace(): void {
    this.#graceUntil = undefined;
    this.#gracesInARow = 0;
  }
}
