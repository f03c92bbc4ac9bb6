/** What happened in a run: a hash of all of it, and the last lines, or all when they are asked for. */

/** So many last lines are kept for the report of a failure. */
const keptLines = 400;

export class Trace {
  #low = 0x811c9dc5;
  #high = 0x01000193;
  #lines: string[] = [];
  #count = 0;
  readonly #print: ((line: string) => void) | undefined;

  /** @param print gets every line as it is written. */
  constructor(print?: (line: string) => void) {
    this.#print = print;
  }

  get count(): number {
    return this.#count;
  }

  write(line: string): void {
    this.#count++;
    for (let i = 0; i < line.length; i++) {
      const c = line.charCodeAt(i);
      this.#low = Math.imul(this.#low ^ c, 0x01000193) >>> 0;
      this.#high = Math.imul(this.#high ^ (c + i), 0x85ebca6b) >>> 0;
    }
    if (this.#print !== undefined) {
      this.#print(line);
      return;
    }
    this.#lines.push(line);
    if (this.#lines.length > 2 * keptLines) this.#lines = this.#lines.slice(-keptLines);
  }

  /** 16 hex digits: equal runs have equal hashes. */
  hash(): string {
    const hex = (n: number): string => n.toString(16).padStart(8, "0");
    return hex(this.#high) + hex(this.#low);
  }

  lastLines(): readonly string[] {
    return this.#lines.slice(-keptLines);
  }
}
