/**
 * A copy that is behind, or may be, meets a node that has no disk to compare it with. Only who has shown its data to
 * users can say that nothing newer is lacking: a Primary, by taking it into use.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { StateCode } from "../../src/core/replication/state/state-codes.ts";
import { blockBytes, Pair, type PairOptions, pattern } from "./pair.ts";

/** alpha has written what bravo lacks, and bravo knows that it is behind; the two are StandAlone. */
function bravoIsBehind(options: PairOptions = {}): Pair {
  const pair = Pair.inSync(options);
  pair.admin(pair.bravo, { name: "disconnect" });
  pair.admin(pair.bravo, { name: "outdate", volume: 0 });
  pair.admin(pair.alpha, { name: "disconnect" });
  pair.admin(pair.alpha, { name: "primary" });
  pair.write(pair.alpha, 0, pattern(blockBytes, 1));
  return pair;
}

function connectBoth(pair: Pair): void {
  for (const node of [pair.alpha, pair.bravo]) pair.admin(node, { name: "connect" });
}

test("an Outdated copy stays so beside a Secondary without a disk, and serves nobody", () => {
  const pair = bravoIsBehind();
  pair.admin(pair.alpha, { name: "secondary" });
  pair.admin(pair.alpha, { name: "detach", volume: 0 });
  connectBoth(pair);
  pair.until(() => pair.both((v) => v.conn === "Connected"));
  pair.advance(1000);
  assert.equal(pair.volume(pair.bravo).disk, "Outdated");
  assert.equal(pair.volume(pair.alpha).peerDisk, "Outdated");
  for (const node of [pair.alpha, pair.bravo])
    assert.equal(pair.tryAdmin(node, { name: "primary" })?.code, StateCode.NoUpToDateDisk);
  assert.equal(pair.told(pair.bravo, "copy-not-vouched-for").length, 1);
  // The newer copy is back.
  pair.alpha.attach(0);
  pair.until(() => pair.bothUpToDate());
  pair.assertEqualData();
  assert.deepEqual(pair.bravo.disk.readNow(0, blockBytes), pattern(blockBytes, 1));
});

test("a Primary without a disk that knows newer data refuses the older copy, and leaves it Outdated", () => {
  const pair = bravoIsBehind();
  pair.admin(pair.alpha, { name: "detach", volume: 0, force: true });
  connectBoth(pair);
  pair.until(() => pair.told(pair.alpha, "connection-refused").length > 0);
  pair.advance(1000);
  assert.equal(pair.volume(pair.bravo).disk, "Outdated");
  pair.bravo.crash();
  pair.bravo.start();
  pair.until(() => pair.volume(pair.bravo).disk === "Outdated", 1000);
});

test("a Primary without a disk takes back the copy that it was using, Outdated or not, and its writes are counted", () => {
  const pair = Pair.inSync();
  pair.admin(pair.alpha, { name: "primary" });
  pair.admin(pair.alpha, { name: "detach", volume: 0 });
  pair.write(pair.alpha, 0, pattern(blockBytes, 1));
  pair.admin(pair.bravo, { name: "disconnect", force: true });
  pair.admin(pair.bravo, { name: "outdate", volume: 0 });
  pair.admin(pair.bravo, { name: "connect" });
  pair.until(() => pair.volume(pair.bravo).disk === "UpToDate");
  assert.equal(pair.write(pair.alpha, blockBytes, pattern(blockBytes, 2)).error, undefined);
  pair.alpha.attach(0);
  pair.until(() => pair.bothUpToDate());
  pair.assertEqualData();
  assert.deepEqual(pair.alpha.disk.readNow(blockBytes, blockBytes), pattern(blockBytes, 2));
});

test("a Consistent copy is not the newest for want of anybody who could tell; --force is a person's word", () => {
  const pair = Pair.inSync({ disk: { fencing: "resource-only" } });
  pair.bravo.crash();
  pair.admin(pair.alpha, { name: "disconnect" });
  pair.admin(pair.alpha, { name: "detach", volume: 0 });
  pair.bravo.start();
  pair.until(() => pair.volume(pair.bravo).disk === "Consistent", 1000);
  pair.admin(pair.alpha, { name: "connect" });
  pair.until(() => pair.both((v) => v.conn === "Connected"));
  pair.advance(1000);
  assert.equal(pair.volume(pair.bravo).disk, "Consistent");
  assert.equal(pair.tryAdmin(pair.bravo, { name: "primary" })?.code, StateCode.NoUpToDateDisk);
  pair.admin(pair.bravo, { name: "primary", force: true });
  pair.until(() => pair.volume(pair.alpha).peerDisk === "UpToDate");
  assert.equal(pair.volume(pair.bravo).disk, "UpToDate");
});

test("two copies that are equal when the other's disk is attached are both good, Outdated or not", () => {
  const pair = Pair.inSync();
  pair.admin(pair.alpha, { name: "disconnect" });
  pair.admin(pair.bravo, { name: "disconnect" });
  pair.admin(pair.bravo, { name: "outdate", volume: 0 });
  pair.admin(pair.alpha, { name: "detach", volume: 0 });
  connectBoth(pair);
  pair.until(() => pair.both((v) => v.conn === "Connected"));
  assert.equal(pair.volume(pair.bravo).disk, "Outdated");
  pair.alpha.attach(0);
  pair.until(() => pair.bothUpToDate());
  pair.assertEqualData();
});
