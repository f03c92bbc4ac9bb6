/**
 * The text of /proc/drbd, in the layout of 8.4 (specification section 16.1) and in that of 8.0, which the first
 * how-tos show. Scripts match on `cs:`, `ro:` (8.0: `st:`), `ds:`, `oos:` and `sync'ed:`.
 */
import type { DiskResourceStatus, DiskVolumeStatus } from "../../api/disk-status.ts";
import {
  donePerMille,
  finishTime,
  grouped,
  leftOfTotal,
  percentText,
  progressBar,
} from "./progress-bar.ts";
import { isVerifying } from "./status-words.ts";

export type ProcLayout = "8.0" | "8.4";

type Device = { readonly resource: DiskResourceStatus; readonly volume: DiskVolumeStatus };

/** @param version Holdfast's own, shown where DRBD shows its build. */
export function procDrbd(
  resources: readonly DiskResourceStatus[],
  options: { readonly layout: ProcLayout; readonly version: string },
): string {
  const devices = resources
    .flatMap((resource) => resource.volumes.map((volume) => ({ resource, volume })))
    .sort((a, b) => a.volume.minor - b.volume.minor);
  const lines =
    options.layout === "8.4"
      ? [`version: 8.4.11 (api:1/proto:101-101)`, `srcversion: holdfast ${options.version}`]
      : [`version: 8.0.14 (api:86/proto:101)`, `GIT-hash: holdfast ${options.version}`];
  let expected = 0;
  for (const device of devices) {
    // An empty line where a number is left out.
    if (options.layout === "8.4" && device.volume.minor !== expected) lines.push("");
    lines.push(...(options.layout === "8.4" ? lines84(device) : lines80(device)));
    expected = device.volume.minor + 1;
  }
  return `${lines.join("\n")}\n`;
}

function lines84(device: Device): readonly string[] {
  const { resource, volume } = device;
  const number = `${String(volume.minor).padStart(2)}:`;
  if (isUnconfigured(device)) return [`${number} cs:Unconfigured`];
  const { counters: c } = volume;
  const ordering = { barrier: "b", flush: "f", drain: "d", none: "n" }[resource.writeOrdering];
  return [
    `${number} cs:${volume.connectionState} ro:${resource.role}/${resource.connection.peerRole}` +
      ` ds:${volume.disk}/${volume.peerDisk} ${protocol(resource)} ${flags(device)}`,
    `    ${countersText(volume)} ep:${c.epochs} wo:${ordering} oos:${c.outOfSyncKib}`,
    ...progressLines(volume, "8.4").map((line) => `\t${line}`),
  ];
}

/** 8.0 knows four flags, no `ep`, `wo` and `oos`, and says `st` for the roles. */
function lines80(device: Device): readonly string[] {
  const { resource, volume } = device;
  if (isUnconfigured(device)) return [`${volume.minor}: cs:Unconfigured`];
  return [
    `${volume.minor}: cs:${volume.connectionState} st:${resource.role}/${resource.connection.peerRole}` +
      ` ds:${volume.disk}/${volume.peerDisk} ${protocol(resource)} ${flags(device).slice(0, 4)}`,
    countersText(volume),
    ...progressLines(volume, "8.0"),
  ];
}

function isUnconfigured({ resource, volume }: Device): boolean {
  return (
    volume.connectionState === "StandAlone" &&
    volume.disk === "Diskless" &&
    resource.role === "Secondary"
  );
}

function protocol(resource: DiskResourceStatus): string {
  return resource.connection.protocol ?? " ";
}

function flags({ resource, volume }: Device): string {
  const { suspended, connection } = resource;
  const isSuspended = suspended.user || suspended.noData || suspended.fencing;
  const { dependency, peer, user } = volume.resyncSuspended;
  return [
    isSuspended ? "s" : "r",
    dependency ? "a" : "-",
    peer ? "p" : "-",
    user ? "u" : "-",
    connection.congested ? "n" : "-",
    volume.alSuspended ? "s" : "-",
  ].join("");
}

function countersText({ counters: c }: DiskVolumeStatus): string {
  return (
    `ns:${c.sentKib} nr:${c.receivedKib} dw:${c.writtenKib} dr:${c.readKib} al:${c.alWrites} bm:${c.bitmapWrites}` +
    ` lo:${c.localPending} pe:${c.peerPending} ua:${c.unacknowledged} ap:${c.applicationPending}`
  );
}

function progressLines(volume: DiskVolumeStatus, layout: ProcLayout): readonly string[] {
  const { resync } = volume;
  if (resync === undefined) return [];
  const done = donePerMille(resync);
  const isVerify = isVerifying(volume);
  const wanted =
    resync.wantedKibPerS === undefined ? "" : ` want: ${grouped(resync.wantedKibPerS)}`;
  return [
    `${progressBar(done, layout)} ${isVerify ? "verified" : "sync'ed"}:${percentText(done)} ${leftOfTotal(resync)}`,
    `finish: ${finishTime(resync)} speed: ${grouped(resync.rateKibPerS)}` +
      ` (${grouped(resync.averageKibPerS)})${wanted} K/sec${resync.stalled ? " (stalled)" : ""}`,
  ];
}
