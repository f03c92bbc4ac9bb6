/** The disks of a simulated cluster: each DRBD resource on its two hosts, and the servers that replicate them. */

import { assert } from "../../../src/base/assert.ts";
import {
  defaultDiskSettings,
  defaultNetSettings,
  type ResourceSettings,
} from "../../../src/core/replication/settings.ts";
import { SimDisk } from "../../kernel/sim-disk.ts";
import { prepareDisk } from "../../replication/pair.ts";
import { type NodeWatcher, SimNode } from "../../replication/sim-node.ts";
import { type ClusterShape, diskAddressOf, type GuestShape } from "./cluster-shape.ts";
import type { SimHost } from "./sim-host.ts";
import type { World } from "./sim-world.ts";

const volumeBytes = 256 * 1024;
const diskBytes = volumeBytes + 128 * 1024;
const port = 7788;

/** Makes the disks of a guest on both hosts, empty and with metadata. Their servers are not started. */
export function addDisks(
  world: World,
  shape: ClusterShape,
  guest: GuestShape,
  parts: { readonly hosts: ReadonlyMap<string, SimHost>; readonly watcher: NodeWatcher },
): void {
  for (const drbdResource of guest.drbdResources) {
    for (const node of guest.nodes) {
      const peer = guest.nodes[0] === node ? guest.nodes[1] : guest.nodes[0];
      const settings = settingsOf(shape, { drbdResource, node, peer });
      world.network.addHost(settings.local.address);
      const disk = new SimDisk(world.clock, world.prng.fork(), diskBytes);
      prepareDisk(disk);
      const server = new SimNode(world, parts.watcher, { disk, settings });
      parts.hosts.get(node)?.addServer(drbdResource, server);
    }
  }
}

/** Another machine by the host's name: its disks are empty and have new metadata, and it has no state of the cluster. */
export function replaceMachine(host: SimHost): void {
  assert(!host.powered, "a machine is put in its place without power");
  host.files.wipe();
  for (const { disk } of host.servers.values()) {
    disk.writeNow(0, new Uint8Array(disk.sizeBytes));
    prepareDisk(disk);
  }
}

function settingsOf(
  shape: ClusterShape,
  of: { readonly drbdResource: string; readonly node: string; readonly peer: string },
): ResourceSettings {
  const { drbdResource, node, peer } = of;
  return {
    name: drbdResource,
    nodeName: node,
    peerName: peer,
    local: { address: diskAddressOf(shape, node, drbdResource), port },
    remote: { address: diskAddressOf(shape, peer, drbdResource), port },
    net: { ...defaultNetSettings, connectIntMs: 3000, allowTwoPrimaries: true },
    volumes: [
      {
        volume: 0,
        minor: 0,
        disk: { ...defaultDiskSettings, sizeBytes: volumeBytes, alExtents: 7 },
      },
    ],
  };
}
