/**
 * Brings saved blocks back, as writes of a Primary: both copies get them. What stands there now is saved first, so that
 * this step, too, can be taken back. Blocks that somebody has written since are not overwritten unasked; an undo that
 * was interrupted goes on, since what it had brought back already is no change of somebody else's.
 */
import type { DiskUndo } from "../../../api/disk-protocol.ts";
import { UserError } from "../../../api/user-error.ts";
import { assert } from "../../../base/assert.ts";
import {
  fitsUndo,
  overwriteObjections,
  type SavedFacts,
  undoObjection,
} from "../../../core/replication/generation/undo-rules.ts";
import type { UndoHeader, UndoRange } from "../../../formats/undo/undo-file.ts";
import type { Store } from "../../../ports/store.ts";
import type { OwnWrites } from "./own-writes.ts";
import { type OpenUndo, openUndo } from "./read-undo.ts";
import { readStore } from "./store-promises.ts";
import { digestOf, digestsOf, readMarks, writeMarks } from "./undo-marks.ts";
import { writeUndo } from "./write-undo.ts";

export type UndoTarget = {
  /** Overwrite also what was written since. */
  readonly force: boolean;
  /** @throws UserError HF2183 unless both copies would get what is written, and nobody uses the volume. */
  readonly requireWritable: (volume: number) => void;
  readonly store: (volume: number) => Store;
  readonly header: (
    volume: number,
    more: {
      readonly reason: string;
      readonly peerCurrent: string;
      readonly ranges: readonly UndoRange[];
    },
  ) => UndoHeader;
  readonly writes: OwnWrites;
};

export async function applyUndo(file: string, target: UndoTarget): Promise<DiskUndo> {
  const undo = await openUndo(file);
  try {
    const { volume, ranges, peerCurrent } = undo.header;
    target.requireWritable(volume);
    const store = target.store(volume);
    requireFit(file, undo.header, target.header(volume, { reason: "", peerCurrent, ranges: [] }));
    if (!target.force) await requireUnchanged(file, undo, store);
    const reason = `before ${file} was brought back`;
    const saved = await writeUndo(target.header(volume, { reason, peerCurrent, ranges }), store);
    // Safety: it may have been demoted or lost its peer while all that was read.
    target.requireWritable(volume);
    await target.writes.writeAll(volume, placed(undo));
    const digests = await digestsOf(store, ranges);
    await requireWritten(undo, digests);
    await writeMarks(saved.file, { usedMeanwhile: false, sha256: digests });
    return saved;
  } finally {
    await undo.close();
  }
}

function requireFit(file: string, saved: UndoHeader, now: UndoHeader): void {
  if (fitsUndo(saved, now)) return;
  throw new UserError(
    "HF2182",
    `${file} was saved from ${saved.resource}/${saved.volume} with ${saved.sizeBytes} bytes, and ` +
      `${now.resource}/${now.volume} has ${now.sizeBytes}`,
  );
}

async function requireUnchanged(file: string, undo: OpenUndo, store: Store): Promise<void> {
  const marks = await readMarks(file);
  const known = { sealed: marks !== undefined, usedMeanwhile: marks?.usedMeanwhile === true };
  // What is refused by that alone is not read first.
  refuse({ ...known, changed: 0, pieces: 0 });
  if (marks !== undefined) refuse({ ...known, ...(await countChanged(undo, marks.sha256, store)) });
}

function refuse(facts: SavedFacts): void {
  const objection = undoObjection(overwriteObjections, facts);
  if (objection === undefined) return;
  const remedy = facts.sealed ? mixtureRemedy : notSealedRemedy;
  throw new UserError("HF2186", objection.message, { remedy });
}

const notSealedRemedy =
  "The resolve that saved them was not waited for. If nobody has used the volume since, add --force.";
const mixtureRemedy =
  "With --force it is brought back all the same (and what it replaces saved before, as always). A file system that has " +
  "been used since will then be a mixture of two times: better copy single files out of it and go back.";

async function countChanged(
  undo: OpenUndo,
  marks: readonly string[],
  store: Store,
): Promise<{ readonly changed: number; readonly pieces: number }> {
  let changed = 0;
  let pieces = 0;
  for await (const { range, bytes } of undo.pieces()) {
    const now = digestOf(await readStore(store, range.offset, range.length));
    if (now !== marks[pieces] && now !== digestOf(bytes)) changed++;
    pieces++;
  }
  return { changed, pieces };
}

async function* placed(
  undo: OpenUndo,
): AsyncGenerator<{ readonly offset: number; readonly bytes: Uint8Array }> {
  for await (const { range, bytes } of undo.pieces()) yield { offset: range.offset, bytes };
}

/** What was acknowledged stands there: nobody else could write meanwhile. */
async function requireWritten(undo: OpenUndo, digests: readonly string[]): Promise<void> {
  let i = 0;
  for await (const { bytes } of undo.pieces()) {
    assert(digests[i] === digestOf(bytes), "what was written can be read back");
    i++;
  }
}
