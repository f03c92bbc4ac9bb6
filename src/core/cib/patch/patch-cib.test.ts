import assert from "node:assert/strict";
import { test } from "node:test";
import { element, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { newClusterCib } from "../empty-cib.ts";
import { sameXml } from "../tree.ts";
import { readVersion, withVersion } from "../version.ts";
import { patchCib } from "./patch-cib.ts";

/** One section with these primitives in it. */
function cibOf(...ids: readonly string[]): XmlElement {
  const primitives = ids.map((id) => element("primitive", { id }));
  const whole = element("cib", {}, [element("resources", {}, primitives)]);
  return withVersion(whole, { adminEpoch: 0, epoch: 1, numUpdates: 1 });
}

test("edits are made one after the other, the version's among them", () => {
  const before = cibOf("a", "b", "c");
  const to = { adminEpoch: 0, epoch: 2, numUpdates: 0 };
  const after = withVersion(cibOf("c", "e", "d"), to);
  const patched = patchCib(before, {
    from: readVersion(before),
    to,
    edits: [
      { kind: "attributes", path: [], attributes: after.attributes },
      { kind: "move", path: [0, 2], to: 0 },
      { kind: "remove", path: [0, 1] },
      { kind: "insert", path: [0, 2], xml: element("primitive", { id: "d" }) },
      { kind: "attributes", path: [0, 1], attributes: { id: "e" } },
    ],
  });
  assert.ok(patched.ok, JSON.stringify(patched));
  assert.ok(sameXml(patched.value, after));
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
