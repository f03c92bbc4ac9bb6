/** Congestion in protocol A: pull-ahead, and what it costs; disconnect; and what is refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { blockBytes, mib, Pair, type PairOptions, pattern } from "./pair.ts";

const net = { protocol: "A", congestionFillBytes: 256 * 1024 } as const;

/** alpha writes more than a slow bravo can take. */
function flooded(options: PairOptions): Pair {
  const pair = Pair.inSync(options);
  pair.admin(pair.alpha, { name: "primary" });
  pair.bravo.disk.faults.slowness = 400;
  for (let i = 0; i < 40; i++) {
    const { error } = pair.write(pair.alpha, i * 16 * blockBytes, pattern(4 * blockBytes, i));
    assert.equal(error, undefined);
  }
  return pair;
}

test("a Primary that pulls ahead writes on at its own pace, and the peer is synced when it has caught up", () => {
  const pair = flooded({ net: { ...net, onCongestion: "pull-ahead" } });
  assert.equal(pair.volume(pair.alpha).conn, "Ahead");
  pair.until(() => pair.volume(pair.bravo).conn === "Behind");
  assert.equal(pair.volume(pair.bravo).disk, "Outdated");
  assert.ok(pair.sent(pair.alpha, "P_OUT_OF_SYNC") > 0);
  assert.ok(pair.volume(pair.alpha).outOfSyncBytes > 0);
  pair.bravo.disk.faults.slowness = 1;
  pair.until(() => pair.volume(pair.alpha).conn === "SyncSource");
  pair.until(() => pair.bothUpToDate());
  pair.assertEqualData();
  assert.equal(pair.told(pair.alpha, "connection-lost").length, 0);
});

test("writes go on through all of it, and none is lost", () => {
  const pair = Pair.inSync({ net: { ...net, onCongestion: "pull-ahead" } });
  pair.admin(pair.alpha, { name: "primary" });
  for (let i = 0; i < 800; i++) {
    // The peer is slow every now and then.
    pair.bravo.disk.faults.slowness = i % 200 < 60 ? 300 : 1;
    pair.write(pair.alpha, ((i * 29) % 1000) * blockBytes, pattern(2 * blockBytes, i));
    if (i % 10 === 0) pair.advance(40);
  }
  pair.bravo.disk.faults.slowness = 1;
  assert.ok(pair.told(pair.alpha, "congested").length > 0);
  pair.until(() => pair.bothUpToDate() && pair.settled());
  pair.assertEqualData();
});

test("a connection that is lost while ahead is made again, with a resync of what the peer was not sent", () => {
  const pair = flooded({ net: { ...net, onCongestion: "pull-ahead" } });
  pair.until(() => pair.volume(pair.bravo).conn === "Behind");
  pair.bravo.crash();
  pair.bravo.disk.faults.slowness = 1;
  pair.write(pair.alpha, mib, pattern(blockBytes, 99));
  pair.bravo.start();
  pair.until(() => pair.bothUpToDate());
  pair.assertEqualData();
});

test("the node that is ahead does not go on from the copy that is behind when it loses its disk", () => {
  const pair = flooded({ net: { ...net, onCongestion: "pull-ahead" } });
  pair.until(() => pair.volume(pair.bravo).conn === "Behind");
  pair.admin(pair.alpha, { name: "detach", volume: 0, force: true });
  assert.equal(pair.read(pair.alpha, 0, blockBytes).error, "no-data");
  pair.until(() => pair.told(pair.alpha, "connection-refused").length > 0);
  assert.match(
    pair.told(pair.alpha, "connection-refused")[0]?.message ?? "",
    /^Can only connect to data with current UUID=/,
  );
  assert.equal(pair.write(pair.alpha, 0, pattern(blockBytes, 1)).error, "no-data");
});

test("on-congestion disconnect ends the connection, and the Primary goes on alone", () => {
  const pair = flooded({ net: { ...net, onCongestion: "disconnect" } });
  assert.equal(pair.volume(pair.alpha).conn, "StandAlone");
  assert.equal(pair.volume(pair.alpha).disk, "UpToDate");
});

test("congestion-extents counts active extents", () => {
  const extents = { ...net, congestionFillBytes: 0, congestionExtents: 3 } as const;
  const pair = Pair.inSync({
    volumeBytes: 24 * mib,
    net: { ...extents, onCongestion: "pull-ahead" },
  });
  pair.admin(pair.alpha, { name: "primary" });
  for (let i = 0; i < 5; i++) pair.write(pair.alpha, i * 4 * mib, pattern(blockBytes, i));
  assert.equal(pair.told(pair.alpha, "congested").length, 1);
  assert.match(pair.told(pair.alpha, "congested")[0]?.message ?? "", /^Congestion-extents/);
});

test("other protocols have no congestion policy", () => {
  const pair = Pair.inSync();
  const refusal = pair.tryAdmin(pair.alpha, {
    name: "net-options",
    change: { onCongestion: "pull-ahead" },
  });
  assert.match(refusal?.message ?? "", /needs protocol A/);
});
