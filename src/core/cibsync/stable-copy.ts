/**
 * The configuration on this node's stable storage. One write at a time; what is wanted meanwhile follows. The
 * lineage is written first: if only it gets there, it names a change that never was, and is cut at the next start.
 */
import { present } from "../../base/assert.ts";
import { after, type Instant } from "../../base/time.ts";
import { printXml } from "../../formats/xml/print-xml.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { withoutStatus } from "./configuration-copy.ts";
import { type Lineage, printLineage } from "./lineage.ts";
import type { LineageEntry, WriteStable } from "./types.ts";

export const retryMs = 5000;

/** What is to be stored, or is. */
export type Copy = { readonly cib: XmlElement; readonly lineage: Lineage };

export type StoreOutcome =
  | { readonly ok: true; readonly stored: LineageEntry }
  | { readonly ok: false; readonly error: string; readonly failed: LineageEntry };

export class StableCopy {
  #stored: LineageEntry;
  #wanted: Copy;
  #writing:
    | { readonly token: number; readonly copy: Copy; readonly isLineage: boolean }
    | undefined;
  #retryAt: Instant | undefined;
  #lastToken = 0;

  constructor(copy: Copy, isStored: boolean) {
    this.#wanted = copy;
    const entry = entryOfCopy(copy);
    this.#stored = isStored ? entry : { ...entry, digest: "" };
  }

  get stored(): LineageEntry {
    return this.#stored;
  }

  isStored(entry: LineageEntry): boolean {
    return this.#stored.digest === entry.digest && this.#stored.term === entry.term;
  }

  want(copy: Copy): readonly WriteStable[] {
    this.#wanted = copy;
    return this.#next();
  }

  onWritten(
    token: number,
    error: string | undefined,
    now: Instant,
  ): { readonly outcome?: StoreOutcome; readonly effects: readonly WriteStable[] } {
    const writing = this.#writing;
    if (writing?.token !== token) return { effects: [] };
    this.#writing = undefined;
    const entry = entryOfCopy(writing.copy);
    if (error !== undefined) {
      this.#retryAt = after(now, retryMs);
      return { outcome: { ok: false, error, failed: entry }, effects: [] };
    }
    if (writing.isLineage) return { effects: [this.#write(writing.copy, false)] };
    this.#stored = entry;
    return { outcome: { ok: true, stored: entry }, effects: this.#next() };
  }

  onTime(now: Instant): readonly WriteStable[] {
    if (this.#retryAt === undefined || now < this.#retryAt) return [];
    return this.#next();
  }

  nextDeadline(): Instant | undefined {
    return this.#retryAt;
  }

  #next(): readonly WriteStable[] {
    if (this.#writing !== undefined) return [];
    this.#retryAt = undefined;
    if (this.isStored(entryOfCopy(this.#wanted))) return [];
    return [this.#write(this.#wanted, true)];
  }

  #write(copy: Copy, isLineage: boolean): WriteStable {
    const token = ++this.#lastToken;
    this.#writing = { token, copy, isLineage };
    const [path, text] = isLineage
      ? ["cib.lineage", printLineage(copy.lineage)]
      : ["cib.xml", printXml(withoutStatus(copy.cib))];
    return { kind: "write-file", token, path, text };
  }
}

/** The last of its lineage is the copy's own entry. */
function entryOfCopy({ lineage }: Copy): LineageEntry {
  return present(lineage.at(-1), "the entry of a copy in its lineage");
}
