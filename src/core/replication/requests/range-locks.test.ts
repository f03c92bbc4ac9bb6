import assert from "node:assert/strict";
import { test } from "node:test";
import { RangeLocks, Use } from "./range-locks.ts";

const block = { offset: 4096, length: 4096 };
const other = { offset: 8192, length: 4096 };

function waits(older: Use, newer: Use): boolean {
  const locks = new RangeLocks<string>();
  locks.add(block, older, "older");
  return !locks.add(block, newer, "newer").active;
}

test("who waits for whom, in words", () => {
  const rows: readonly (readonly [Use, Use, boolean])[] = [
    [Use.App, Use.App, true],
    [Use.AppNet, Use.App, true],
    [Use.ResyncRequest, Use.App, true],
    [Use.ResyncRead, Use.App, true],
    [Use.ResyncWrite, Use.App, true],
    [Use.PeerWrite, Use.App, true],
    [Use.App, Use.PeerWrite, false],
    [Use.PeerWrite, Use.PeerWrite, true],
    [Use.ResyncWrite, Use.PeerWrite, true],
    [Use.ResyncRequest, Use.PeerWrite, false],
    [Use.App, Use.ResyncRequest, true],
    [Use.AppNet, Use.ResyncRequest, false],
    [Use.App, Use.ResyncRead, true],
    [Use.PeerWrite, Use.ResyncRead, true],
    [Use.ResyncRequest, Use.ResyncWrite, false],
    [Use.PeerWrite, Use.ResyncWrite, true],
  ];
  for (const [older, newer, expected] of rows)
    assert.equal(waits(older, newer), expected, `${newer} behind ${older}`);
});

test("what lies elsewhere waits for nothing", () => {
  const locks = new RangeLocks<string>();
  locks.add(block, Use.App, "a");
  assert.equal(locks.add(other, Use.App, "b").active, true);
});

test("first come, first served: each goes on when the one before it is gone", () => {
  const locks = new RangeLocks<string>();
  const first = locks.add(block, Use.App, "first");
  const second = locks.add(block, Use.App, "second");
  const third = locks.add({ offset: 0, length: 16384 }, Use.App, "third");
  assert.deepEqual(locks.remove(first), [second]);
  assert.deepEqual(locks.remove(second), [third]);
  assert.deepEqual(locks.remove(third), []);
  assert.equal(locks.size, 0);
});

test("a write that waits is passed by what ignores the waiting", () => {
  const locks = new RangeLocks<string>();
  const request = locks.add(block, Use.ResyncRequest, "request");
  const write = locks.add(block, Use.App, "write");
  assert.equal(write.active, false);
  // The block that was asked for has come: it must not wait for the write that waits for it.
  const came = locks.add(block, Use.ResyncWrite, "came");
  assert.equal(came.active, true);
  assert.deepEqual(locks.remove(came), []);
  assert.deepEqual(locks.remove(request), [write]);
});

test("the local disk is done: a resync's request need not wait for the peer's answer", () => {
  const locks = new RangeLocks<string>();
  const write = locks.add(block, Use.App, "write");
  const request = locks.add(block, Use.ResyncRequest, "request");
  assert.equal(request.active, false);
  assert.deepEqual(locks.localDone(write), [request]);
});

test("what is given up wakes those behind it, and is held no more", () => {
  const locks = new RangeLocks<string>();
  const request = locks.add(block, Use.ResyncRequest, "request");
  const elsewhere = locks.add(other, Use.ResyncRequest, "elsewhere");
  const write = locks.add({ offset: 0, length: 16384 }, Use.App, "write");
  assert.deepEqual(locks.removeAll(Use.ResyncRequest), [write]);
  assert.equal(locks.holds(request), false);
  assert.equal(locks.holds(elsewhere), false);
  assert.equal(locks.holds(write), true);
});

test("of several the oldest active one is found", () => {
  const locks = new RangeLocks<string>();
  const first = locks.add(block, Use.ResyncRequest, "first");
  locks.add({ offset: 0, length: 16384 }, Use.ResyncRequest, "second");
  assert.equal(locks.find(block, Use.ResyncRequest), first);
  assert.equal(locks.find(block, Use.PeerWrite), undefined);
  assert.equal(locks.find(other, Use.ResyncRequest)?.owner, "second");
});
