/**
 * The agents are async code. Whatever may let such code go on says so here, and the run lets all of it go as far as it
 * comes before time passes: so a run has one order, that of its seed.
 */

// Taken before a run makes the global one throw.
const soon = setImmediate;

export class PromiseWork {
  #touched = false;

  /** A promise may have been settled, or async code begun. */
  touch(): void {
    this.#touched = true;
  }

  async settle(): Promise<void> {
    while (this.#touched) {
      this.#touched = false;
      // All microtasks are done before the next macrotask begins.
      await new Promise<void>((resolve) => soon(resolve));
    }
  }
}
