import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { present } from "../../base/assert.ts";
import { patchCib } from "../../core/cib/patch/patch-cib.ts";
import { xmlDiff } from "../../core/cib/patch/xml-diff.ts";
import { sameXml } from "../../core/cib/tree.ts";
import { withVersion } from "../../core/cib/version.ts";
import { parseXml } from "../../formats/xml/parse-xml.ts";
import { printXml } from "../../formats/xml/print-xml.ts";
import { element, type XmlElement } from "../../formats/xml/xml-element.ts";
import { patchFromXml } from "./xml-patch.ts";

/** Ids are unique in a CIB; some elements have none, and brothers of the same name. */
const trees = fc.letrec<{ node: XmlElement }>((tie) => ({
  node: fc.record({
    name: fc.constantFrom("primitive", "group", "obj_ref"),
    attributes: fc.record(
      {
        id: fc.constantFrom("a", "b'c", "d", "e"),
        value: fc.constantFrom("1", "<&>", '"'),
        score: fc.constantFrom("1", "2"),
      },
      { requiredKeys: [] },
    ),
    children: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie("node"), { maxLength: 4 })),
  }),
})).node;

const sections = fc.uniqueArray(fc.constantFrom("configuration", "status", "extra"));
const cibs = fc
  .record({ names: sections, inside: fc.array(trees, { maxLength: 6 }), epoch: fc.nat(3) })
  .map(({ names, inside, epoch }) => {
    const children = names.map((name, at) =>
      element(
        name,
        {},
        inside.filter((_, i) => i % names.length === at),
      ),
    );
    return withVersion(element("cib", {}, children), { adminEpoch: 0, epoch, numUpdates: 1 });
  });

/** One with an id, one without. */
function brothers(...ids: readonly string[]): XmlElement {
  const named = ids.map((id) => element("primitive", { id }));
  const section = element("configuration", {}, [...named, element("primitive")]);
  return withVersion(element("cib", {}, [section]), { adminEpoch: 0, epoch: 0, numUpdates: 1 });
}

test("a difference, written and read again as a patch, makes the second CIB of the first", () => {
  fc.assert(
    fc.property(cibs, cibs, (before, after) => {
      const diff = xmlDiff(before, after, { versions: true, digest: true });
      if (diff === undefined) {
        assert.ok(sameXml(before, after));
        return;
      }
      const read = parseXml(printXml(diff));
      assert.ok(read.ok);
      const patched = patchCib(before, patchFromXml(before, read.value));
      assert.ok(patched.ok, JSON.stringify(patched));
      assert.ok(sameXml(patched.value, after), printXml(diff));
    }),
    { numRuns: 400, examples: [[brothers("a"), brothers()]] },
  );
});

test("a patch with a digest is refused for a CIB that differs elsewhere", () => {
  const cib = (node: string, value: string): XmlElement =>
    withVersion(
      element("cib", {}, [
        element("nodes", {}, [element("node", { id: "1", uname: node })]),
        element("crm_config", {}, [element("nvpair", { id: "x", value })]),
      ]),
      { adminEpoch: 0, epoch: value === "new" ? 2 : 1, numUpdates: 0 },
    );
  const diff = (digest: boolean): XmlElement =>
    present(xmlDiff(cib("xen1", "old"), cib("xen1", "new"), { versions: true, digest }), "diff");
  patchFromXml(cib("xen1", "old"), diff(true));
  assert.throws(() => patchFromXml(cib("xen9", "old"), diff(true)), { code: "HF4007" });
  patchFromXml(cib("xen9", "old"), diff(false));
});
