import assert from "node:assert/strict";
import { test } from "node:test";
import { runThreeHosts } from "./three-hosts.ts";

test("three servers with a resource each two: no law is broken when one loses its power or its cable", () => {
  for (const seed of [1n, 2n, 3n, 4n]) {
    const { failure } = runThreeHosts({ seed });
    assert.equal(failure, undefined, `seed ${seed}: ${failure}`);
  }
});

test("what is wrong with one of a server's engines is noticed among the others", () => {
  const failures: string[] = [];
  for (const seed of [1n, 2n, 3n, 4n]) {
    const { failure } = runThreeHosts({
      seed,
      mutation: (node, effect) =>
        node.settings.name === "bc" && effect.kind === "disk-write" && effect.device === "data"
          ? "pretend"
          : undefined,
    });
    if (failure !== undefined) failures.push(failure);
  }
  assert.match(failures.join("\n"), /acknowledged/);
});
