/** Connecting: words on the way, peers that don't fit, and time limits. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SimNode } from "../../sim/replication/sim-node.ts";
import type { DrbdEffect } from "../../src/core/replication/effects.ts";
import { PacketType } from "../../src/formats/drbd/packet-type.ts";
import { blockBytes, Pair, type PairOptions, pattern } from "./pair.ts";

/** Both have written alone. */
function splitBrain(options: PairOptions = {}): Pair {
  const pair = Pair.inSync(options);
  for (const node of [pair.alpha, pair.bravo]) pair.admin(node, { name: "disconnect" });
  for (const [i, node] of [pair.alpha, pair.bravo].entries()) {
    pair.admin(node, { name: "primary" });
    pair.write(node, i * 10 * blockBytes, pattern(blockBytes, i + 1));
    pair.admin(node, { name: "secondary" });
  }
  return pair;
}

test("connect --discard-my-data gives up this node's changes, once", () => {
  const pair = splitBrain();
  pair.admin(pair.alpha, { name: "connect" });
  pair.admin(pair.bravo, { name: "connect", discardMyData: true });
  pair.until(() => pair.bothUpToDate());
  pair.assertEqualData();
  assert.deepEqual(pair.bravo.disk.readNow(0, blockBytes), pattern(blockBytes, 1));
});

test("a Primary is not asked to discard its data", () => {
  const pair = splitBrain();
  pair.admin(pair.bravo, { name: "primary" });
  const refusal = pair.tryAdmin(pair.bravo, { name: "connect", discardMyData: true });
  assert.match(refusal?.message ?? "", /not allowed when primary/);
});

test("connect --tentative tells what would happen, and changes nothing on either side", () => {
  const pair = Pair.inSync();
  pair.admin(pair.alpha, { name: "disconnect" });
  pair.admin(pair.alpha, { name: "primary" });
  pair.write(pair.alpha, 0, pattern(blockBytes, 1));
  const uuids = [pair.alpha, pair.bravo].map((node) => pair.volume(node).uuids);
  pair.admin(pair.alpha, { name: "connect", tentative: true });
  pair.until(() => pair.volume(pair.alpha).conn === "StandAlone");
  const told = pair.told(pair.alpha, "sync-decision").at(-1)?.message;
  assert.equal(told, "dry-run connect: Would become SyncSource, doing a bit-map based resync.");
  assert.deepEqual(
    [pair.alpha, pair.bravo].map((node) => pair.volume(node).uuids),
    uuids,
  );
  assert.notEqual(pair.volume(pair.bravo).conn, "StandAlone");
  pair.admin(pair.alpha, { name: "connect" });
  pair.until(() => pair.bothUpToDate());
  pair.assertEqualData();
});

/** P_CONNECTION_FEATURES of another version. */
function pretendsVersions(node: SimNode, min: number, max: number): void {
  node.mutation = (_, effect: DrbdEffect) => {
    const head = effect.kind === "send" ? effect.parts[0] : undefined;
    if (effect.kind !== "send" || head === undefined || head.length !== 80) return undefined;
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    if (view.getUint16(4) !== PacketType.ConnectionFeatures) return undefined;
    const changed = head.slice();
    new DataView(changed.buffer).setUint32(8, min);
    new DataView(changed.buffer).setUint32(16, max);
    return { ...effect, parts: [changed] };
  };
}

test("a peer of DRBD 8.3 is refused with both ranges of versions; the newest common one is taken", () => {
  const old = new Pair();
  pretendsVersions(old.bravo, 86, 97);
  old.alpha.start();
  old.bravo.start();
  old.until(() => old.told(old.alpha, "connection-refused").length > 0);
  assert.match(
    old.told(old.alpha, "connection-refused")[0]?.message ?? "",
    /incompatible DRBD dialects: I support 100-101, peer supports 86-97/,
  );
  const hundred = new Pair();
  for (const node of [hundred.alpha, hundred.bravo]) pretendsVersions(node, 86, 100);
  hundred.start();
  assert.match(hundred.told(hundred.alpha, "handshake")[0]?.message ?? "", /version 100$/);
});

test("a peer whose disk hangs is dropped after ko-count * timeout, one that is only slow is not", () => {
  for (const [slowness, dropped] of [
    [1e7, true],
    [1000, false],
  ] as const) {
    const pair = Pair.inSync({ net: { koCount: 3, timeoutMs: 2000 } });
    pair.admin(pair.alpha, { name: "primary" });
    pair.bravo.disk.faults.slowness = slowness;
    const asked = pair.clock.now;
    assert.equal(pair.write(pair.alpha, 0, pattern(blockBytes, 1)).error, undefined);
    assert.equal(pair.clock.now - asked >= 6000, dropped);
    assert.equal(pair.told(pair.alpha, "connection-lost").length > 0, dropped);
  }
});

test("ko-count 0 waits for a peer for ever", () => {
  const pair = Pair.inSync({ net: { koCount: 0 } });
  pair.admin(pair.alpha, { name: "primary" });
  pair.bravo.disk.faults.slowness = 1e8;
  let answered = false;
  pair.begin(pair.alpha, 0, pattern(blockBytes, 1), () => {
    answered = true;
  });
  pair.advance(200_000);
  assert.equal(answered, false);
  assert.equal(pair.told(pair.alpha, "connection-lost").length, 0);
});

test("a silent link is noticed after ping-int and ping-timeout", () => {
  const pair = Pair.inSync({ net: { pingIntMs: 3000, pingTimeoutMs: 400 } });
  const at = pair.clock.now;
  pair.network.link("10.0.0.1", "10.0.0.2").up = false;
  pair.network.link("10.0.0.2", "10.0.0.1").up = false;
  pair.until(() => pair.told(pair.alpha, "connection-lost").length > 0);
  const ms = pair.clock.now - at;
  assert.ok(ms > 2900 && ms < 3500, `${ms} ms`);
});

test("a read of the peer's copy that is not answered ends the connection, too", () => {
  const pair = Pair.inSync({ net: { koCount: 2, timeoutMs: 1000 } });
  pair.admin(pair.alpha, { name: "primary" });
  pair.admin(pair.alpha, { name: "detach", volume: 0 });
  pair.bravo.disk.faults.slowness = 1e6;
  const asked = pair.clock.now;
  assert.equal(pair.read(pair.alpha, 0, blockBytes).error, "no-data");
  assert.ok(pair.clock.now - asked < 2100);
  assert.equal(pair.told(pair.alpha, "connection-lost").length, 1);
});

test("a peer that takes nothing of what it is sent is pinged, and dropped after ko-count * timeout", () => {
  // alpha would wait for ever; bravo, which serves its reads, does not.
  const pair = Pair.inSync({
    net: { koCount: 0, timeoutMs: 2000 },
    bravoNet: { koCount: 3 },
  });
  pair.admin(pair.alpha, { name: "primary" });
  pair.admin(pair.alpha, { name: "detach", volume: 0 });
  pair.advance(5000);
  const pings = pair.sent(pair.bravo, "P_PING");
  pair.bravo.stream("data")?.stall(true);
  const asked = pair.clock.now;
  for (let i = 0; i < 4; i++) pair.beginRead(pair.alpha, i * 128 * 1024, 128 * 1024);
  pair.until(() => pair.told(pair.bravo, "connection-lost").length > 0);
  const ms = pair.clock.now - asked;
  assert.ok(ms >= 6000 && ms < 7000, `${ms} ms`);
  assert.equal(pair.told(pair.bravo, "send-time-expired").length, 2);
  assert.ok(pair.sent(pair.bravo, "P_PING") > pings);
});

test("a slow peer that takes something now and then is kept", () => {
  const pair = Pair.inSync({ net: { koCount: 0, timeoutMs: 2000 }, bravoNet: { koCount: 3 } });
  pair.admin(pair.alpha, { name: "primary" });
  pair.admin(pair.alpha, { name: "detach", volume: 0 });
  for (let i = 0; i < 6; i++) {
    for (let j = 0; j < 4; j++) pair.beginRead(pair.alpha, j * 128 * 1024, 128 * 1024);
    pair.bravo.stream("data")?.stall(true);
    pair.advance(5000);
    pair.bravo.stream("data")?.stall(false);
    pair.advance(10);
  }
  assert.equal(pair.told(pair.bravo, "connection-lost").length, 0);
});
