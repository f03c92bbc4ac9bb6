/**
 * What was written on two nodes, together or apart, and which content stands on which: every write knows what its
 * writer's copy held before it. A copy has a write when its content is that write's or came upon it. So nothing that was
 * acknowledged can be lost unnoticed, in a split brain either.
 */
import { blockBytes } from "../../../src/core/replication/metadata/bitmap.ts";
import { type SimDisk, simSectorBytes } from "../../kernel/sim-disk.ts";
import type { SimNode } from "../sim-node.ts";

export type LineageWrite = {
  readonly id: number;
  readonly node: SimNode;
  readonly block: number;
  readonly blocks: number;
  /** By block: what the writer's copy held. */
  readonly bases: readonly ReadonlySet<number>[];
  readonly issued: number;
  ended: number | undefined;
  acked: boolean;
  /** It must not be lost any more: acknowledged under protocol C, and no one has said that it may go. */
  promised: boolean;
  /** A flush that was asked for after its end has been answered. */
  stable: boolean;
};

export class Lineage {
  readonly #writes = new Map<number, LineageWrite>();
  /** By block, in the order of their being issued. */
  readonly #byBlock = new Map<number, LineageWrite[]>();
  #order = 1;

  /** @param copy the disk that the writer sees. */
  issue(
    node: SimNode,
    range: { readonly block: number; readonly blocks: number },
    copy: SimDisk,
  ): LineageWrite {
    const { block, blocks } = range;
    const id = this.#writes.size + 1;
    const write: LineageWrite = {
      ...{ id, node, block, blocks, issued: this.#order++ },
      bases: Array.from({ length: blocks }, (_, i) => idsAt(copy, block + i)),
      ...{ ended: undefined, acked: false, promised: false, stable: false },
    };
    this.#writes.set(id, write);
    for (let i = 0; i < blocks; i++) {
      const list = this.#byBlock.get(block + i);
      if (list === undefined) this.#byBlock.set(block + i, [write]);
      else list.push(write);
    }
    return write;
  }

  end(write: LineageWrite, acked: boolean): void {
    write.ended = this.#order++;
    write.acked = acked;
  }

  /** The order of this moment among all that is issued and ended. */
  mark(): number {
    return this.#order++;
  }

  /** A flush that was asked for at `mark` is answered. */
  flushed(mark: number): void {
    for (const write of this.#writes.values())
      if (write.acked && write.ended !== undefined && write.ended < mark) write.stable = true;
  }

  /** A power cut: what was not flushed is promised no longer. */
  forgetUnstable(): void {
    for (const write of this.#writes.values()) if (!write.stable) write.promised = false;
  }

  /** Discarded: what these blocks hold is of no interest any more, only that both copies hold the same. */
  forget(block: number, blocks: number): void {
    for (let i = block; i < block + blocks; i++) this.#byBlock.delete(i);
  }

  /** Blocks that were ever written, ascending. */
  blocks(): readonly number[] {
    return [...this.#byBlock.keys()].sort((a, b) => a - b);
  }

  writesAt(block: number): readonly LineageWrite[] {
    return this.#byBlock.get(block) ?? [];
  }

  /** Is the write, or what came upon it, in all blocks of this copy? */
  has(disk: SimDisk, write: LineageWrite): boolean {
    for (let i = 0; i < write.blocks; i++)
      if (this.#counts(write, write.block + i) && !this.hasAt(disk, write, write.block + i))
        return false;
    return true;
  }

  hasAt(disk: SimDisk, write: LineageWrite, block: number): boolean {
    for (const id of idsAt(disk, block)) if (!this.#descends(id, write.id, block)) return false;
    return true;
  }

  #counts(write: LineageWrite, block: number): boolean {
    return this.#byBlock.get(block)?.includes(write) === true;
  }

  #descends(id: number, ancestor: number, block: number): boolean {
    if (id === ancestor) return true;
    const write = this.#writes.get(id);
    if (write === undefined) return false;
    for (const base of write.bases[block - write.block] ?? [])
      if (this.#descends(base, ancestor, block)) return true;
    return false;
  }
}

/** The bytes of a write: each sector names it. */
export function contentOf(write: LineageWrite): Uint8Array {
  const bytes = new Uint8Array(write.blocks * blockBytes);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += 8) {
    view.setUint32(at, write.id);
    view.setUint32(
      at + 4,
      write.block * (blockBytes / simSectorBytes) + Math.floor(at / simSectorBytes),
    );
  }
  return bytes;
}

/** The writes that a block's sectors name; 0 for zeros. */
function idsAt(disk: SimDisk, block: number): ReadonlySet<number> {
  return idsIn(disk.peek(block * blockBytes, blockBytes));
}

export function idsIn(bytes: Uint8Array): ReadonlySet<number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ids = new Set<number>();
  for (let at = 0; at < bytes.length; at += simSectorBytes) ids.add(view.getUint32(at));
  return ids;
}
