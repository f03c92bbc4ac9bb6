/** A split brain in words: since when apart, what each has changed, who was Primary, which guest ran where, what to do. */
import type { SplitBrainSide, SplitBrainSituation } from "../../api/cluster-resolve.ts";
import type { DiskUndo } from "../../api/disk-protocol.ts";
import type {
  DiskResourceStatus,
  DiskSplitBrain,
  DiskVolumeStatus,
} from "../../api/disk-status.ts";
import type { GuestRun } from "../cluster/guest-runs.ts";
import { agoText, type TimeTexts } from "../cluster/time-texts.ts";

export type SplitBrainWords = {
  readonly times: TimeTexts;
  readonly runs: readonly GuestRun[];
};

/** Ends with a line feed. */
export function splitBrainText(situation: SplitBrainSituation, words: SplitBrainWords): string {
  const { sides } = situation;
  const lines = [
    headline(situation, words.times),
    ...sides.flatMap((side) => sideLines(situation, side, words)),
    ...choice(situation),
    ...undoLines(situation, words.times),
  ];
  return `${lines.join("\n")}\n`;
}

/** By the generations of both, or where only one can be asked by what it has found. */
export function isSplit(situation: SplitBrainSituation): boolean {
  return situation.isSplitBrain ?? found(situation) !== undefined;
}

/** What either side knows of it; the first that does. */
function found({ sides }: SplitBrainSituation): DiskSplitBrain | undefined {
  return sides
    .flatMap(({ status }) => volumesOf(status).map((one) => one.splitBrain))
    .find((one) => one);
}

/** The longer of both accounts: a disk server that has begun later knows of less. */
function apartMs({ sides }: SplitBrainSituation): number | undefined {
  const known = sides.flatMap(({ status }) =>
    volumesOf(status).flatMap(({ splitBrain }) =>
      splitBrain?.apartMs === undefined ? [] : [splitBrain.apartMs],
    ),
  );
  return known.length === 0 ? undefined : Math.max(...known);
}

function headline(situation: SplitBrainSituation, times: TimeTexts): string {
  const { drbdResource, takenAtMs } = situation;
  if (!isSplit(situation)) return `${drbdResource}: no split brain`;
  const apart = apartMs(situation);
  const since =
    apart === undefined
      ? "since when the nodes are apart is not known"
      : `apart for ${agoText(apart)}, since ${times.short(takenAtMs - apart)}`;
  const label = found(situation)?.label;
  return `${drbdResource}: split brain, ${since}${label === undefined ? "" : ` (${label})`}`;
}

function sideLines(
  situation: SplitBrainSituation,
  side: SplitBrainSide,
  words: SplitBrainWords,
): readonly string[] {
  const { node, status, trouble } = side;
  if (status === undefined) return [`  ${node}: ${trouble ?? "not known"}`];
  return [
    `  ${node}: ${status.role}, ${status.connection.state}`,
    ...status.volumes.map((volume) => `    ${volumeText(status, volume)}`),
    ...primaryLines(situation, status, words.times),
    ...words.runs
      .filter((run) => run.node === node)
      .map((run) => `    ${runText(run, words.times)}`),
  ];
}

function volumeText({ volumes }: DiskResourceStatus, volume: DiskVolumeStatus): string {
  const name = volumes.length === 1 ? "" : `volume ${volume.volume}: `;
  const use = volume.isOpen ? ", in use" : "";
  const parted = volume.splitBrain?.selfWasPrimary;
  const was =
    parted === undefined
      ? ""
      : parted
        ? ", was Primary when they parted"
        : ", was Secondary when they parted";
  return `${name}${volume.disk}, has changed ${sizeText(volume.counters.outOfSyncKib)}${was}${use}`;
}

/** The times as Primary since the nodes parted, or all that are known. */
function primaryLines(
  situation: SplitBrainSituation,
  { roleChanges }: DiskResourceStatus,
  times: TimeTexts,
): readonly string[] {
  const apart = apartMs(situation) ?? Number.POSITIVE_INFINITY;
  return roleChanges.flatMap(({ role, msAgo }, i) => {
    const endedMsAgo = roleChanges[i + 1]?.msAgo;
    if (role !== "Primary" || (endedMsAgo ?? 0) > apart) return [];
    const from = times.short(situation.takenAtMs - msAgo);
    if (endedMsAgo === undefined) return [`    Primary since ${from}`];
    return [`    Primary from ${from} to ${times.short(situation.takenAtMs - endedMsAgo)}`];
  });
}

function runText({ guest, fromMs, toMs }: GuestRun, times: TimeTexts): string {
  const from = fromMs === undefined ? "" : ` from ${times.short(fromMs)}`;
  if (toMs !== undefined) return `${guest} ran here${from} to ${times.short(toMs)}`;
  return `${guest} runs here${fromMs === undefined ? "" : `, since ${times.short(fromMs)}`}`;
}

function choice(situation: SplitBrainSituation): readonly string[] {
  if (!isSplit(situation)) return [];
  const { drbdResource, sides } = situation;
  return [
    "Choose whose copy is kept. The other's changes are saved to a file there, and given up:",
    ...sides.map(({ node }) => `  holdfast resolve ${drbdResource} --keep ${node}`),
  ];
}

function undoLines(situation: SplitBrainSituation, times: TimeTexts): readonly string[] {
  const files = situation.sides.flatMap(({ node, undo }) => undo.map((one) => ({ ...one, node })));
  if (files.length === 0) return [];
  const newest = [...files].sort((a, b) => b.savedAtMs - a.savedAtMs);
  return [
    `Saved changes; the newest come back by holdfast resolve ${situation.drbdResource} --undo:`,
    ...newest.map((one) => `  ${undoText(one, times)}`),
  ];
}

function undoText({ node, file, savedAtMs, dataKib, reason }: DiskUndo, times: TimeTexts): string {
  return `${times.short(savedAtMs)} ${node}:${file} (${sizeText(dataKib)}; ${reason})`;
}

function volumesOf(status: DiskResourceStatus | undefined): readonly DiskVolumeStatus[] {
  return status?.volumes ?? [];
}

function sizeText(kib: number): string {
  return kib < 10_240 ? `${kib} KiB` : `${(kib / 1024).toFixed(0)} MiB`;
}
