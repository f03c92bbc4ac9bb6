/**
 * `holdfast top`: nodes, guests and every volume on one screen, made anew each second. The head stays, the volumes
 * scroll below it. Works with the disk servers alone where holdfastd does not answer.
 */
import type { ClusterSnapshot } from "../../api/cluster-snapshot.ts";
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { clusterProblems } from "../cluster/status/cluster-problems.ts";
import { guestRows } from "../cluster/status/guest-rows.ts";
import { healthOf } from "../cluster/status/health-line.ts";
import { nodeRows } from "../cluster/status/node-rows.ts";
import type { Paint } from "../cluster/status/paint.ts";
import { tableLines } from "../cluster/status/table-lines.ts";
import type { TimeTexts } from "../cluster/time-texts.ts";
import { type VolumeChoices, volumeLines } from "./volume-lines.ts";
import type { VolumeRates } from "./volume-rates.ts";

export type TopFacts = {
  readonly atMs: number;
  /** Undefined when holdfastd does not answer. */
  readonly snapshot: ClusterSnapshot | undefined;
  readonly statuses: readonly DiskResourceStatus[];
  /** By `RESOURCE/VOLUME`. */
  readonly rates: (volume: string) => VolumeRates | undefined;
};

export type TopOptions = VolumeChoices & {
  /** How many lines there is room for. */
  readonly rows: number;
  /** How many lines of the volumes are scrolled past. */
  readonly offset: number;
  readonly paint: Paint;
  readonly times: TimeTexts;
};

export type TopPage = {
  readonly text: string;
  /** The largest offset with which something is still seen. */
  readonly offsetMax: number;
};

/** At least so many lines are the volumes', however many guests there are. */
const volumeRowsMin = 6;

export function topPage(facts: TopFacts, options: TopOptions): TopPage {
  const [columns = "", ...volumes] = volumeLines(facts.statuses, facts.rates, options);
  const { paint, rows } = options;
  const title = headLine(facts, options);
  const room = Math.max(0, rows - 1 - Math.min(volumeRowsMin, volumes.length + 2));
  const cluster = shortened(clusterLines(facts, options), room, paint);
  const volumeRoom = Math.max(1, rows - 1 - cluster.length - 2);
  const offsetMax = Math.max(0, volumes.length - volumeRoom);
  const offset = Math.min(options.offset, offsetMax);
  const seen = volumes.slice(offset, offset + volumeRoom);
  const body = columns === "" ? ["", emptyLine(facts, options)] : ["", columns, ...seen];
  const lines = [title, ...cluster, ...body];
  return { text: lines.map((line) => `${line}\n`).join(""), offsetMax };
}

function headLine({ snapshot, statuses, atMs }: TopFacts, { paint, times }: TopOptions): string {
  const time = times.full(atMs);
  const count = statuses.reduce((sum, status) => sum + status.volumes.length, 0);
  const volumes = `${count} ${count === 1 ? "volume" : "volumes"}`;
  if (snapshot === undefined)
    return `${paint("holdfastd does not answer", "warn")}: ${volumes} of this host, ${time}`;
  const { state, sentence, tone } = healthOf(snapshot, clusterProblems(snapshot));
  return `${paint(state.toUpperCase(), tone)}  ${sentence}; ${paint(`${volumes}, ${time}`, "dim")}`;
}

function clusterLines({ snapshot }: TopFacts, { paint, times }: TopOptions): readonly string[] {
  if (snapshot === undefined) return [];
  const { guests } = guestRows(snapshot, times);
  return [
    "",
    paint("Nodes", "strong"),
    ...tableLines(nodeRows(snapshot), paint),
    ...(guests.length === 0 ? [] : ["", paint("Guests", "strong"), ...tableLines(guests, paint)]),
  ];
}

function shortened(lines: readonly string[], room: number, paint: Paint): readonly string[] {
  if (lines.length <= room) return lines;
  const hidden = lines.length - Math.max(0, room - 1);
  const more = `  … ${hidden} more lines: holdfast status shows all`;
  return room === 0 ? [] : [...lines.slice(0, room - 1), paint(more, "dim")];
}

function emptyLine({ statuses }: TopFacts, { onlyTroubled, paint }: TopOptions): string {
  const text =
    statuses.length === 0
      ? "No DRBD resource is up on this host: drbdadm up all"
      : onlyTroubled
        ? "Nothing is wrong with any volume (t shows all)"
        : "";
  return paint(`  ${text}`, "dim");
}
