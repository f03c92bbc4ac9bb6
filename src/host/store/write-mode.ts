/**
 * Whether writes into the page cache are made on the event loop or in the thread pool. On the loop they cost two
 * thread switches less, which is most of a small write's time; but when the kernel throttles those who dirty pages
 * quicker than the disk takes them, or the disk hangs, a write blocks, and with it everything else of this process,
 * the answers to the peer's pings included. So one write that takes long sends the following ones to the pool for a
 * while, and longer if one soon after that takes long again.
 */

/**
 * A write that takes longer than this was held up by the kernel: a throttled writer sleeps 10 to 200 ms at a time.
 * One that only had to share the processor with others, on a busy machine, takes some ms.
 */
const slowMs = 20;
/** For each MiB of a longer write, at memory speed with room for a busy machine. */
const slowMsPerMiB = 6;
const poolMsMin = 250;
const poolMsMax = 16_000;
/** A slow write so soon after a time in the pool means that it was too short. */
const forgetMs = 1000;

const mebibyte = 1024 * 1024;

export class WriteMode {
  #poolUntil = 0;
  #poolMs = poolMsMin;

  isSynchronous(now: number): boolean {
    return now >= this.#poolUntil;
  }

  /** Tells how long a write on the event loop took; times in ms. */
  took(lengthBytes: number, times: { readonly began: number; readonly ended: number }): void {
    const limitMs = slowMs + (lengthBytes / mebibyte) * slowMsPerMiB;
    if (times.ended - times.began <= limitMs) return;
    const isFirst = this.#poolUntil === 0 || times.began - this.#poolUntil > forgetMs;
    this.#poolMs = isFirst ? poolMsMin : Math.min(2 * this.#poolMs, poolMsMax);
    this.#poolUntil = times.ended + this.#poolMs;
  }
}
