/** A power cut behind one of the writes to a disk while a volume grows, and what an administrator does after it. */
import assert from "node:assert/strict";
import type { SimDisk } from "../../sim/kernel/sim-disk.ts";
import type { SimNode } from "../../sim/replication/sim-node.ts";
import {
  metadataBeforeGrowth,
  moveAfterGrowth,
} from "../../src/core/replication/offline/grown-device.ts";
import type { MetadataDevice } from "../../src/core/replication/offline/metadata-device.ts";
import { readMetadata } from "../../src/core/replication/offline/read-metadata.ts";
import { blockBytes, mib, Pair, pattern } from "./pair.ts";

/** To the size that both disks have room for. */
export const growToAll = {
  name: "resize",
  volume: 0,
  userSectors: 0,
  assumeClean: false,
  assumePeerHasSpace: false,
} as const;

export type GrowthCut = {
  readonly growth: number;
  readonly victim: "alpha" | "bravo";
  /** Looks at the disk with the power back, before anything is started on it. */
  readonly look?: (disk: SimDisk) => void;
};

/** @returns whether there was a write of that number: false when the growth was over before. */
export function cutBehind(k: number, { growth, victim, look }: GrowthCut): boolean {
  const pair = Pair.inSync({ volumeBytes: mib, disk: { sizeBytes: 0 } });
  pair.admin(pair.alpha, { name: "primary" });
  const before = pair.volume(pair.alpha).sizeBytes;
  pair.write(pair.alpha, 0, pattern(16 * blockBytes, 1));
  for (const node of [pair.alpha, pair.bravo]) node.disk.grow(node.disk.sizeBytes + growth);
  const node = pair[victim];
  let effects = 0;
  let isCut = false;
  node.disk.onEffect = () => {
    if (effects++ !== k || isCut) return;
    isCut = true;
    node.powerCut();
  };
  pair.alpha.admin(growToAll, () => {});
  // A write whose extents the log on disk has to know, on whichever place that is.
  pair.alpha.io(
    (id) => ({
      kind: "write",
      id,
      volume: 0,
      offset: 0,
      bytes: pattern(blockBytes, 5),
      fua: false,
    }),
    () => {},
  );
  pair.advance(3000);
  node.disk.onEffect = undefined;
  if (!isCut) return false;
  restart(pair, node, look);
  if (pair.alpha.status()?.role !== "Primary") pair.admin(pair.alpha, { name: "primary" });
  pair.admin(pair.alpha, growToAll);
  pair.until(() => pair.both((v) => v.sizeBytes > before || growth === blockBytes));
  pair.until(() => pair.bothUpToDate());
  const size = pair.volume(pair.alpha).sizeBytes;
  assert.equal(pair.volume(pair.bravo).sizeBytes, size);
  const [a, b] = [pair.alpha, pair.bravo].map((each) => each.disk.readNow(0, size));
  assert.ok(a !== undefined && b !== undefined && Buffer.compare(a, b) === 0, `cut behind ${k}`);
  return true;
}

/** As an administrator does: check-resize where the disk has grown and its metadata have not moved. */
function restart(pair: Pair, node: SimNode, look: GrowthCut["look"]): void {
  const device = deviceOf(node.disk);
  const atEnd = readMetadata({ data: device, meta: device }, { kind: "internal" });
  if (!atEnd.ok) {
    const last = node.metadataPlacedBytes;
    assert.ok(last !== undefined);
    assert.ok(metadataBeforeGrowth({ meta: device }, last), "the old metadata are still valid");
    assert.ok(moveAfterGrowth(device, last).ok);
  }
  look?.(node.disk);
  node.powerOn();
  node.start();
  pair.until(() => pair.both((v) => v.conn === "Connected"));
  pair.advance(100);
}

function deviceOf(disk: SimDisk): MetadataDevice {
  return {
    sizeBytes: disk.sizeBytes,
    read: (offset, length) => disk.readNow(offset, length),
    write: (offset, bytes) => disk.writeNow(offset, bytes),
    flush: () => {},
  };
}
