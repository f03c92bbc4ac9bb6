/** Protocols A, B and C: what an answer waits for, in which order the Secondary writes, and changing while connected. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { blockBytes, Pair, pattern } from "./pair.ts";

for (const protocol of ["A", "B", "C"] as const) {
  test(`protocol ${protocol}: many writes at once, in order where they overlap, and both copies equal`, () => {
    const pair = Pair.inSync({ net: { protocol } });
    pair.admin(pair.alpha, { name: "primary" });
    pair.bravo.disk.faults.slowness = 8;
    let answered = 0;
    for (let i = 0; i < 600; i++) {
      const offset = ((i * 13) % 64) * blockBytes;
      pair.begin(pair.alpha, offset, pattern(2 * blockBytes, i), (error) => {
        assert.equal(error, undefined);
        answered++;
      });
      if (i % 7 === 0) pair.advance(1);
    }
    pair.until(() => answered === 600);
    pair.until(() => pair.settled());
    pair.assertEqualData();
    const acks = { A: "none", B: "P_RECV_ACK", C: "P_WRITE_ACK" }[protocol];
    for (const name of ["P_RECV_ACK", "P_WRITE_ACK"]) {
      assert.equal(pair.sent(pair.bravo, name) > 0, name === acks, name);
    }
  });
}

test("protocol A answers while the peer's disk stands still, C does not", () => {
  for (const protocol of ["A", "B", "C"] as const) {
    const pair = Pair.inSync({ net: { protocol } });
    pair.admin(pair.alpha, { name: "primary" });
    pair.bravo.disk.faults.slowness = 1e6;
    let answered = false;
    pair.begin(pair.alpha, 0, pattern(blockBytes, 1), () => {
      answered = true;
    });
    pair.advance(100);
    assert.equal(answered, protocol !== "C", protocol);
  }
});

test("the Secondary of protocol A never has a later epoch without the earlier one", () => {
  const pair = Pair.inSync({ net: { protocol: "A" } });
  pair.admin(pair.alpha, { name: "primary" });
  pair.bravo.disk.faults.slowness = 20;
  // Each write is begun when the one before is answered: an epoch each.
  for (let i = 0; i < 200; i++) {
    pair.write(pair.alpha, i * blockBytes, pattern(blockBytes, i + 1));
    const written: boolean[] = [];
    for (let k = 0; k <= i; k++) {
      const bytes = pair.bravo.disk.peek(k * blockBytes, blockBytes);
      written.push(Buffer.compare(bytes, pattern(blockBytes, k + 1)) === 0);
    }
    const firstMissing = written.indexOf(false);
    if (firstMissing >= 0)
      assert.equal(written.lastIndexOf(true) > firstMissing, false, `after ${i}`);
  }
});

test("a protocol changed on one node is the other's at once, with writes under way", () => {
  const pair = Pair.inSync();
  pair.admin(pair.alpha, { name: "primary" });
  let answered = 0;
  const count = 300;
  const protocols = ["B", "A", "C"] as const;
  for (let i = 0; i < count; i++) {
    pair.begin(pair.alpha, (i % 50) * blockBytes, pattern(blockBytes, i), (error) => {
      assert.equal(error, undefined);
      answered++;
    });
    const protocol = protocols[Math.floor(i / 100)];
    if (i % 100 === 50 && protocol !== undefined) {
      const node = i < 100 ? pair.alpha : pair.bravo;
      pair.admin(node, { name: "net-options", change: { protocol } });
    }
    if (i % 5 === 0) pair.advance(1);
  }
  pair.until(() => answered === count && pair.settled());
  assert.equal(pair.told(pair.alpha, "connection-lost").length, 0);
  for (const node of [pair.alpha, pair.bravo]) assert.equal(node.status()?.protocol, "C");
  pair.assertEqualData();
});

test("allow-two-primaries is switched on for a migration and off after it, from one side", () => {
  const pair = Pair.inSync();
  pair.admin(pair.alpha, { name: "primary" });
  const window = { name: "two-primaries-window", open: true } as const;
  assert.notEqual(pair.tryAdmin(pair.bravo, window), undefined);
  pair.admin(pair.alpha, { name: "net-options", change: { allowTwoPrimaries: true } });
  pair.advance(10);
  for (const node of [pair.alpha, pair.bravo]) pair.admin(node, window);
  pair.admin(pair.bravo, { name: "primary" });
  const off = { name: "net-options", change: { allowTwoPrimaries: false } } as const;
  assert.match(pair.tryAdmin(pair.alpha, off)?.message ?? "", /both nodes are Primary/);
  pair.admin(pair.alpha, { name: "secondary" });
  pair.advance(10);
  pair.admin(pair.alpha, off);
  pair.advance(10);
  assert.equal(pair.tryAdmin(pair.alpha, { name: "primary" })?.code, -1);
});

test("after-sb policies change with the connection up; local and remote are each other's", () => {
  const pair = Pair.inSync();
  pair.admin(pair.alpha, { name: "net-options", change: { afterSb0pri: "discard-local" } });
  pair.advance(10);
  const told = pair.told(pair.bravo, "net-options-adopted")[0]?.message ?? "";
  assert.match(told, /afterSb0pri discard-remote/);
});

test("what can't go together is refused", () => {
  const pair = Pair.inSync({ disk: { fencing: "resource-and-stonith" } });
  for (const change of [{ protocol: "A" }, { protocol: "B", allowTwoPrimaries: true }] as const) {
    assert.notEqual(pair.tryAdmin(pair.alpha, { name: "net-options", change }), undefined);
  }
});

test("a write with FUA is on the peer's stable storage when it is answered, in every protocol", () => {
  for (const protocol of ["A", "B", "C"] as const) {
    const pair = Pair.inSync({ net: { protocol } });
    pair.admin(pair.alpha, { name: "primary" });
    const bytes = pattern(blockBytes, 3);
    const outcome = pair.writeThrough(pair.alpha, 0, bytes);
    assert.equal(outcome.error, undefined);
    pair.bravo.powerCut();
    assert.deepEqual(pair.bravo.disk.readNow(0, blockBytes), bytes, protocol);
  }
});
