/**
 * What `drbdsetup events2 --statistics` of the kernel's DRBD says about one resource -> the status that our own disk
 * servers give. Connection and replication, which events2 tells apart, are /proc/drbd's one word again.
 */
import type {
  DiskConnectionState,
  DiskResourceStatus,
  DiskRole,
  DiskState,
  DiskVolumeStatus,
} from "../../api/disk-status.ts";
import type { Events2Line } from "../../formats/drbd/events2-line.ts";
import type { ProcProgress } from "../../formats/drbd/proc-drbd-progress.ts";
import { printAddress } from "../../formats/drbd-conf/parse-address.ts";
import type {
  DrbdResourceConfig,
  DrbdVolumeConfig,
} from "../../formats/drbd-conf/resource-config.ts";
import type { KernelGeneration } from "./kernel-generation.ts";

type Fields = ReadonlyMap<string, string>;

/** What is known besides the events. */
export type KernelFacts = {
  readonly config: DrbdResourceConfig;
  /** By volume; absent while Diskless. */
  readonly generations: ReadonlyMap<number, KernelGeneration>;
  /** By minor. */
  readonly progress: ReadonlyMap<number, ProcProgress>;
  readonly isOpen: (volume: number) => boolean;
  readonly twoPrimariesWindow: boolean;
};

/** The objects of one resource, as the `exists` lines tell them. */
export type KernelObjects = {
  readonly resource: Fields | undefined;
  readonly connection: Fields;
  readonly devices: ReadonlyMap<number, Fields>;
  readonly peerDevices: ReadonlyMap<number, Fields>;
};

export function kernelObjects(lines: readonly Events2Line[], name: string): KernelObjects {
  let resource: Fields | undefined;
  let connection: Fields = new Map();
  const devices = new Map<number, Fields>();
  const peerDevices = new Map<number, Fields>();
  for (const line of lines) {
    if (line.kind !== "object" || line.action !== "exists") continue;
    const { fields } = line;
    if (fields.get("name") !== name) continue;
    if (line.object === "resource") resource = fields;
    else if (line.object === "connection") connection = fields;
    else if (line.object === "device") devices.set(number(fields, "volume"), fields);
    else if (line.object === "peer-device") peerDevices.set(number(fields, "volume"), fields);
  }
  return { resource, connection, devices, peerDevices };
}

/** Undefined when the kernel does not have the resource. */
export function kernelStatus(
  objects: KernelObjects,
  facts: KernelFacts,
): DiskResourceStatus | undefined {
  const { resource, connection } = objects;
  const { config } = facts;
  if (resource === undefined) return undefined;
  const suspended = (resource.get("suspended") ?? "no").split(",");
  const ordering = resource.get("write-ordering");
  const state = connectionState(connection.get("connection"));
  return {
    name: config.name,
    engine: "kernel",
    role: resource.get("role") === "Primary" ? "Primary" : "Secondary",
    suspended: {
      user: suspended.includes("user"),
      noData: suspended.includes("no-data"),
      fencing: suspended.includes("fencing"),
    },
    writeOrdering:
      ordering === "barrier" || ordering === "drain" || ordering === "none" ? ordering : "flush",
    twoPrimariesWindow: facts.twoPrimariesWindow,
    connection: {
      state,
      peerName: config.peer?.name ?? "",
      peerRole: (connection.get("role") ?? "Unknown") as DiskRole,
      ...(state === "StandAlone" ? {} : { protocol: config.net.protocol }),
      local: addressText(config.local.address),
      remote: config.peer === undefined ? "" : addressText(config.peer.address),
      congested: connection.get("congested") === "yes",
    },
    // The kernel does not keep them.
    roleChanges: [],
    volumes: config.volumes.map((volume) => volumeStatus(volume, state, objects, facts)),
  };
}

function volumeStatus(
  volume: DrbdVolumeConfig,
  connection: DiskConnectionState,
  objects: KernelObjects,
  facts: KernelFacts,
): DiskVolumeStatus {
  const device: Fields = objects.devices.get(volume.number) ?? new Map();
  const peer: Fields = objects.peerDevices.get(volume.number) ?? new Map();
  const disk = (device.get("disk") ?? "Diskless") as DiskState;
  const paused = (peer.get("resync-suspended") ?? "no").split(",");
  const generation = facts.generations.get(volume.number);
  const progress = facts.progress.get(volume.minor);
  return {
    volume: volume.number,
    minor: volume.minor,
    device: volume.device,
    ...(disk === "Diskless" ? {} : { backingDisk: volume.disk }),
    connectionState: replicationState(connection, peer.get("replication")),
    disk,
    peerDisk: (peer.get("peer-disk") ?? "DUnknown") as DiskState,
    sizeKib: number(device, "size"),
    isOpen: facts.isOpen(volume.number),
    resyncSuspended: {
      user: paused.includes("user"),
      peer: paused.includes("peer"),
      dependency: paused.includes("dependency"),
    },
    alSuspended: device.get("al-suspended") === "yes",
    counters: {
      sentKib: number(peer, "sent"),
      receivedKib: number(peer, "received"),
      writtenKib: number(device, "written"),
      readKib: number(device, "read"),
      alWrites: number(device, "al-writes"),
      bitmapWrites: number(device, "bm-writes"),
      localPending: number(device, "lower-pending"),
      peerPending: number(peer, "pending"),
      unacknowledged: number(peer, "unacked"),
      applicationPending: number(device, "upper-pending"),
      epochs: 0,
      outOfSyncKib: number(peer, "out-of-sync"),
    },
    ...(progress === undefined ? {} : { resync: { ...progress, elapsedMs: 0, pausedMs: 0 } }),
    ...(generation === undefined || disk === "Diskless" ? {} : { generation }),
    lastSyncDecision: "",
  };
}

/** events2 says Connecting for WFConnection, and Connected also while states are still exchanged. */
function connectionState(word: string | undefined): DiskConnectionState {
  if (word === undefined) return "StandAlone";
  return (word === "Connecting" ? "WFConnection" : word) as DiskConnectionState;
}

function replicationState(
  connection: DiskConnectionState,
  replication: string | undefined,
): DiskConnectionState {
  if (connection !== "Connected") return connection;
  if (replication === undefined || replication === "Off") return "WFReportParams";
  return (replication === "Established" ? "Connected" : replication) as DiskConnectionState;
}

function addressText(address: DrbdResourceConfig["local"]["address"]): string {
  return printAddress(address).replace(" ", ":");
}

function number(fields: Fields, name: string): number {
  const value = Number(fields.get(name) ?? "0");
  return Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
