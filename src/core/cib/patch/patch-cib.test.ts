import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { element, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { newClusterCib } from "../empty-cib.ts";
import { sameXml } from "../tree.ts";
import { withVersion } from "../version.ts";
import { diffCib } from "./diff-cib.ts";
import { patchCib } from "./patch-cib.ts";

const trees = fc.letrec<{ node: XmlElement }>((tie) => {
  const name = fc.constantFrom("primitive", "group", "nvpair");
  const attributes = fc.dictionary(
    fc.constantFrom("id", "name", "x"),
    fc.constantFrom("a", "b", "c"),
  );
  const children = fc.oneof(
    { maxDepth: 4 },
    fc.constant([]),
    fc.array(tie("node"), { maxLength: 5 }),
  );
  return { node: fc.record({ name, attributes, children }) };
}).node;

const cibs = fc
  .record({ children: fc.array(trees, { maxLength: 4 }), epoch: fc.nat(20) })
  .map(({ children, epoch }) =>
    withVersion(element("cib", {}, children), { adminEpoch: 0, epoch, numUpdates: 1 }),
  );

test("the patch between two CIBs turns the first into the second", () => {
  fc.assert(
    fc.property(cibs, cibs, (before, after) => {
      const patched = patchCib(before, diffCib(before, after));
      assert.ok(patched.ok, JSON.stringify(patched));
      assert.ok(sameXml(patched.value, after));
    }),
    { numRuns: 500 },
  );
});

test("a patch between equal CIBs has no edits, and one for a moved child only moves it", () => {
  const cib = newClusterCib();
  assert.deepEqual(diffCib(cib, cib).edits, []);
  const child = (id: string): XmlElement => element("primitive", { id });
  const before = element("cib", {}, [child("a"), child("b"), child("c")]);
  const after = element("cib", {}, [child("c"), child("a"), child("b")]);
  assert.deepEqual(diffCib(before, after).edits, [{ kind: "move", path: [2], to: 0 }]);
});

test("a patch survives JSON", () => {
  fc.assert(
    fc.property(cibs, cibs, (before, after) => {
      const patch = JSON.parse(JSON.stringify(diffCib(before, after)));
      const patched = patchCib(before, patch);
      assert.ok(patched.ok && sameXml(patched.value, after));
    }),
  );
});

test("a patch for another version, or that does not fit, is refused", () => {
  const cib = newClusterCib();
  const version = { adminEpoch: 0, epoch: 0, numUpdates: 0 };
  const later = patchCib(cib, { from: { ...version, epoch: 4 }, to: version, edits: [] });
  assert.ok(!later.ok && later.error.code === "HF4003");
  for (const edits of [
    [{ kind: "remove" as const, path: [9] }],
    [{ kind: "remove" as const, path: [] }],
    [{ kind: "remove" as const, path: [-1] }],
    [{ kind: "insert" as const, path: [0, 99], xml: cib }],
    [{ kind: "insert" as const, path: [7, 0], xml: cib }],
    [{ kind: "move" as const, path: [0], to: 5 }],
    [{ kind: "attributes" as const, path: [5], attributes: {} }],
    [{ kind: "attributes" as const, path: [], attributes: { epoch: "3" } }],
  ]) {
    const misfit = patchCib(cib, { from: version, to: version, edits });
    assert.ok(!misfit.ok && misfit.error.code === "HF4007", JSON.stringify(edits));
  }
});
