/**
 * Saving what a resync is going to overwrite on this node, and bringing it back.
 *
 * What is saved is this node's content of every block that either side has changed since the generations parted: with
 * those alone back in their places the volume is, byte for byte, what it was here. This node's own blocks come from its
 * bitmap, the peer's are told by `collect`.
 */
import type { DiskUndo } from "../../../api/disk-protocol.ts";
import type { DiskResourceStatus, DiskVolumeStatus } from "../../../api/disk-status.ts";
import { UserError } from "../../../api/user-error.ts";
import { assert } from "../../../base/assert.ts";
import type { ChangedBlocks } from "../../../core/replication/generation/changed-blocks.ts";
import {
  bringBackObjections,
  type CopyFacts,
  saveObjections,
  undoObjection,
} from "../../../core/replication/generation/undo-rules.ts";
import { Bitmap, blockBytes } from "../../../core/replication/metadata/bitmap.ts";
import type { UndoHeader, UndoRange } from "../../../formats/undo/undo-file.ts";
import type { Store } from "../../../ports/store.ts";
import { applyUndo } from "./apply-undo.ts";
import type { OwnWrites } from "./own-writes.ts";
import { peekUndo } from "./read-undo.ts";
import { removeUndo, undoPaths } from "./undo-directory.ts";
import { digestsOf, writeMarks } from "./undo-marks.ts";
import { writeUndo } from "./write-undo.ts";

/** Runs asked of the machine at a time. */
const runsMax = 20_000;

export type UndoDeskOptions = {
  readonly node: string;
  readonly peer: string;
  readonly status: () => DiskResourceStatus;
  readonly changedBlocks: (of: {
    readonly volume: number;
    readonly from: number;
    readonly runsMax: number;
  }) => ChangedBlocks | undefined;
  readonly store: (volume: number) => Store | undefined;
  readonly writes: OwnWrites;
};

export class UndoDesk {
  readonly #options: UndoDeskOptions;
  /** What the peer has changed, as told, by volume. */
  readonly #collected = new Map<number, Bitmap>();
  #isApplying = false;

  constructor(options: UndoDeskOptions) {
    this.#options = options;
  }

  /** Nobody else may use a volume now: half of it is of another time. */
  get isApplying(): boolean {
    return this.#isApplying;
  }

  changedBlocks(volume: number, from: number): ChangedBlocks {
    const found = this.#options.changedBlocks({ volume, from, runsMax });
    if (found === undefined) throw noDisk(volume);
    return found;
  }

  /** @param runs first block and count, in turns; the first page begins a new collection. */
  collect(volume: number, runs: readonly number[], isFirst: boolean): void {
    const { sizeKib } = this.#volume(volume);
    const known = isFirst ? undefined : this.#collected.get(volume);
    const bitmap = known ?? new Bitmap(sizeKib * 1024);
    for (let i = 0; i < runs.length; i += 2) {
      const [first = 0, count = 0] = runs.slice(i, i + 2);
      if (first < 0 || count <= 0 || first >= bitmap.bits) continue;
      bitmap.set(first, Math.min(bitmap.bits, first + count));
    }
    this.#collected.set(volume, bitmap);
  }

  /** @throws UserError HF2183 unless the copy stands still: Secondary, StandAlone, not in use. */
  async save(
    volume: number,
    of: { readonly peerCurrent: string; readonly reason: string },
  ): Promise<DiskUndo> {
    const store = this.#store(volume);
    const before = this.#standingStill(volume);
    const bitmap = this.#collected.get(volume) ?? new Bitmap(before.sizeKib * 1024);
    this.#collected.delete(volume);
    this.#addOwn(volume, bitmap);
    const saved = await writeUndo(
      this.#header(before, { ...of, ranges: rangesOf(bitmap, before.sizeKib * 1024) }),
      store,
    );
    const after = this.#standingStill(volume);
    assert(
      after.generation?.current === before.generation?.current &&
        after.counters.outOfSyncKib === before.counters.outOfSyncKib,
      "a Secondary that is StandAlone does not change",
    );
    return saved;
  }

  /**
   * The resync is over: what it has put in the saved places is noted.
   * @param usedMeanwhile the copy that was kept was written since the saving began.
   */
  async seal(file: string, usedMeanwhile: boolean): Promise<void> {
    const header = await peekUndo(file);
    if (header === undefined) throw new UserError("HF2182", `${file} is no undo file`);
    const sha256 = await digestsOf(this.#store(header.volume), header.ranges);
    await writeMarks(file, { usedMeanwhile, sha256 });
  }

  /** The newest first. */
  async list(): Promise<readonly DiskUndo[]> {
    const found: DiskUndo[] = [];
    for (const file of await undoPaths(this.#options.status().name)) {
      const header = await peekUndo(file);
      if (header === undefined) continue;
      const { resource, volume, node, savedAtMs, reason, ranges } = header;
      const dataKib = ranges.reduce((sum, { length }) => sum + length, 0) / 1024;
      found.push({ file, resource, volume, node, savedAtMs, reason, dataKib });
    }
    return found;
  }

  /** @throws UserError HF2182 unless it is one of this resource's undo files. */
  async forget(file: string): Promise<void> {
    if (this.#isApplying) throw new UserError("HF2183", "changes are being brought back now");
    // Safety: a name that comes over a socket deletes nothing but what a list would have shown.
    if (!(await undoPaths(this.#options.status().name)).includes(file))
      throw new UserError("HF2182", `${file} is no undo file of ${this.#options.status().name}`);
    await removeUndo(file);
  }

  /** @returns the undo file of what stood there before: an undo can be undone. */
  async apply(file: string, force: boolean): Promise<DiskUndo> {
    if (this.#isApplying) throw new UserError("HF2183", "changes are being brought back already");
    this.#isApplying = true;
    try {
      return await applyUndo(file, {
        force,
        requireWritable: (volume) => this.#requireWritable(volume),
        store: (volume) => this.#store(volume),
        header: (volume, more) => this.#header(this.#volume(volume), more),
        writes: this.#options.writes,
      });
    } finally {
      this.#isApplying = false;
    }
  }

  #addOwn(volume: number, bitmap: Bitmap): void {
    for (let from: number | undefined = 0; from !== undefined; ) {
      const page = this.changedBlocks(volume, from);
      for (const [first, count] of page.runs) bitmap.set(first, first + count);
      from = page.next;
    }
  }

  #header(
    { volume, sizeKib, generation }: DiskVolumeStatus,
    more: {
      readonly reason: string;
      readonly peerCurrent: string;
      readonly ranges: readonly UndoRange[];
    },
  ): UndoHeader {
    return {
      resource: this.#options.status().name,
      volume,
      node: this.#options.node,
      peer: this.#options.peer,
      savedAtMs: Date.now(),
      sizeBytes: sizeKib * 1024,
      current: generation?.current ?? "",
      bitmap: generation?.bitmap ?? "",
      ...more,
    };
  }

  #standingStill(number: number): DiskVolumeStatus {
    const volume = this.#volume(number);
    const objection = undoObjection(saveObjections, this.#facts(volume));
    if (objection === undefined) return volume;
    throw new UserError("HF2183", `volume ${number} cannot be saved: ${objection.message}`, {
      remedy:
        "It has to be Secondary and StandAlone: drbdadm secondary RES; drbdadm disconnect RES.",
    });
  }

  /** @throws UserError HF2183 with the reason. */
  #requireWritable(number: number): void {
    const objection = undoObjection(bringBackObjections, this.#facts(this.#volume(number)));
    if (objection === undefined) return;
    throw new UserError(
      "HF2183",
      `volume ${number} cannot be written now: ${objection.message}; it has to be Primary here, connected, UpToDate on both nodes and used by nobody`,
      { remedy: "Stop the guest that uses it, and look at drbdadm status." },
    );
  }

  #facts({ connectionState, disk, peerDisk, isOpen }: DiskVolumeStatus): CopyFacts {
    const { role, connection } = this.#options.status();
    const { peerRole, state } = connection;
    const volumeConnection = connectionState;
    return { role, peerRole, connection: state, volumeConnection, disk, peerDisk, isOpen };
  }

  #volume(number: number): DiskVolumeStatus {
    const volume = this.#options.status().volumes.find((one) => one.volume === number);
    if (volume === undefined)
      throw new UserError("HF2142", `there is no volume ${number}`, { exit: 10 });
    return volume;
  }

  #store(volume: number): Store {
    const store = this.#options.store(volume);
    if (store === undefined) throw noDisk(volume);
    return store;
  }
}

function rangesOf(bitmap: Bitmap, sizeBytes: number): readonly UndoRange[] {
  const ranges: UndoRange[] = [];
  for (let first = bitmap.nextSet(0); first < bitmap.bits; ) {
    const end = bitmap.endOfRun(first);
    const offset = first * blockBytes;
    ranges.push({ offset, length: Math.min(end * blockBytes, sizeBytes) - offset });
    first = bitmap.nextSet(end);
  }
  return ranges;
}

function noDisk(volume: number): UserError {
  return new UserError("HF2183", `volume ${volume} has no disk here`, {
    remedy: "Attach it: drbdadm attach RES.",
  });
}
