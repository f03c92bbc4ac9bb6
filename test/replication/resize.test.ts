/** A volume that grows while it is in use: two nodes, as specification section 14 tells it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SimNode } from "../../sim/replication/sim-node.ts";
import { growToAll } from "./growth-cut.ts";
import { blockBytes, mib, Pair, pattern } from "./pair.ts";

/** Metadata of a disk that small take 10 blocks: they overlap where it grows by less. */
const growths = [4 * blockBytes, 40 * blockBytes, 8 * mib];

/** Volumes as large as their disks, in sync, alpha Primary. */
function largestVolumes(): Pair {
  const pair = Pair.inSync({ disk: { sizeBytes: 0 } });
  pair.admin(pair.alpha, { name: "primary" });
  return pair;
}

function grow(node: SimNode, by: number): void {
  node.disk.grow(node.disk.sizeBytes + by);
}

function sizes(pair: Pair): readonly number[] {
  return [pair.volume(pair.alpha).sizeBytes, pair.volume(pair.bravo).sizeBytes];
}

for (const growth of growths) {
  test(`both disks have grown by ${growth} bytes: the volume has, and what is new is copied from the Primary`, () => {
    const pair = largestVolumes();
    const [before = 0] = sizes(pair);
    pair.write(pair.alpha, 0, pattern(8 * blockBytes, 1));
    // Something is on the new parts, and it is not the same on both.
    for (const [node, seed] of [
      [pair.alpha, 2],
      [pair.bravo, 3],
    ] as const) {
      const end = node.disk.sizeBytes;
      grow(node, growth);
      node.disk.writeNow(end, pattern(growth, seed));
    }
    pair.admin(pair.alpha, growToAll);
    pair.until(() => sizes(pair).every((size) => size > before));
    const [mine, peers] = sizes(pair);
    assert.equal(mine, peers);
    assert.ok((mine ?? 0) - before > growth - 2 * blockBytes);
    pair.until(() => pair.bothUpToDate());
    assert.equal(pair.told(pair.alpha, "resync-began").length, 1);
    pair.write(pair.alpha, before, pattern(3 * blockBytes, 4));
    assertEqual(pair, mine ?? 0);
    assertReopens(pair, mine ?? 0);
  });
}

test("the Secondary may be asked, too, and the Primary is the source all the same", () => {
  const pair = largestVolumes();
  const [before = 0] = sizes(pair);
  grow(pair.alpha, mib);
  grow(pair.bravo, mib);
  pair.admin(pair.bravo, growToAll);
  pair.until(() => sizes(pair).every((size) => size > before));
  pair.until(() => pair.bothUpToDate());
  assert.match(pair.told(pair.alpha, "resync-began")[0]?.message ?? "", /SyncSource/);
  assertEqual(pair, sizes(pair)[0] ?? 0);
});

test("what is assumed clean is not copied", () => {
  const pair = largestVolumes();
  const [before = 0] = sizes(pair);
  grow(pair.alpha, 4 * mib);
  grow(pair.bravo, 4 * mib);
  pair.admin(pair.alpha, { ...growToAll, assumeClean: true });
  pair.until(() => sizes(pair).every((size) => size > before));
  pair.advance(100);
  assert.ok(pair.bothUpToDate());
  assert.equal(pair.told(pair.alpha, "resync-began").length, 0);
  assert.equal(pair.told(pair.alpha, "growth-assumed-clean").length, 1);
  assert.ok(pair.both((v) => v.outOfSyncBytes === 0));
  assertReopens(pair, sizes(pair)[0] ?? 0);
});

test("the volume grows to the smaller disk, and only when both have grown", () => {
  const pair = largestVolumes();
  const [before = 0] = sizes(pair);
  grow(pair.alpha, 8 * mib);
  pair.admin(pair.alpha, growToAll);
  pair.advance(1000);
  assert.deepEqual(sizes(pair), [before, before]);
  // Alpha's metadata have moved all the same: its disk is as long as it is.
  assert.equal(pair.alpha.metadataPlacedBytes, pair.alpha.disk.sizeBytes);
  grow(pair.bravo, 2 * mib);
  pair.admin(pair.alpha, growToAll);
  pair.until(() => pair.bothUpToDate() && sizes(pair).every((size) => size > before));
  assert.deepEqual(sizes(pair), [before + 2 * mib, before + 2 * mib]);
  assertReopens(pair, before + 2 * mib);
});

test("a size that was asked for is taken on both sides", () => {
  const pair = largestVolumes();
  const [before = 0] = sizes(pair);
  grow(pair.alpha, 8 * mib);
  grow(pair.bravo, 8 * mib);
  const wanted = before + 3 * mib;
  pair.admin(pair.alpha, { ...growToAll, userSectors: wanted / 512 });
  pair.until(() => pair.bothUpToDate() && sizes(pair).every((size) => size === wanted));
  pair.admin(pair.alpha, growToAll);
  pair.until(() => pair.bothUpToDate() && sizes(pair).every((size) => size === before + 8 * mib));
});

test("writes go on while the disks grow, and those into what is new come after it", () => {
  const pair = largestVolumes();
  const [before = 0] = sizes(pair);
  grow(pair.alpha, 8 * mib);
  grow(pair.bravo, 8 * mib);
  // The slower side has its metadata on disk long after the other has begun to use what is new.
  pair.alpha.disk.faults.slowness = 50;
  let ended = 0;
  let begun = 0;
  const write = (offset: number): void => {
    begun++;
    const bytes = pattern(blockBytes, begun);
    pair.alpha.io(
      (id) => ({ kind: "write", id, volume: 0, offset, bytes, fua: false }),
      (outcome) => {
        assert.equal(outcome.error, undefined);
        ended++;
      },
    );
  };
  pair.alpha.admin(growToAll, () => {});
  let grown = 0;
  pair.until(() => {
    write((begun % 100) * blockBytes);
    pair.advance(1);
    if ((sizes(pair)[0] ?? 0) > before && grown < 50) write(before + grown++ * blockBytes);
    return grown === 50;
  });
  pair.until(() => ended === begun && pair.bothUpToDate());
  assertEqual(pair, sizes(pair)[0] ?? 0);
});

test("alone, the volume grows when the peer is assumed to have room", () => {
  const pair = largestVolumes();
  const [before = 0] = sizes(pair);
  pair.bravo.crash();
  pair.until(() => pair.volume(pair.alpha).conn !== "Connected");
  grow(pair.alpha, mib);
  pair.admin(pair.alpha, growToAll);
  assert.equal(sizes2(pair), before);
  pair.admin(pair.alpha, { ...growToAll, assumePeerHasSpace: true });
  assert.equal(sizes2(pair), before + mib);
  pair.write(pair.alpha, before, pattern(blockBytes, 9));
});

test("refusals say what is missing", () => {
  const pair = Pair.inSync({ disk: { sizeBytes: 0 } });
  const [before = 0] = sizes(pair);
  const refusal = (command: Parameters<Pair["tryAdmin"]>[1]): string =>
    pair.tryAdmin(pair.alpha, command)?.message ?? "";
  assert.match(refusal(growToAll), /Need one Primary node to resize/);
  pair.admin(pair.alpha, { name: "primary" });
  assert.match(refusal({ ...growToAll, userSectors: before / 512 - 8 }), /a volume is not shrunk/);
  pair.admin(pair.alpha, { name: "detach", volume: 0 });
  assert.match(refusal(growToAll), /it has to be attached/);
  assert.equal(sizes(pair)[0], before);
});

/** Alpha's size: bravo has no process. */
function sizes2(pair: Pair): number {
  return pair.volume(pair.alpha).sizeBytes;
}

function assertEqual(pair: Pair, length: number): void {
  const [a, b] = [pair.alpha, pair.bravo].map((node) => node.disk.readNow(0, length));
  assert.ok(a !== undefined && b !== undefined && Buffer.compare(a, b) === 0, "the data are equal");
}

/** Both processes die and start again: they find their metadata at the end of their disks, and agree at once. */
function assertReopens(pair: Pair, sizeBytes: number): void {
  for (const node of [pair.alpha, pair.bravo]) node.crash();
  pair.start();
  pair.until(() => pair.bothUpToDate());
  assert.deepEqual(sizes(pair), [sizeBytes, sizeBytes]);
  for (const node of [pair.alpha, pair.bravo]) {
    assert.equal(node.metadataPlacedBytes, node.disk.sizeBytes);
  }
}
