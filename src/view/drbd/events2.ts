/**
 * The lines of `drbdsetup events2`. Specification section 16.3. A line names an object by its key fields; `exists`
 * lines have all fields, `change` lines the key and what changed.
 */

import type { DiskResourceStatus, DiskVolumeStatus } from "../../api/disk-status.ts";
import { compareText } from "../../base/compare.ts";
import {
  connectionName,
  replicationName,
  resyncSuspendedText,
  suspendedText,
} from "./status-words.ts";

type Field = readonly [name: string, value: string | number];

type Described = {
  readonly object: "resource" | "connection" | "device" | "peer-device";
  readonly key: readonly Field[];
  readonly fields: readonly Field[];
};

export type Events2Options = { readonly statistics: boolean };

/** One `exists` line for everything there is, and the end of them. */
export function existsLines(
  resources: readonly DiskResourceStatus[],
  options: Events2Options,
): readonly string[] {
  const all = resources.flatMap((resource) => describe(resource, options));
  return [...all.map((one) => lineOf("exists", one, one.fields)), "exists -"];
}

/** What is different now; a resource that is not there any more is destroyed, a new one created. */
export function changeLines(
  before: DiskResourceStatus | undefined,
  after: DiskResourceStatus | undefined,
  options: Events2Options,
): readonly string[] {
  const old = new Map(before ? describe(before, options).map((one) => [keyOf(one), one]) : []);
  const now = after ? describe(after, options) : [];
  const lines: string[] = [];
  for (const one of now) {
    const was = old.get(keyOf(one));
    old.delete(keyOf(one));
    if (was === undefined) lines.push(lineOf("create", one, one.fields));
    else {
      const changed = one.fields.filter((field, i) => was.fields[i]?.[1] !== field[1]);
      if (changed.length > 0) lines.push(lineOf("change", one, changed));
    }
  }
  const gone = [...old.values()].sort((a, b) => compareText(keyOf(b), keyOf(a)));
  return [...lines, ...gone.map((one) => lineOf("destroy", one, []))];
}

function lineOf(action: string, one: Described, fields: readonly Field[]): string {
  const words = [...one.key, ...fields].map(([name, value]) => `${name}:${value}`);
  return [action, one.object, ...words].join(" ");
}

function keyOf(one: Described): string {
  return `${one.object} ${one.key.map(([, value]) => value).join(" ")}`;
}

function describe(resource: DiskResourceStatus, options: Events2Options): readonly Described[] {
  const { connection } = resource;
  const name: Field = ["name", resource.name];
  const peer: readonly Field[] = [
    ["peer-node-id", 1],
    ["conn-name", connection.peerName === "" ? "peer" : connection.peerName],
  ];
  const statistics = (fields: readonly Field[]): readonly Field[] =>
    options.statistics ? fields : [];
  return [
    {
      object: "resource",
      key: [name],
      fields: [
        ["role", resource.role],
        ["suspended", suspendedText(resource.suspended)],
        ...statistics([["write-ordering", resource.writeOrdering]]),
      ],
    },
    {
      object: "connection",
      key: [name, ...peer],
      fields: [
        ["connection", connectionName(connection.state)],
        ["role", connection.peerRole],
        ...statistics([["congested", yesNo(connection.congested)]]),
      ],
    },
    ...resource.volumes.map(
      (volume): Described => ({
        object: "device",
        key: [name, ["volume", volume.volume], ["minor", volume.minor]],
        fields: [["disk", volume.disk], ...statistics(deviceStatistics(volume))],
      }),
    ),
    ...resource.volumes.map(
      (volume): Described => ({
        object: "peer-device",
        key: [name, ...peer, ["volume", volume.volume]],
        fields: [
          ["replication", replicationName(volume.connectionState)],
          ["peer-disk", volume.peerDisk],
          ["resync-suspended", resyncSuspendedText(volume.resyncSuspended)],
          ...statistics(peerDeviceStatistics(volume)),
        ],
      }),
    ),
  ];
}

function deviceStatistics({
  sizeKib,
  alSuspended,
  counters: c,
}: DiskVolumeStatus): readonly Field[] {
  return [
    ["size", sizeKib],
    ["read", c.readKib],
    ["written", c.writtenKib],
    ["al-writes", c.alWrites],
    ["bm-writes", c.bitmapWrites],
    ["upper-pending", c.applicationPending],
    ["lower-pending", c.localPending],
    ["al-suspended", yesNo(alSuspended)],
    ["blocked", "no"],
  ];
}

function peerDeviceStatistics({ counters: c }: DiskVolumeStatus): readonly Field[] {
  return [
    ["received", c.receivedKib],
    ["sent", c.sentKib],
    ["out-of-sync", c.outOfSyncKib],
    ["pending", c.peerPending],
    ["unacked", c.unacknowledged],
  ];
}

function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}
