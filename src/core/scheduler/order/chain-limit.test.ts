import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, primitive } from "../../../../test/scheduler/small-cluster.ts";
import { chainMax } from "./chain-limit.ts";

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `r${index}`);
const all = (count: number): string =>
  ids(count)
    .map((id) => primitive(id))
    .join("");

type Kind = "orders" | "colocations" | "a group" | "a ring of colocations";

function cluster(kind: Kind, count: number): Parameters<typeof decide>[0] {
  if (kind === "a group") return { resources: `<group id="g">${all(count)}</group>` };
  const links = ids(kind === "a ring of colocations" ? count : count - 1);
  const constraints = links.map((id, index) =>
    kind === "orders"
      ? `<rsc_order id="c${index}" first="${id}" then="r${(index + 1) % count}"/>`
      : `<rsc_colocation id="c${index}" rsc="${id}" with-rsc="r${(index + 1) % count}" score="INFINITY"/>`,
  );
  return { resources: all(count), constraints: constraints.join("") };
}

test(`a chain of ${chainMax} resources is followed`, () => {
  const { changes, transition } = decide(cluster("orders", chainMax));
  assert.equal(changes.length, chainMax);
  assert.deepEqual(transition.issues, []);
});

for (const kind of ["orders", "colocations", "a group", "a ring of colocations"] as const) {
  test(`${kind} of more are not followed: nothing is done, and the error says why`, () => {
    const { actions, transition } = decide(cluster(kind, chainMax + 1));
    assert.deepEqual(actions, []);
    assert.match(transition.issues[0]?.message ?? "", /^nothing is started or stopped: more than/);
  });
}
