/** A host's /var/lib/holdfast: a file is replaced as a whole, and a crash in the middle leaves the old or the new one. */
import type { Prng } from "../../../src/base/prng.ts";
import type { SimClock } from "../../kernel/sim-clock.ts";

export class StoredFiles {
  readonly #clock: SimClock;
  readonly #prng: Prng;
  readonly #texts = new Map<string, string>();
  readonly #kept = new Map<string, string>();
  #writing: { readonly path: string; readonly text: string }[] = [];
  /** Writes fail with this error while it is set. */
  error: string | undefined;
  /** A lie: a write is said to be stable, and is not (to see whether the laws notice). */
  pretends = false;

  constructor(clock: SimClock, prng: Prng) {
    this.#clock = clock;
    this.#prng = prng;
  }

  read(path: string): string | undefined {
    return this.#texts.get(path);
  }

  /** A person keeps files aside, or puts back what was kept. */
  copy(paths: readonly string[]): void {
    for (const path of paths) {
      const text = this.#texts.get(path);
      if (text !== undefined) this.#kept.set(path, text);
    }
  }

  restore(): void {
    for (const [path, text] of this.#kept) this.#texts.set(path, text);
  }

  write(path: string, text: string, done: (error?: string) => void): void {
    const { error } = this;
    if (error !== undefined) {
      this.#clock.after(1, () => done(error));
      return;
    }
    const write = { path, text };
    if (!this.pretends) this.#writing.push(write);
    this.#clock.after(1 + this.#prng.below(8), () => {
      const at = this.#writing.indexOf(write);
      if (at < 0 && !this.pretends) return;
      if (at >= 0) this.#writing.splice(at, 1);
      if (!this.pretends) this.#texts.set(path, text);
      done();
    });
  }

  remove(path: string): void {
    this.#texts.delete(path);
  }

  /** Another machine's, which has nothing yet. */
  wipe(): void {
    this.#texts.clear();
    this.#kept.clear();
    this.#writing = [];
  }

  /** The writer is gone: each write under way has happened or has not. */
  crash(): void {
    for (const { path, text } of this.#writing) {
      if (this.#prng.chance(0.5)) this.#texts.set(path, text);
    }
    this.#writing = [];
  }
}
