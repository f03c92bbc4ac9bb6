/** What two disks say of their differences, by their metadata alone; and what their differences are. */
import { alExtentBytes } from "../../src/core/replication/metadata/activity-log.ts";
import { activeExtents } from "../../src/core/replication/metadata/al-ring.ts";
import { Bitmap, bitmapPageBytes, blockBytes } from "../../src/core/replication/metadata/bitmap.ts";
import { readMetadata } from "../../src/core/replication/offline/read-metadata.ts";
import { alBlockBytes } from "../../src/formats/drbd/activity-log-block.ts";
import { sectorBytes } from "../../src/formats/drbd/packet-flags.ts";
import { MdFlag, type Superblock } from "../../src/formats/drbd/superblock.ts";
import type { SimDisk } from "../kernel/sim-disk.ts";

/** Blocks that a node, if it lost power now, would count as different: to be asked at once, before anything is written. */
export type DiskMarks = { readonly superblock: Superblock; marks(block: number): boolean };

/** From what is on stable storage. Undefined without readable metadata. */
export function marksOf(disk: SimDisk): DiskMarks | undefined {
  const device = {
    sizeBytes: disk.sizeBytes,
    read: (offset: number, length: number) => disk.readStable(offset, length),
    write: () => {},
    flush: () => {},
  };
  const found = readMetadata({ data: device, meta: device }, { kind: "internal" });
  if (!found.ok) return undefined;
  const { superblock, layout } = found.value;
  const at = (sectors: number): number => (layout.superblockSector + sectors) * sectorBytes;
  const whole = (superblock.flags & MdFlag.FullSync) !== 0;
  const bitmap = new Bitmap(superblock.laSizeSectors * sectorBytes);
  if (bitmap.pages > 0)
    bitmap.load(0, disk.readStable(at(layout.bmOffset), bitmap.pages * bitmapPageBytes));
  // Looked at only for a block that the bitmap does not have: to read the log takes long.
  let active: ReadonlySet<number> | undefined;
  const activeNow = (): ReadonlySet<number> => {
    if ((superblock.flags & MdFlag.PrimaryInd) === 0) return new Set();
    const length = layout.al.stripes * layout.al.stripeSize4k * alBlockBytes;
    const extents = activeExtents(disk.readStable(at(layout.alOffset), length), layout.al);
    return new Set(extents.ok ? extents.value : []);
  };
  const perExtent = alExtentBytes / blockBytes;
  return {
    superblock,
    marks: (block) => {
      if (whole || (block < bitmap.bits && bitmap.isSet(block))) return true;
      active ??= activeNow();
      return active.has(Math.floor(block / perExtent));
    },
  };
}

/** Which blocks of two disks differ, as a reader sees them: only what has changed is compared. */
export class Differences {
  readonly #a: SimDisk;
  readonly #b: SimDisk;
  readonly #blocks: number;
  readonly #differing = new Set<number>();

  /** The two are equal at this moment, or were never written to. */
  constructor(a: SimDisk, b: SimDisk, sizeBytes: number) {
    this.#a = a;
    this.#b = b;
    this.#blocks = sizeBytes / blockBytes;
  }

  /** Ascending. */
  find(): readonly number[] {
    for (const disk of [this.#a, this.#b]) {
      for (const block of disk.changedBlocks) if (block < this.#blocks) this.#compare(block);
      disk.changedBlocks.clear();
    }
    return [...this.#differing].sort((x, y) => x - y);
  }

  #compare(block: number): void {
    const a = this.#words(this.#a, block);
    const b = this.#words(this.#b, block);
    for (let i = 0; i < a.length; i++) {
      if (a[i] === b[i]) continue;
      this.#differing.add(block);
      return;
    }
    this.#differing.delete(block);
  }

  #words(disk: SimDisk, block: number): Uint32Array {
    const bytes = disk.peek(block * blockBytes, blockBytes);
    return new Uint32Array(bytes.buffer, bytes.byteOffset, blockBytes / 4);
  }
}
