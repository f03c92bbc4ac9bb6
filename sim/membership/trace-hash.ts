/** A 64-bit fingerprint of a run's events: equal seeds must give equal ones. FNV-1a twice, with two bases. */
export class TraceHash {
  #a = 0x811c9dc5;
  #b = 0x01234567;

  add(line: string): void {
    for (let i = 0; i < line.length; i++) {
      const code = line.charCodeAt(i);
      this.#a = Math.imul(this.#a ^ code, 0x01000193) >>> 0;
      this.#b = Math.imul(this.#b ^ code, 0x01000193) >>> 0;
    }
    this.#b = (this.#b ^ (this.#a >>> 7)) >>> 0;
  }

  text(): string {
    return [this.#a, this.#b].map((part) => part.toString(16).padStart(8, "0")).join("");
  }
}
