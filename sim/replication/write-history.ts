/**
 * What was asked to be written, sector by sector, and what follows from it about what may be read: the model that the
 * checkers hold the disks against.
 *
 * A write takes the place of another if it was acknowledged and the other had ended before it was issued. Of the rest
 * any may be there: those that were under way together have no order, and one that was never acknowledged may have
 * happened or not.
 */
import { assert } from "../../src/base/assert.ts";
import { simSectorBytes } from "../kernel/sim-disk.ts";

export type WriteRecord = {
  readonly id: number;
  readonly zero: boolean;
  readonly offset: number;
  readonly length: number;
  readonly issued: number;
  /** When it was answered, or its asker died; undefined while it is under way. */
  ended: number | undefined;
  acked: boolean;
  /** Acknowledged, and a flush after that too: it survives every power cut. */
  stable: boolean;
};

export class WriteHistory {
  #order = 1;
  #nextId = 1;
  /** By sector: the writes whose content may still be seen, or was stable last, in the order of their being issued. */
  readonly #sectors = new Map<number, WriteRecord[]>();
  readonly #unstable = new Set<WriteRecord>();
  readonly #initial: WriteRecord = {
    id: 0,
    zero: true,
    offset: 0,
    length: 0,
    issued: 0,
    ended: 0,
    acked: true,
    stable: true,
  };

  issue(offset: number, length: number, zero: boolean): WriteRecord {
    const record: WriteRecord = {
      id: this.#nextId++,
      zero,
      offset,
      length,
      issued: this.#order++,
      ended: undefined,
      acked: false,
      stable: false,
    };
    for (const sector of sectorsOf(record)) {
      const list = this.#sectors.get(sector);
      if (list === undefined) this.#sectors.set(sector, [this.#initial, record]);
      else list.push(record);
    }
    return record;
  }

  /** The bytes of a write: each sector names the write and itself. */
  contentOf(record: WriteRecord): Uint8Array {
    const bytes = new Uint8Array(record.length);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < record.length; at += 8) {
      view.setUint32(at, record.id);
      view.setUint32(at + 4, Math.floor((record.offset + at) / simSectorBytes));
    }
    return bytes;
  }

  acknowledge(record: WriteRecord): void {
    record.ended = this.#order++;
    record.acked = true;
    this.#unstable.add(record);
  }

  /** Answered with an error, or never: nobody knows whether it happened. */
  giveUp(record: WriteRecord): void {
    record.ended ??= this.#order++;
  }

  /** To be called when a flush or a read is asked for; the result, when it is answered. */
  mark(): number {
    return this.#order++;
  }

  acknowledgeFlush(mark: number): void {
    for (const record of [...this.#unstable]) {
      if (record.ended !== undefined && record.ended < mark) this.makeStable(record);
    }
  }

  makeStable(record: WriteRecord): void {
    this.#unstable.delete(record);
    record.stable = true;
    for (const sector of sectorsOf(record)) {
      const list = this.#sectors.get(sector) ?? [];
      const kept = list.filter((other) => other === record || !replaces(record, other));
      this.#sectors.set(sector, kept);
    }
  }

  /** A power cut has taken, or may have taken, what was acknowledged but not flushed: it may be there or not. */
  doubtUnstable(): void {
    for (const record of this.#unstable) record.acked = false;
    this.#unstable.clear();
  }

  /**
   * Write-order fidelity of a copy that may lag: it shows no write without those that had ended before it was asked for.
   * @returns a sentence about the first that it does show.
   */
  orderFault(contentAt: (sector: number) => Uint8Array): string | undefined {
    let newest: WriteRecord | undefined;
    const missing: WriteRecord[] = [];
    for (const [sector, list] of this.#sectors) {
      const { id } = idOf(sector, contentAt(sector));
      // Zeros tell of no write in particular.
      const shown = id === 0 ? undefined : list.find((record) => record.id === id);
      if (shown !== undefined && shown.issued > (newest?.issued ?? 0)) newest = shown;
      const older = shown ?? list.findLast((record) => record.zero);
      for (const record of list)
        if (record.acked && !record.zero && older !== undefined && replaces(record, older))
          missing.push(record);
    }
    const lost = missing.find(({ ended = 0 }) => ended < (newest?.issued ?? 0));
    return lost && `it shows write ${newest?.id}, and not ${lost.id}, which had ended before`;
  }

  get hasUnstable(): boolean {
    return this.#unstable.size > 0;
  }

  /** Was anything asked for or answered about this sector since the mark? */
  touchedSince(sector: number, mark: number): boolean {
    const list = this.#sectors.get(sector) ?? [];
    return list.some(
      (record) => record.issued > mark || record.ended === undefined || record.ended > mark,
    );
  }

  sectors(): readonly number[] {
    return [...this.#sectors.keys()].sort((a, b) => a - b);
  }

  /**
   * What is wrong with this content of a sector; undefined if it is one that may be read. @param promised "stable": only
   * what was flushed has to be there, since the rest may be on its way still (protocols A and B).
   */
  judge(
    sector: number,
    content: Uint8Array,
    promised: "acked" | "stable" = "acked",
  ): string | undefined {
    const list = this.#sectors.get(sector) ?? [this.#initial];
    const { id, torn } = idOf(sector, content);
    if (torn) return `sector ${sector} holds a mixture`;
    const found = list.some(
      (record) => (record.zero ? id === 0 : record.id === id) && !replaced(record, list, promised),
    );
    if (found) return undefined;
    const names = list
      .filter((record) => !replaced(record, list, promised))
      .map((record) => `${record.zero ? "zeros of " : ""}${record.id}${record.acked ? "" : "?"}`);
    return `sector ${sector} holds write ${id}, but only ${names.join(", ")} may be there`;
  }
}

export function sectorsOf(range: { readonly offset: number; readonly length: number }): number[] {
  const first = range.offset / simSectorBytes;
  const count = range.length / simSectorBytes;
  assert(Number.isInteger(first) && Number.isInteger(count), "whole sectors");
  return Array.from({ length: count }, (_, i) => first + i);
}

/** An acknowledged write has taken its place. */
function replaced(
  record: WriteRecord,
  list: readonly WriteRecord[],
  promised: "acked" | "stable",
): boolean {
  return list.some((other) => other[promised] && other.acked && replaces(other, record));
}

function replaces(newer: WriteRecord, older: WriteRecord): boolean {
  return newer !== older && older.ended !== undefined && older.ended <= newer.issued;
}

/** The write that a sector's content names; 0 for zeros. */
function idOf(
  sector: number,
  content: Uint8Array,
): { readonly id: number; readonly torn: boolean } {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const id = view.getUint32(0);
  for (let at = 0; at < content.length; at += 8) {
    if (view.getUint32(at) !== id) return { id, torn: true };
    if (view.getUint32(at + 4) !== (id === 0 ? 0 : sector)) return { id, torn: true };
  }
  return { id, torn: false };
}
