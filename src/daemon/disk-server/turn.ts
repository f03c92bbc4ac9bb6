/**
 * One turn: everything that follows from one thing that happened outside (bytes came, a write ended, a timer ran
 * out). What was only worth doing once, such as handing the gathered bytes to the kernel, is done when a turn ends.
 */
export class Turn {
  #depth = 0;
  readonly #ends: (() => void)[] = [];

  run(body: () => void): void {
    this.#depth++;
    try {
      body();
      if (this.#depth === 1) this.#end();
    } finally {
      this.#depth--;
    }
  }

  /** Does the action when the present turn ends; actions may ask for further ones. */
  atEnd(action: () => void): void {
    if (this.#depth === 0) this.run(() => this.#ends.push(action));
    else this.#ends.push(action);
  }

  #end(): void {
    // An action may add actions behind itself.
    for (let i = 0; i < this.#ends.length; i++) this.#ends[i]?.();
    this.#ends.length = 0;
  }
}
