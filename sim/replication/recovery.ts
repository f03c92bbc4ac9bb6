/** The end of all faults: what was broken works again, and what an administrator does then is done. */
import type { SimNetwork } from "../kernel/sim-network.ts";
import type { SimNode, SimWorld } from "./sim-node.ts";

const repairEveryMs = 2000;

/** Cables are in, hosts have power, processes run, disks answer; connections are asked for and syncs go on. */
export function healPair(world: SimWorld, nodes: readonly [SimNode, SimNode]): void {
  healLinks(world.network, nodes);
  for (const node of nodes) {
    healNode(node);
    node.admin({ name: "connect" }, () => {});
    node.admin({ name: "resume-sync", volume: 0 }, () => {});
  }
  const repairAgain = (): void => {
    for (const node of nodes) repairDisk(node);
    // A Primary without a disk takes its old one only when the peer is there to bring it up to date.
    world.clock.after(repairEveryMs, repairAgain);
  };
  repairAgain();
}

export function healLinks(network: SimNetwork, [a, b]: readonly [SimNode, SimNode]): void {
  const sound = { up: true, delayMs: 0.1, jitterMs: 0.1 };
  network.setLink(a.address, b.address, sound);
  network.setLink(b.address, a.address, sound);
}

/** A failed disk works again, or is attached again after it was let go. */
export function repairDisk(node: SimNode): void {
  Object.assign(node.disk.faults, { readFails: 0, writeFails: 0, flushFails: 0 });
  if (node.running && node.status()?.volumes[0]?.disk === "Diskless") node.attach(0);
}

function healNode(node: SimNode): void {
  Object.assign(node.disk.faults, { slowness: 1, readFails: 0, writeFails: 0, flushFails: 0 });
  node.timerLatenessMs = 0;
  node.tap = undefined;
  node.disk.onEffect = undefined;
  node.thaw();
  for (const stream of node.streams()) stream.stall(false);
  if (!node.powered) node.powerOn();
  if (!node.running) node.start();
}
