/**
 * The text of `drbdadm status` and `drbdsetup status`, of 8.4's form. Specification section 16.2. Each resource is a
 * block of lines: a word too many for the width goes to a line of its own, indented by 8. `limited-by` and
 * `decided-by` are Holdfast's own.
 */
import type { DiskResourceStatus, DiskVolumeStatus } from "../../api/disk-status.ts";
import {
  connectionName,
  donePercent,
  oneWord,
  replicationName,
  resyncSuspendedText,
  suspendedText,
} from "./status-words.ts";

export type StatusOptions = {
  readonly verbose: boolean;
  readonly statistics: boolean;
  /** Columns of the terminal; 80 when there is none. */
  readonly columns: number;
};

export function resourceStatus(
  resources: readonly DiskResourceStatus[],
  options: StatusOptions,
): string {
  return resources.map((resource) => `${blockOf(resource, options).join("\n")}\n\n`).join("");
}

function blockOf(resource: DiskResourceStatus, options: StatusOptions): readonly string[] {
  const { verbose, statistics } = options;
  const suspended = suspendedText(resource.suspended);
  const line = (indent: number, words: readonly (string | false)[]): readonly string[] =>
    wrapped(
      indent,
      words.filter((word) => word !== false),
      options.columns,
    );
  const lines = [
    ...line(0, [
      resource.name,
      `role:${resource.role}`,
      (verbose || suspended !== "no") && `suspended:${suspended}`,
      statistics && `write-ordering:${resource.writeOrdering}`,
    ]),
  ];
  for (const volume of resource.volumes)
    lines.push(...line(2, deviceWords(resource, volume, options)));
  const { connection } = resource;
  const isConnected = connection.state === "Connected";
  lines.push(
    ...line(2, [
      "peer",
      (verbose || !isConnected) && `connection:${connectionName(connection.state)}`,
      (verbose || isConnected) && `role:${connection.peerRole}`,
      (verbose || connection.congested) && `congested:${yesNo(connection.congested)}`,
      // Ours alone: the tools of the field have no word for it.
      resource.volumes.some(({ splitBrain }) => splitBrain !== undefined) && "split-brain:yes",
    ]),
  );
  if (!verbose && !isConnected) return lines;
  for (const volume of resource.volumes)
    lines.push(...line(4, peerDeviceWords(resource, volume, options)));
  return lines;
}

function deviceWords(
  resource: DiskResourceStatus,
  volume: DiskVolumeStatus,
  { verbose, statistics }: StatusOptions,
): readonly (string | false)[] {
  const { counters: c } = volume;
  return [
    (verbose || !isSingle(resource)) && `volume:${volume.volume}`,
    verbose && `minor:${volume.minor}`,
    `disk:${volume.disk}`,
    ...(statistics
      ? [
          `size:${volume.sizeKib}`,
          `read:${c.readKib}`,
          `written:${c.writtenKib}`,
          `al-writes:${c.alWrites}`,
          `bm-writes:${c.bitmapWrites}`,
          `upper-pending:${c.applicationPending}`,
          `lower-pending:${c.localPending}`,
          `al-suspended:${yesNo(volume.alSuspended)}`,
        ]
      : []),
    (verbose || statistics) && "blocked:no",
  ];
}

function peerDeviceWords(
  resource: DiskResourceStatus,
  volume: DiskVolumeStatus,
  { verbose, statistics }: StatusOptions,
): readonly (string | false)[] {
  const { counters: c } = volume;
  const replication = replicationName(volume.connectionState);
  const done = donePercent(volume);
  const paused = resyncSuspendedText(volume.resyncSuspended);
  return [
    (verbose || !isSingle(resource)) && `volume:${volume.volume}`,
    (verbose || replication !== "Off") && `replication:${replication}`,
    `peer-disk:${volume.peerDisk}`,
    done !== undefined && `done:${done}`,
    (verbose || paused !== "no") && `resync-suspended:${paused}`,
    // Two words that DRBD's tools don't have, behind theirs: why a resync is not faster, and what led to it.
    volume.resync?.limit !== undefined && `limited-by:${oneWord(volume.resync.limit)}`,
    verbose && volume.lastSyncDecision !== "" && `decided-by:${oneWord(volume.lastSyncDecision)}`,
    ...(statistics
      ? [
          `received:${c.receivedKib}`,
          `sent:${c.sentKib}`,
          `out-of-sync:${c.outOfSyncKib}`,
          `pending:${c.peerPending}`,
          `unacked:${c.unacknowledged}`,
        ]
      : []),
  ];
}

function isSingle(resource: DiskResourceStatus): boolean {
  return resource.volumes.length === 1 && resource.volumes[0]?.volume === 0;
}

function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}

function wrapped(indent: number, words: readonly string[], columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    const next = line === "" ? " ".repeat(indent) + word : `${line} ${word}`;
    if (line !== "" && next.length > columns) {
      lines.push(line);
      line = " ".repeat(8) + word;
    } else line = next;
  }
  return [...lines, line];
}
