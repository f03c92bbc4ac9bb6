/**
 * When a copy's changes may be saved, and when saved ones may be brought back: tables, of which the first row that fits
 * refuses. They are asked again after what takes long, before the step that cannot be taken back.
 */

/** What a node's own status says of a volume. */
export type CopyFacts = {
  readonly role: string;
  readonly peerRole: string;
  /** Of the connection, and of this volume in it. */
  readonly connection: string;
  readonly volumeConnection: string;
  readonly disk: string;
  readonly peerDisk: string;
  readonly isOpen: boolean;
};

export type UndoRow<F> = {
  readonly label: string;
  readonly when: (facts: F) => boolean;
  /** A clause: what is so, and should not be. */
  readonly message: (facts: F) => string;
};

/** A copy that is saved must stand still: nobody here writes it, and no peer. */
export const saveObjections: readonly UndoRow<CopyFacts>[] = [
  {
    label: "not Secondary",
    when: ({ role }) => role !== "Secondary",
    message: ({ role }) => `it is ${role}`,
  },
  {
    label: "not StandAlone",
    when: ({ connection }) => connection !== "StandAlone",
    message: ({ connection }) => `it is ${connection}`,
  },
  { label: "in use", when: ({ isOpen }) => isOpen, message: () => "it is in use" },
];

/** Safety: what is brought back reaches both copies, and nobody looks on meanwhile. */
export const bringBackObjections: readonly UndoRow<CopyFacts>[] = [
  {
    label: "not Primary",
    when: ({ role }) => role !== "Primary",
    message: ({ role }) => `it is ${role} here`,
  },
  {
    label: "not connected",
    when: ({ connection, volumeConnection }) =>
      connection !== "Connected" || volumeConnection !== "Connected",
    message: ({ connection, volumeConnection }) =>
      `it is ${connection === "Connected" ? volumeConnection : connection}`,
  },
  {
    label: "the peer is not Secondary",
    when: ({ peerRole }) => peerRole !== "Secondary",
    message: ({ peerRole }) => `the peer is ${peerRole}`,
  },
  {
    label: "not whole",
    when: ({ disk, peerDisk }) => disk !== "UpToDate" || peerDisk !== "UpToDate",
    message: ({ disk, peerDisk }) => `the disks are ${disk} here and ${peerDisk} on the peer`,
  },
  { label: "in use", when: ({ isOpen }) => isOpen, message: () => "it is in use" },
];

/** What is known of a volume since something was saved of it. */
export type SavedFacts = {
  /** The resync that gave the saved changes up was not waited for: nothing is known. */
  readonly sealed: boolean;
  /** The copy that was kept was written between the saving and the end of the resync. */
  readonly usedMeanwhile: boolean;
  /** Pieces that hold neither what the resync left there nor what is to be brought back; and all. */
  readonly changed: number;
  readonly pieces: number;
};

/** What has been written since is not overwritten unasked: a volume of two times is a broken one. */
export const overwriteObjections: readonly UndoRow<SavedFacts>[] = [
  {
    label: "not sealed",
    when: ({ sealed }) => !sealed,
    message: () => "it is not known what the resync has put in the place of the saved changes",
  },
  {
    label: "used meanwhile",
    when: ({ usedMeanwhile }) => usedMeanwhile,
    message: () =>
      "the copy that was kept was written while the split brain was resolved, also where nothing was saved",
  },
  {
    label: "written since",
    when: ({ changed }) => changed > 0,
    message: ({ changed, pieces }) =>
      `${changed} of ${pieces} pieces have been written since, on the copy that was kept`,
  },
];

/** Which volume something was saved from, and whether it is still that one: it may have another name or size by now. */
export type SavedFrom = { readonly resource: string; readonly sizeBytes: number };

export function fitsUndo(saved: SavedFrom, now: SavedFrom): boolean {
  return saved.resource === now.resource && saved.sizeBytes === now.sizeBytes;
}

export function undoObjection<F>(
  rows: readonly UndoRow<F>[],
  facts: F,
): { readonly label: string; readonly message: string } | undefined {
  const row = rows.find((each) => each.when(facts));
  return row && { label: row.label, message: row.message(facts) };
}
