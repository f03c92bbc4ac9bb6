/** Two hosts with a disk each: what every simulation of a DRBD resource starts from. */
import { assert } from "../../src/base/assert.ts";
import { createMetadata } from "../../src/core/replication/offline/create-metadata.ts";
import {
  type DiskSettings,
  defaultDiskSettings,
  defaultNetSettings,
  type NetSettings,
  type ProgressSaving,
  type ResourceSettings,
} from "../../src/core/replication/settings.ts";
import { SimDisk } from "../kernel/sim-disk.ts";
import { type NodeWatcher, SimNode, type SimWorld } from "./sim-node.ts";

export type PairHost = { readonly name: string; readonly address: string };

export type PairShape = {
  readonly resource: string;
  /** Their addresses are this resource's alone. */
  readonly hosts: readonly [PairHost, PairHost];
  readonly volumeBytes: number;
  /** Of each host's backing device; as much as the volume and its metadata need, when it is not said. */
  readonly diskBytes?: readonly [number, number];
  readonly net?: Partial<NetSettings>;
  /** Of the second host alone, over the others. */
  readonly secondNet?: Partial<NetSettings>;
  readonly disk?: Partial<DiskSettings>;
  /** Handlers are asked before a resync; they take their time, and agree. */
  readonly asksBeforeResync?: boolean;
  readonly progressSaving?: ProgressSaving;
};

export const twoHosts: readonly [PairHost, PairHost] = [
  { name: "alpha", address: "10.0.0.1" },
  { name: "bravo", address: "10.0.0.2" },
];

/** Room for internal metadata. */
const metadataBytes = 2 * 1024 * 1024;

/** Makes the disks, empty and with new metadata. The processes are not started. */
export function addPair(
  world: SimWorld,
  watcher: NodeWatcher,
  shape: PairShape,
): readonly [SimNode, SimNode] {
  const node = (i: 0 | 1): SimNode => {
    world.network.addHost(shape.hosts[i].address);
    const sizeBytes = shape.diskBytes?.[i] ?? shape.volumeBytes + metadataBytes;
    const disk = new SimDisk(world.clock, world.prng.fork(), sizeBytes);
    prepareDisk(disk);
    return new SimNode(world, watcher, { disk, settings: settingsOf(shape, i) });
  };
  return [node(0), node(1)];
}

/** Writes new metadata, as `drbdadm create-md` does. */
export function prepareDisk(disk: SimDisk): void {
  const device = {
    sizeBytes: disk.sizeBytes,
    read: (offset: number, length: number) => disk.readNow(offset, length),
    write: (offset: number, bytes: Uint8Array) => disk.writeNow(offset, bytes),
    flush: () => {},
  };
  const made = createMetadata({ data: device, meta: device }, { kind: "internal" });
  assert(made.ok, "the disk has room for metadata");
}

function settingsOf(shape: PairShape, i: 0 | 1): ResourceSettings {
  const [me, peer] = [shape.hosts[i], shape.hosts[i === 0 ? 1 : 0]];
  return {
    name: shape.resource,
    nodeName: me.name,
    peerName: peer.name,
    local: { address: me.address, port: 7788 },
    remote: { address: peer.address, port: 7788 },
    asksBeforeResync: shape.asksBeforeResync === true,
    ...(shape.progressSaving === undefined ? {} : { progressSaving: shape.progressSaving }),
    net: { ...defaultNetSettings, ...shape.net, ...(i === 1 ? shape.secondNet : {}) },
    volumes: [
      {
        volume: 0,
        minor: 0,
        disk: { ...defaultDiskSettings, sizeBytes: shape.volumeBytes, ...shape.disk },
      },
    ],
  };
}
