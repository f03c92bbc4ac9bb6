/** What happened lately, kept in memory for status pages and timelines; those who watch are told at once. */
import type { ClusterNotice } from "../../api/cluster-notice.ts";
import { Queue } from "../../base/queue.ts";

/** Some hours of an eventful cluster. */
const noticesMax = 2000;

export type NewNotice = Pick<ClusterNotice, "level" | "code" | "message" | "fields">;

export class NoticeRing {
  readonly #node: string;
  readonly #notices = new Queue<ClusterNotice>();
  readonly #listeners = new Set<(notice: ClusterNotice) => void>();
  #lastNumber = 0;

  constructor(node: string) {
    this.#node = node;
  }

  add(notice: NewNotice): void {
    const kept: ClusterNotice = {
      ...notice,
      number: ++this.#lastNumber,
      atMs: Date.now(),
      monotonicMs: Number(process.hrtime.bigint()) / 1e6,
      node: this.#node,
    };
    this.#notices.push(kept);
    if (this.#notices.size > noticesMax) this.#notices.shift();
    for (const listener of [...this.#listeners]) listener(kept);
  }

  /** The last ones, oldest first. */
  last(count: number): readonly ClusterNotice[] {
    return [...this.#notices].slice(-count);
  }

  /** @returns what ends it. */
  watch(listener: (notice: ClusterNotice) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
