/** Online verify between two nodes: it finds what differs, on both, and nothing else; and it repairs nothing itself. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { blockBytes, Pair, pattern } from "./pair.ts";

const net = { verifyAlg: "sha1" } as const;

function verifyBy(
  pair: Pair,
  node: Pair["alpha"],
  range: { startSector?: number; stopSector?: number } = {},
): void {
  pair.admin(node, { name: "verify", volume: 0, ...range });
  pair.until(() => pair.both((v) => v.conn === "Connected"));
}

test("two equal copies are verified without a finding, on both sides", () => {
  const pair = Pair.inSync({ net });
  verifyBy(pair, pair.alpha);
  for (const node of [pair.alpha, pair.bravo]) {
    assert.equal(pair.volume(node).outOfSyncBytes, 0);
    assert.equal(pair.told(node, "verify-done").length, 1, node.name);
  }
  assert.equal(pair.sent(pair.alpha, "P_OV_REQUEST"), pair.volumeBytes / blockBytes);
  assert.equal(pair.sent(pair.alpha, "P_OV_RESULT"), pair.volumeBytes / blockBytes);
});

test("differing blocks are marked on both nodes, told as ranges, and repaired by the next resync", () => {
  const pair = Pair.inSync({ net });
  pair.bravo.disk.writeNow(40 * blockBytes, pattern(3 * blockBytes, 1));
  pair.bravo.disk.writeNow(1000 * blockBytes, pattern(512, 2));
  verifyBy(pair, pair.alpha);
  for (const node of [pair.alpha, pair.bravo]) {
    assert.equal(pair.volume(node).outOfSyncBytes, 4 * blockBytes, node.name);
    const ranges = pair.told(node, "out-of-sync").map((notice) => notice.message);
    assert.deepEqual(ranges, [
      "Out of sync: start=320, size=24 (sectors)",
      "Out of sync: start=8000, size=8 (sectors)",
    ]);
    assert.ok(pair.lines.some((line) => line.endsWith(`${node.name} r0 handler out-of-sync`)));
  }
  pair.admin(pair.alpha, { name: "primary" });
  pair.admin(pair.bravo, { name: "disconnect" });
  pair.write(pair.alpha, 0, pattern(blockBytes, 3));
  pair.admin(pair.bravo, { name: "connect" });
  pair.until(() => pair.bothUpToDate());
  pair.assertEqualData();
});

test("the Secondary can verify as well as the Primary, while the Primary's users write", () => {
  for (const verifier of ["alpha", "bravo"] as const) {
    const pair = Pair.inSync({ net });
    pair.admin(pair.alpha, { name: "primary" });
    pair.admin(pair[verifier], { name: "verify", volume: 0 });
    for (let i = 0; !pair.both((v) => v.conn === "Connected"); i++) {
      pair.write(pair.alpha, ((i * 37) % 1000) * blockBytes, pattern(2 * blockBytes, i));
    }
    assert.equal(pair.volume(pair.alpha).outOfSyncBytes, 0, `${verifier} verifies`);
    assert.equal(pair.told(pair.alpha, "out-of-sync").length, 0);
    pair.assertEqualData();
  }
});

test("--start and --stop limit what is compared", () => {
  const pair = Pair.inSync({ net });
  for (const block of [10, 600, 900])
    pair.bravo.disk.writeNow(block * blockBytes, pattern(512, block));
  verifyBy(pair, pair.alpha, { startSector: 500 * 8, stopSector: 800 * 8 });
  assert.equal(pair.volume(pair.alpha).outOfSyncBytes, blockBytes);
  assert.equal(pair.volume(pair.bravo).outOfSyncBytes, blockBytes);
  assert.equal(pair.sent(pair.alpha, "P_OV_REQUEST"), 300);
});

test("an interrupted verify keeps what it found, and the next one goes on where it ended", () => {
  const pair = Pair.inSync({ net, disk: { resyncRateKiBs: 1024 } });
  pair.bravo.disk.writeNow(5 * blockBytes, pattern(512, 1));
  pair.admin(pair.alpha, { name: "verify", volume: 0 });
  pair.advance(2000);
  assert.equal(pair.volume(pair.alpha).conn, "VerifyS");
  pair.admin(pair.alpha, { name: "disconnect" });
  assert.equal(pair.volume(pair.alpha).outOfSyncBytes, blockBytes);
  const reached = Number(pair.told(pair.alpha, "verify-aborted")[0]?.fields?.["sector"]);
  assert.ok(reached > 8 * 200, `it has come some way: sector ${reached}`);
  pair.admin(pair.alpha, { name: "connect" });
  pair.until(() => pair.both((v) => v.conn === "Connected"));
  const before = pair.sent(pair.alpha, "P_OV_REQUEST");
  verifyBy(pair, pair.alpha);
  assert.equal(
    pair.sent(pair.alpha, "P_OV_REQUEST") - before,
    pair.volumeBytes / blockBytes - reached / 8,
  );
});

test("verify is refused without an algorithm, without a connection, and of a copy that is not UpToDate", () => {
  const without = Pair.inSync();
  assert.equal(without.tryAdmin(without.alpha, { name: "verify", volume: 0 })?.code, -14);
  const fresh = new Pair({ net });
  fresh.start();
  assert.equal(fresh.tryAdmin(fresh.alpha, { name: "verify", volume: 0 })?.code, -2);
  const apart = Pair.inSync({ net });
  apart.admin(apart.alpha, { name: "disconnect" });
  assert.equal(apart.tryAdmin(apart.alpha, { name: "verify", volume: 0 })?.code, -15);
});

test("the peer's disk going away ends the verify, and I/O goes on", () => {
  const pair = Pair.inSync({ net, disk: { resyncRateKiBs: 1024 } });
  pair.admin(pair.alpha, { name: "primary" });
  pair.admin(pair.alpha, { name: "verify", volume: 0 });
  pair.advance(500);
  pair.admin(pair.bravo, { name: "detach", volume: 0 });
  pair.until(() => pair.volume(pair.alpha).conn === "Connected");
  for (let i = 0; i < 1024; i += 64) {
    assert.equal(pair.write(pair.alpha, i * blockBytes, pattern(blockBytes, i)).error, undefined);
  }
});

test("two nodes that verify, or compare, with different checksums don't connect", () => {
  for (const bravoNet of [{ verifyAlg: "md5" }, { csumsAlg: "sha1" }]) {
    const pair = new Pair({ net, bravoNet });
    pair.alpha.start();
    pair.bravo.start();
    const refused = (): Pair["alpha"] | undefined =>
      [pair.alpha, pair.bravo].find((node) => pair.told(node, "connection-refused").length > 0);
    // Whoever reads the other's first says so; the other finds the connection closed.
    pair.until(() => refused() !== undefined);
    const node = refused() as Pair["alpha"];
    assert.equal(pair.volume(node).conn, "StandAlone");
    const told = pair.told(node, "connection-refused")[0]?.message ?? "";
    assert.match(told, /^Different (verify|csums)-alg settings\. me=/);
  }
});

test("an algorithm set while connected is taken over by the peer, and a verify can use it", () => {
  const pair = Pair.inSync();
  pair.admin(pair.alpha, { name: "net-options", change: { verifyAlg: "sha256" } });
  pair.advance(10);
  verifyBy(pair, pair.bravo);
  assert.equal(pair.told(pair.bravo, "verify-done").length, 1);
  assert.equal(pair.told(pair.alpha, "net-options-adopted").length, 0);
});
