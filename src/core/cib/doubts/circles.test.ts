import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { circles } from "./circles.ts";

test("two nodes are in one circle exactly when each is reached from the other", () => {
  const names = ["a", "b", "c", "d", "e", "f"];
  const graphs = fc
    .array(fc.array(fc.constantFrom(...names), { maxLength: 3 }), { minLength: 6, maxLength: 6 })
    .map((followers) => new Map(names.map((name, i) => [name, followers[i] as string[]])));
  fc.assert(
    fc.property(graphs, (graph) => {
      const found = circles(graph);
      const reached = new Map(names.map((name) => [name, reachable(graph, name)]));
      for (const a of names) {
        for (const b of names) {
          const together = found.some((circle) => circle.includes(a) && circle.includes(b));
          assert.equal(
            together,
            reached.get(a)?.has(b) === true && reached.get(b)?.has(a) === true,
          );
        }
      }
    }),
  );
});

test("a chain of twenty thousand nodes that bites its tail is one circle", () => {
  const size = 20_000;
  const graph = new Map(
    Array.from({ length: size }, (_, i): [string, string[]] => [`${i}`, [`${(i + 1) % size}`]]),
  );
  assert.deepEqual(
    circles(graph).map(({ length }) => length),
    [size],
  );
});

/** By one step or more. */
function reachable(graph: ReadonlyMap<string, readonly string[]>, from: string): Set<string> {
  const seen = new Set<string>();
  const left = [...(graph.get(from) ?? [])];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    left.push(...(graph.get(node) ?? []));
  }
  return seen;
}
