/** Disks that fail under on-io-error, the Primary without a disk, and what the peer is told of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PacketType } from "../../src/formats/drbd/packet-type.ts";
import { blockBytes, mib, Pair, pattern, swallow } from "./pair.ts";

const policies = ["detach", "pass_on", "call-local-io-error"] as const;

for (const onIoError of policies) {
  test(`a Primary whose disk fails a write, on-io-error ${onIoError}: its user sees nothing of it`, () => {
    const pair = Pair.inSync({ disk: { onIoError } });
    pair.admin(pair.alpha, { name: "primary" });
    pair.write(pair.alpha, 0, pattern(blockBytes, 1));
    pair.alpha.disk.faults.writeFails = 1;
    assert.equal(pair.write(pair.alpha, 0, pattern(blockBytes, 2)).error, undefined);
    pair.alpha.disk.faults.writeFails = 0;
    pair.advance(1000);
    const handled = pair.lines.some((line) => line.endsWith("alpha r0 handler local-io-error"));
    assert.equal(handled, onIoError === "call-local-io-error");
    assert.deepEqual(pair.read(pair.alpha, 0, blockBytes).bytes, pattern(blockBytes, 2));
    assert.equal(pair.write(pair.alpha, blockBytes, pattern(blockBytes, 3)).error, undefined);
    assert.equal(pair.volume(pair.bravo).disk, "UpToDate");
  });

  test(`a Secondary whose disk fails a write, on-io-error ${onIoError}: the Primary goes on, and knows`, () => {
    const pair = Pair.inSync({ disk: { onIoError } });
    pair.admin(pair.alpha, { name: "primary" });
    pair.bravo.disk.faults.writeFails = 1;
    assert.equal(pair.write(pair.alpha, 0, pattern(blockBytes, 2)).error, undefined);
    pair.bravo.disk.faults.writeFails = 0;
    pair.advance(1000);
    assert.equal(pair.sent(pair.bravo, "P_NEG_ACK"), 1);
    assert.ok(pair.volume(pair.alpha).outOfSyncBytes >= blockBytes);
    assert.notEqual(pair.volume(pair.alpha).peerDisk, "UpToDate");
    assert.equal(pair.volume(pair.alpha).disk, "UpToDate");
  });
}

test("pass_on keeps a Primary's disk with one bad read, which the peer answers", () => {
  const pair = Pair.inSync({ disk: { onIoError: "pass_on" } });
  pair.admin(pair.alpha, { name: "primary" });
  pair.write(pair.alpha, 0, pattern(blockBytes, 1));
  pair.alpha.disk.faults.readFails = 1;
  assert.deepEqual(pair.read(pair.alpha, 0, blockBytes).bytes, pattern(blockBytes, 1));
  pair.alpha.disk.faults.readFails = 0;
  pair.advance(1000);
  assert.equal(pair.volume(pair.alpha).disk, "Inconsistent");
});

test("a failed disk that is replaced by an attach gets what it missed, and only that", () => {
  const pair = Pair.inSync();
  pair.admin(pair.alpha, { name: "primary" });
  pair.alpha.disk.faults.writeFails = 1;
  pair.write(pair.alpha, 0, pattern(blockBytes, 2));
  pair.alpha.disk.faults.writeFails = 0;
  pair.until(() => pair.volume(pair.alpha).disk === "Diskless");
  for (let i = 0; i < 10; i++) pair.write(pair.alpha, i * 8192, pattern(blockBytes, i));
  pair.alpha.attach(0);
  pair.until(() => pair.bothUpToDate());
  pair.assertEqualData();
  assert.ok(pair.volume(pair.alpha).receivedBytes < mib, "no full sync");
});

test("a diskless Primary reads and writes by the peer, whose generation is begun by the peer itself", () => {
  const pair = Pair.inSync();
  pair.admin(pair.alpha, { name: "primary" });
  const before = pair.volume(pair.bravo).uuids;
  pair.admin(pair.alpha, { name: "detach", volume: 0 });
  pair.until(() => pair.volume(pair.bravo).peerDisk === "Diskless");
  assert.equal(pair.write(pair.alpha, mib, pattern(2 * mib, 4)).error, undefined);
  assert.deepEqual(pair.read(pair.alpha, mib, 2 * mib).bytes, pattern(2 * mib, 4));
  const [current, bitmap] = pair.volume(pair.bravo).uuids ?? [];
  assert.notEqual(current, before?.[0]);
  assert.notEqual(bitmap, "0000000000000000");
  assert.equal(pair.volume(pair.bravo).outOfSyncBytes, 2 * mib);
  pair.alpha.attach(0);
  pair.until(() => pair.bothUpToDate());
  pair.assertEqualData();
});

test("a Primary without any copy in reach answers with errors, and goes on when the peer is back", () => {
  const pair = Pair.inSync();
  pair.admin(pair.alpha, { name: "primary" });
  pair.write(pair.alpha, 0, pattern(blockBytes, 1));
  pair.admin(pair.alpha, { name: "detach", volume: 0 });
  pair.bravo.crash();
  pair.until(() => pair.volume(pair.alpha).conn !== "Connected");
  assert.equal(pair.read(pair.alpha, 0, blockBytes).error, "no-data");
  assert.equal(pair.write(pair.alpha, 0, pattern(blockBytes, 2)).error, "no-data");
  pair.bravo.start();
  pair.until(() => pair.volume(pair.alpha).peerDisk === "UpToDate");
  assert.deepEqual(pair.read(pair.alpha, 0, blockBytes).bytes, pattern(blockBytes, 1));
});

test("a read that the peer can't serve is refused to the user, and the connection stays", () => {
  const pair = Pair.inSync();
  pair.admin(pair.alpha, { name: "primary" });
  pair.admin(pair.alpha, { name: "detach", volume: 0 });
  pair.bravo.disk.faults.readFails = 1;
  assert.equal(pair.read(pair.alpha, 0, blockBytes).error, "io-error");
  assert.equal(pair.sent(pair.bravo, "P_NEG_DREPLY"), 1);
  pair.bravo.disk.faults.readFails = 0;
  assert.equal(pair.read(pair.alpha, 0, blockBytes).error, undefined);
});

test("a copy that waits for its bitmap is not UpToDate because the source has lost its disk", () => {
  const pair = Pair.inSync();
  pair.admin(pair.alpha, { name: "primary" });
  pair.admin(pair.bravo, { name: "disconnect" });
  pair.write(pair.alpha, 0, pattern(blockBytes, 1));
  swallow(pair.alpha, PacketType.CompressedBitmap);
  pair.admin(pair.bravo, { name: "connect" });
  pair.until(() => pair.volume(pair.bravo).conn === "WFBitMapT");
  pair.admin(pair.alpha, { name: "detach", volume: 0, force: true });
  pair.until(() => pair.volume(pair.bravo).conn !== "WFBitMapT");
  assert.equal(pair.volume(pair.bravo).disk, "Outdated");
  assert.notEqual(pair.volume(pair.alpha).peerDisk, "UpToDate");
  assert.equal(pair.read(pair.alpha, 0, blockBytes).error, "no-data");
});

/** Seed 38 of the replication simulator. */
test("what the peer had not made stable when a Primary's disk was detached is synced after both lost power", () => {
  const pair = Pair.inSync();
  pair.admin(pair.alpha, { name: "primary" });
  for (let i = 0; i < 32; i++) pair.write(pair.alpha, i * 8192, pattern(blockBytes, i));
  pair.admin(pair.alpha, { name: "detach", volume: 0 });
  for (const node of [pair.alpha, pair.bravo]) node.powerCut();
  for (const node of [pair.alpha, pair.bravo]) {
    node.powerOn();
    node.start();
  }
  pair.until(() => pair.bothUpToDate());
  pair.assertEqualData();
});

/** Seed 10 of the replication simulator. */
test("a write that the local disk fails is answered when this copy says that it lacks it, or not as done", () => {
  const pair = Pair.inSync();
  pair.admin(pair.alpha, { name: "primary" });
  pair.write(pair.alpha, 0, pattern(blockBytes, 1));
  pair.alpha.disk.faults.slowness = 5000;
  let answer: string | undefined = "none";
  pair.begin(pair.alpha, 0, pattern(blockBytes, 2), (error) => {
    answer = error ?? "done";
  });
  pair.until(() => pair.sent(pair.bravo, "P_WRITE_ACK") === 2);
  pair.alpha.disk.faults.writeFails = 1;
  pair.until(() => pair.told(pair.alpha, "disk-failed").length > 0);
  // The peer has it, but nothing says yet that this copy does not.
  assert.equal(answer, "none");
  pair.bravo.crash();
  pair.until(() => answer !== "none");
  assert.equal(answer, "io-error");
});
