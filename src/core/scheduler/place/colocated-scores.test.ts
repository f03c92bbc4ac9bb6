import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, primitive } from "../../../../test/scheduler/small-cluster.ts";

test("colocations of everything with everything come to an end, with an error that says so", () => {
  const ids = Array.from({ length: 12 }, (_, index) => `r${index}`);
  const constraints = ids
    .flatMap((a) =>
      ids.flatMap((b) =>
        a === b
          ? []
          : [`<rsc_colocation id="${a}-${b}" rsc="${a}" with-rsc="${b}" score="INFINITY"/>`],
      ),
    )
    .join("");
  const { changes, transition } = decide({
    resources: ids.map((id) => primitive(id)).join(""),
    constraints,
    probed: false,
  });
  const errors = transition.issues.filter(({ message }) => message.includes("too many ways"));
  assert.equal(errors.length, 1);
  const nodes = new Set(changes.map((line) => line.replace(/^Start r\d+ /, "")));
  assert.equal(nodes.size, 1, changes.join("; "));
});
