/** What is told after a split brain, when the servers were started again in between. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { blockBytes, Pair, pattern } from "./pair.ts";

/** Since when the two are apart, as this node tells it when it finds the split brain. */
function apartSince(pair: Pair, node: Pair["alpha"]): number {
  pair.until(() => pair.told(node, "split-brain").length > 0);
  const apartMs = pair.volume(node).splitBrain?.apartMs;
  assert.ok(apartMs !== undefined);
  return pair.clock.now - apartMs;
}

function roles(pair: Pair, node: Pair["alpha"]): readonly (readonly [string, number])[] {
  const at = pair.clock.now;
  return (node.status()?.roleChanges ?? []).map(({ role, msAgo }) => [role, at - msAgo]);
}

test("who was Primary when is known after a restart, also of one that was killed as Primary", () => {
  const pair = Pair.inSync();
  pair.admin(pair.alpha, { name: "primary" });
  pair.advance(60_000);
  pair.admin(pair.alpha, { name: "secondary" });
  pair.admin(pair.alpha, { name: "primary" });
  const before = roles(pair, pair.alpha);
  assert.deepEqual(
    before.map(([role]) => role),
    ["Secondary", "Primary", "Secondary", "Primary"],
  );
  pair.advance(5000);
  pair.alpha.crash();
  pair.advance(30_000);
  pair.alpha.start();
  const after = roles(pair, pair.alpha);
  assert.deepEqual(after, [...before, ["Secondary", pair.clock.now]]);
  pair.until(() => pair.bothUpToDate());
  assert.deepEqual(roles(pair, pair.alpha), after, "nothing is added by a peer");
});

test("since when the two are apart is known after both were started again", () => {
  const pair = Pair.inSync();
  pair.admin(pair.alpha, { name: "primary" });
  const partedAt = pair.clock.now;
  for (const node of [pair.alpha, pair.bravo]) pair.admin(node, { name: "disconnect" });
  pair.write(pair.alpha, 0, pattern(blockBytes, 1));
  pair.admin(pair.bravo, { name: "primary" });
  pair.write(pair.bravo, 0, pattern(blockBytes, 2));
  for (const node of [pair.alpha, pair.bravo]) node.crash();
  pair.advance(600_000);
  for (const node of [pair.alpha, pair.bravo]) node.start();
  for (const node of [pair.alpha, pair.bravo]) {
    const late = apartSince(pair, node) - partedAt;
    assert.ok(late >= 0 && late < 1000, `${node.name}: ${late}`);
  }
});

test("one that was killed while connected takes its new start for the parting, for want of a better time", () => {
  const pair = Pair.inSync();
  pair.admin(pair.alpha, { name: "primary" });
  pair.bravo.crash();
  pair.write(pair.alpha, 0, pattern(blockBytes, 1));
  pair.alpha.crash();
  pair.advance(10_000);
  pair.bravo.start();
  pair.until(() => pair.volume(pair.bravo).disk === "UpToDate");
  pair.admin(pair.bravo, { name: "primary" });
  pair.write(pair.bravo, 0, pattern(blockBytes, 2));
  const startedAt = pair.clock.now;
  pair.advance(5000);
  pair.alpha.start();
  const since = apartSince(pair, pair.bravo);
  assert.ok(since >= startedAt - 100 && since <= pair.clock.now, `${since - startedAt}`);
});
