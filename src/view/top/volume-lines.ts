/** The volumes in `holdfast top`: a line each, and one more below it while a resync or verify runs. */

import type { DiskResourceStatus, DiskVolumeStatus } from "../../api/disk-status.ts";
import { compareText } from "../../base/compare.ts";
import { volumeName } from "../cluster/status/disk-problems.ts";
import { connectionTone, diskTone } from "../cluster/status/disk-rows.ts";
import type { Paint } from "../cluster/status/paint.ts";
import { type Cell, tableLines } from "../cluster/status/table-lines.ts";
import { resyncText, sizeText } from "../drbd/resync-text.ts";
import { suspendedText } from "../drbd/status-words.ts";
import type { VolumeRates } from "./volume-rates.ts";

export type TopSort = "name" | "activity" | "trouble";

export type VolumeChoices = {
  readonly sort: TopSort;
  /** Only those on which there is something to see. */
  readonly onlyTroubled: boolean;
};

type Listed = {
  readonly name: string;
  readonly status: DiskResourceStatus;
  readonly volume: DiskVolumeStatus;
  readonly rates: VolumeRates | undefined;
};

/** "1023 MiB/s" */
const rateColumns = 10;

const head: readonly Cell[] = [
  "VOLUME",
  "ROLE",
  "DISK",
  "CONNECTION",
  "WRITES",
  "READS",
  "NET",
  "OUT OF SYNC",
].map((text) => ({ text, tone: "dim" }));

/** The first is the head of the columns; none when there is no volume. */
export function volumeLines(
  statuses: readonly DiskResourceStatus[],
  rates: (volume: string) => VolumeRates | undefined,
  options: VolumeChoices & { readonly paint: Paint },
): readonly string[] {
  const shown = listed(statuses, rates)
    .filter((each) => !options.onlyTroubled || badness(each) > 0)
    .sort(order(options.sort));
  if (shown.length === 0) return [];
  const table = tableLines([head, ...shown.map(cellsOf)], options.paint);
  return table.flatMap((line, at) => {
    const resync = shown[at - 1]?.volume.resync;
    return resync === undefined || resync.totalKib === 0
      ? [line]
      : [line, `      ${resyncText(resync)}`];
  });
}

function listed(
  statuses: readonly DiskResourceStatus[],
  rates: (volume: string) => VolumeRates | undefined,
): Listed[] {
  return statuses.flatMap((status) =>
    status.volumes.map((volume) => ({
      name: volumeName(status, volume),
      status,
      volume,
      rates: rates(`${status.name}/${volume.volume}`),
    })),
  );
}

function cellsOf({ name, status, volume, rates }: Listed): readonly Cell[] {
  const { disk, peerDisk, connectionState, counters } = volume;
  const isWhole = disk === "UpToDate" && peerDisk === "UpToDate";
  const suspended = suspendedText(status.suspended);
  const connection = suspended === "no" ? connectionState : `${connectionState}, I/O frozen`;
  // As wide as the widest rate: columns don't move from one second to the next.
  const rate = (kibPerS: number | undefined): string =>
    (kibPerS === undefined || kibPerS < 1 ? "-" : `${sizeText(kibPerS)}/s`).padEnd(rateColumns);
  return [
    name,
    `${status.role}/${status.connection.peerRole}`,
    { text: `${disk}/${peerDisk}`, tone: isWhole ? "good" : diskTone(volume) },
    connection === "Connected" ? connection : { text: connection, tone: connectionTone(volume) },
    rate(rates?.writeKibPerS),
    rate(rates?.readKibPerS),
    rate(rates?.netKibPerS),
    counters.outOfSyncKib === 0
      ? "-"
      : { text: sizeText(counters.outOfSyncKib), tone: isWhole ? "warn" : diskTone(volume) },
  ];
}

/** 0: nothing to see; the higher, the sooner somebody should look. */
function badness({ status, volume }: Listed): number {
  const { disk, peerDisk, connectionState, resync } = volume;
  if (suspendedText(status.suspended) !== "no") return 4;
  if (disk !== "UpToDate" && peerDisk !== "UpToDate") return 4;
  if (connectionState === "StandAlone") return 3;
  if (disk !== "UpToDate" || peerDisk !== "UpToDate" || connectionState !== "Connected") return 2;
  return resync !== undefined || volume.counters.outOfSyncKib > 0 ? 1 : 0;
}

function order(sort: TopSort): (a: Listed, b: Listed) => number {
  const activity = ({ rates }: Listed): number =>
    rates === undefined ? 0 : rates.writeKibPerS + rates.readKibPerS + rates.netKibPerS;
  const keys: Readonly<Record<TopSort, (one: Listed) => number>> = {
    name: () => 0,
    activity: (one) => -activity(one),
    trouble: (one) => -badness(one),
  };
  const key = keys[sort];
  return (a, b) => key(a) - key(b) || compareText(a.name, b.name);
}
