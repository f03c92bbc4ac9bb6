/**
 * Notices that this node's own event loop stood still: the machine is turned later than it asked to be. What was
 * heard meanwhile is still queued, so a silence that ended in such a pause may be ours. Nobody is declared lost
 * until the loop has run again for as long as it stood still, at most for one keepalive: time to read what is
 * queued, and after a long pause for an answer to come.
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
   * @returns how late it is in ms when that is a pause worth telling (over a keepalive), else undefined.
   */
  onTurn(now: Instant, expectedBy: Instant): number | undefined {
    const lateMs = elapsedMs(expectedBy, now);
    if (lateMs <= this.#keepaliveMs / 5) {
      if (this.#graceUntil !== undefined && now >= this.#graceUntil) this.#endGrace();
      return undefined;
    }
    this.#gracesInARow++;
    if (this.#gracesInARow <= gracesInARowMax) {
      this.#graceUntil = after(now, Math.min(lateMs, this.#keepaliveMs));
    }
    return lateMs > this.#keepaliveMs ? lateMs : undefined;
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
