/** The replicated disks in `holdfast status`: role, states, and a bar while a resync runs. */
import type { DiskStatusRow } from "../../../api/cluster-live.ts";
import type { DiskResourceStatus, DiskVolumeStatus } from "../../../api/disk-status.ts";
import { resyncText, sizeText } from "../../drbd/resync-text.ts";
import { volumeName } from "./disk-problems.ts";
import type { Tone } from "./paint.ts";
import type { Cell } from "./table-lines.ts";

/** A row, and a line below it while something is under way. */
export type DiskRow = { readonly cells: readonly Cell[]; readonly progress: string | undefined };

/** From this many on, disks on which there is nothing to see are told together. */
const manyDisks = 9;

export function diskRows(rows: readonly DiskStatusRow[]): {
  readonly rows: readonly DiskRow[];
  /** How many were left out because nothing is to be seen on them. */
  readonly well: number;
} {
  const all = rows.flatMap((row) =>
    row.status === undefined
      ? [{ row: downRow(row.drbdResource), isWell: false }]
      : volumeRows(row.status),
  );
  const well = all.filter(({ isWell }) => isWell).length;
  if (all.length < manyDisks) return { rows: all.map(({ row }) => row), well: 0 };
  return { rows: all.filter(({ isWell }) => !isWell).map(({ row }) => row), well };
}

function downRow(name: string): DiskRow {
  return { cells: [name, { text: "not up", tone: "warn" }], progress: undefined };
}

function volumeRows(
  status: DiskResourceStatus,
): readonly { readonly row: DiskRow; readonly isWell: boolean }[] {
  const { role, connection } = status;
  return status.volumes.map((volume) => {
    const { disk, peerDisk, connectionState, resync } = volume;
    const isWhole = disk === "UpToDate" && peerDisk === "UpToDate";
    const isWell = isWhole && connectionState === "Connected";
    const row: DiskRow = {
      cells: [
        volumeName(status, volume),
        `${role}/${connection.peerRole}`,
        { text: `${disk}/${peerDisk}`, tone: isWhole ? "good" : diskTone(volume) },
        isWell ? connectionState : { text: connectionState, tone: connectionTone(volume) },
        sizeText(volume.sizeKib),
      ],
      // One that has nothing to send is over at once.
      progress: resync === undefined || resync.totalKib === 0 ? undefined : resyncText(resync),
    };
    return { row, isWell };
  });
}

export function diskTone({ disk, peerDisk }: DiskVolumeStatus): Tone {
  return disk === "UpToDate" || peerDisk === "UpToDate" ? "warn" : "bad";
}

export function connectionTone({ connectionState }: DiskVolumeStatus): Tone {
  return connectionState === "StandAlone" ? "bad" : "warn";
}
