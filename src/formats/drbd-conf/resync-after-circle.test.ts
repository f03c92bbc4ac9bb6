import assert from "node:assert/strict";
import { test } from "node:test";
import { describeCircle, followResyncAfter, type ResyncAfterOf } from "./resync-after-circle.ts";

/** `a0>b0` : volume 0 of a is to sync after volume 0 of b; `c`: known, and after nothing. */
function conf(...lines: readonly string[]): ResyncAfterOf {
  const known = new Map<string, Map<number, { resource: string; volume: number }>>();
  for (const line of lines) {
    const [from = "", to] = line.split(">");
    const volumes = known.get(from.charAt(0)) ?? new Map();
    known.set(from.charAt(0), volumes);
    if (to !== undefined)
      volumes.set(Number(from.slice(1)), { resource: to.charAt(0), volume: Number(to.slice(1)) });
  }
  return (resource) => known.get(resource);
}

function way(from: string, ...lines: readonly string[]): string {
  const found = followResyncAfter(
    { resource: from.charAt(0), volume: Number(from.slice(1)) },
    conf(...lines),
  );
  if (found.kind === "circle") return describeCircle(found.volumes);
  return found.kind === "unknown" ? `unknown ${found.resource}` : "ends";
}

test("a volume that waits for itself, over whatever others, is a circle, with all their names", () => {
  assert.equal(way("a0", "a0>a0"), "a/0 -> a/0");
  assert.equal(way("a0", "a0>b0", "b0>a0"), "a/0 -> b/0 -> a/0");
  assert.equal(way("a1", "a1>b0", "b0>c2", "c2>a1"), "a/1 -> b/0 -> c/2 -> a/1");
});

test("volumes of one resource may wait for one another in a row", () => {
  assert.equal(way("a1", "a1>a0"), "ends");
  assert.equal(way("a0", "a0>b1", "b1>a2", "a2>b0"), "ends");
});

test("one that runs into the circle of others is not in it", () => {
  assert.equal(way("a0", "a0>b0", "b0>c0", "c0>b0"), "ends");
});

test("a resource that is not known is named, to be looked at", () => {
  assert.equal(way("a0", "a0>b0"), "unknown b");
  assert.equal(way("a0", "a0>b0", "b0>c0"), "unknown c");
  assert.equal(way("a0", "a0>b0", "b0>c0", "c"), "ends");
});
