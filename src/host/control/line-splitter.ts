/** Text that comes in parts -> lines. What has come of a line is looked at once, however many parts it comes in. */

export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #parts: string[] = [];
  #pending = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** Characters of the line that has not ended. */
  get pending(): number {
    return this.#pending;
  }

  add(part: string): void {
    let from = 0;
    for (let end = part.indexOf("\n"); end >= 0; end = part.indexOf("\n", from)) {
      this.#keep(part.slice(from, end));
      const line = this.#parts.join("");
      this.#parts = [];
      this.#pending = 0;
      from = end + 1;
      this.#onLine(line);
    }
    this.#keep(part.slice(from));
  }

  #keep(piece: string): void {
    if (piece === "") return;
    this.#parts.push(piece);
    this.#pending += piece.length;
  }
}
