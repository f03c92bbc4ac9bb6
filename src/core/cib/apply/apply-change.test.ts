import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseXml } from "../../../formats/xml/parse-xml.ts";
import { descendants, withAttributes, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { CibChange, CibPlace } from "../change.ts";
import { newClusterCib } from "../empty-cib.ts";
import { validateCib } from "../schema/validate-cib.ts";
import { sectionOf } from "../sections.ts";
import { compareVersions, formatVersion, readVersion } from "../version.ts";
import { applyChange, checkCib } from "./apply-change.ts";

const dummy = 'class="ocf" provider="heartbeat" type="Dummy"';
const resources: CibPlace = { section: "resources" };

test("a change of the configuration raises epoch, one of the status num_updates, none leaves the version", () => {
  const created = applied(newClusterCib(), {
    kind: "create",
    at: resources,
    xml: parsed(`<primitive id="a" ${dummy}/>`),
  });
  assert.equal(created.touched, "configuration");
  assert.equal(formatVersion(readVersion(created.cib)), "0.1.0");
  const observed = applied(created.cib, {
    kind: "modify",
    at: { section: "status" },
    xml: parsed('<node_state id="1" uname="xen1"/>'),
    allowCreate: true,
  });
  assert.equal(observed.touched, "status");
  assert.equal(formatVersion(readVersion(observed.cib)), "0.1.1");
  const same = applied(observed.cib, {
    kind: "modify",
    at: resources,
    xml: parsed('<primitive id="a" class="ocf"/>'),
  });
  assert.equal(same.touched, "nothing");
  assert.equal(same.cib, observed.cib);
});

test("what <cib> says of quorum and DC is status, its schema and a raised epoch are configuration", () => {
  const attributeChange = (xml: string): string =>
    applied(newClusterCib(), { kind: "modify", at: { section: "all" }, xml: parsed(xml) }).touched;
  assert.equal(attributeChange('<cib have-quorum="1" dc-uuid="x"/>'), "status");
  assert.equal(attributeChange('<cib admin_epoch="admin_epoch++"/>'), "configuration");
  assert.equal(attributeChange('<cib validate-with="pacemaker-3.8"/>'), "configuration");
});

test("a sequence is one change, and when one part fails none is made", () => {
  const create = (id: string): CibChange => ({
    kind: "create",
    at: resources,
    xml: parsed(`<primitive id="${id}" ${dummy}/>`),
  });
  const both = applied(newClusterCib(), { kind: "sequence", changes: [create("a"), create("b")] });
  assert.equal(formatVersion(readVersion(both.cib)), "0.1.0");
  assert.equal(sectionOf(both.cib, "resources")?.children.length, 2);
  const refused = applyChange(both.cib, {
    kind: "sequence",
    changes: [create("c"), create("a")],
  });
  assert.ok(!refused.ok && refused.error.exit === 108);
});

test("parts of a sequence are judged together: a constraint may come before its resource goes", () => {
  const cib = applied(newClusterCib(), {
    kind: "sequence",
    changes: [
      {
        kind: "create",
        at: { section: "constraints" },
        xml: parsed('<rsc_location id="l" rsc="a" node="xen1" score="1"/>'),
      },
      { kind: "create", at: resources, xml: parsed(`<primitive id="a" ${dummy}/>`) },
    ],
  }).cib;
  const gone = applyChange(cib, {
    kind: "delete",
    at: { section: "resources" },
    xml: parsed('<primitive id="a"/>'),
  });
  assert.ok(!gone.ok);
  assert.match(gone.error.message, /<rsc_location id="l">: rsc "a" is not the id of anything/);
});

test("a refusal names element, id and line of what was given, and the CIB stays as it was", () => {
  const xml = parsed(
    `<resources>\n <primitive id="a" ${dummy}/>\n <primitive id="a" ${dummy} colour="red"/>\n</resources>`,
  );
  const refused = applyChange(newClusterCib(), { kind: "replace", at: resources, xml });
  assert.ok(!refused.ok);
  assert.equal(refused.error.code, "HF4002");
  assert.equal(refused.error.exit, 78);
  assert.deepEqual(
    refused.error.findings?.map((each) => [each.element, each.line, each.reason]),
    [
      ['<primitive id="a">', 3, "the id is taken by the <primitive> in line 2 already"],
      ['<primitive id="a">', 3, "has the unknown attribute colour"],
    ],
  );
});

test("who changed the configuration is written into the CIB, for status it is not", () => {
  const origin = {
    node: "xen1",
    client: "cibadmin",
    user: "root",
    written: "Mon Apr  6 21:30:05 2009",
  };
  const xml = parsed(`<primitive id="a" ${dummy}/>`);
  const made = applyChange(newClusterCib(), { kind: "create", at: resources, xml }, origin);
  assert.ok(made.ok);
  assert.equal(made.value.cib.attributes["update-client"], "cibadmin");
  assert.equal(made.value.cib.attributes["cib-last-written"], origin.written);
  const state = parsed('<node_state id="1"/>');
  const observed = applyChange(
    newClusterCib(),
    { kind: "create", at: { section: "status" }, xml: state },
    origin,
  );
  assert.ok(observed.ok && !("update-client" in observed.value.cib.attributes));
});

test("the CIB keeps no line numbers of what was given", () => {
  const xml = parsed(`<primitive id="a" ${dummy}/>`);
  const { cib } = applied(newClusterCib(), { kind: "create", at: resources, xml });
  for (const each of descendants(cib)) assert.ok(!("position" in each));
});

test("a replaced CIB without status keeps the status that is there", () => {
  const state = parsed('<node_state id="1"/>');
  const before = applied(newClusterCib(), {
    kind: "create",
    at: { section: "status" },
    xml: state,
  }).cib;
  const offered = { ...before, children: before.children.slice(0, 1) };
  const { cib } = applied(before, {
    kind: "replace",
    at: { section: "all" },
    xml: withAttributes(offered, { epoch: "7" }),
  });
  assert.equal(sectionOf(cib, "status")?.children.length, 1);
});

test("a whole CIB is checked as a change to it would be", () => {
  assert.equal(checkCib(newClusterCib()), undefined);
  assert.equal(checkCib(parsed("<cib/>"))?.code, "HF4002");
  assert.equal(
    checkCib(withAttributes(newClusterCib(), { crm_feature_set: "9.9" }))?.code,
    "HF4004",
  );
});

test("a patch brings its version along, and one that leaves it is refused", () => {
  const before = newClusterCib();
  const xml = parsed(`<primitive id="a" ${dummy}/>`);
  const { cib: later } = applied(before, { kind: "create", at: resources, xml });
  const version = { kind: "attributes", path: [], attributes: later.attributes } as const;
  // The first of the resources.
  const insert = { kind: "insert", path: [0, 2, 0], xml } as const;
  const patch = { from: readVersion(before), to: readVersion(later), edits: [version, insert] };
  const patched = applied(before, { kind: "patch", patch });
  assert.deepEqual(patched, { cib: later, touched: "configuration" });
  const still = { ...patch, to: patch.from, edits: [insert] };
  const refused = applyChange(before, { kind: "patch", patch: still });
  assert.ok(!refused.ok && refused.error.exit === 103);
});

test("sequences nested without end are refused", () => {
  let change: CibChange = { kind: "bump" };
  for (let i = 0; i < 100; i++) change = { kind: "sequence", changes: [change] };
  const refused = applyChange(newClusterCib(), change);
  assert.ok(!refused.ok && refused.error.code === "HF4005");
});

test("any change gives a valid, newer CIB or a refusal, and the same one twice", () => {
  const start = applied(newClusterCib(), {
    kind: "create",
    at: resources,
    xml: parsed(`<group id="g"><primitive id="a" ${dummy}/><primitive id="b" ${dummy}/></group>`),
  }).cib;
  fc.assert(
    fc.property(fc.array(changes(), { maxLength: 5 }), (list) => {
      let cib = start;
      for (const change of list) {
        const once = applyChange(cib, change);
        assert.deepEqual(applyChange(cib, change), once);
        if (!once.ok) continue;
        const ordered = compareVersions(readVersion(once.value.cib), readVersion(cib));
        assert.ok(once.value.touched === "nothing" ? ordered === 0 : ordered > 0);
        assert.deepEqual(validateCib(once.value.cib), []);
        cib = once.value.cib;
      }
    }),
  );
});

function changes(): fc.Arbitrary<CibChange> {
  const id = fc.constantFrom("a", "b", "g", "n", "holdfast-defaults");
  const xml = fc.oneof(
    id.map((each) => parsed(`<primitive id="${each}" ${dummy}/>`)),
    id.map((each) => parsed(`<primitive id="${each}"/>`)),
    id.map((each) => parsed(`<rsc_location id="l" rsc="${each}" node="xen1" score="score++"/>`)),
    fc.constantFrom("<resources/>", "<cib/>", '<cib epoch="epoch++"/>', "<status/>").map(parsed),
    fc.constant(start3()),
  );
  const section = fc
    .constantFrom("all", "resources", "constraints", "configuration", "status", "tags")
    .map((each) => ({ section: each as "all" }));
  const xpath = fc
    .constantFrom("//primitive", "//group/*", "/cib", "//@id", "//[", "//nosuch")
    .map((each) => ({ xpath: each }));
  const at = fc.oneof(section, xpath);
  return fc.oneof(
    fc.record({ kind: fc.constantFrom("create", "replace"), at, xml }),
    fc.record({ kind: fc.constant("modify" as const), at, xml, allowCreate: fc.boolean() }),
    fc.record({ kind: fc.constant("delete" as const), at: section, xml }),
    fc.record({ kind: fc.constant("delete" as const), at: xpath, everyMatch: fc.boolean() }),
    fc.constantFrom<CibChange>({ kind: "erase" }, { kind: "bump" }),
  ) as fc.Arbitrary<CibChange>;
}

function start3(): XmlElement {
  return withAttributes(newClusterCib(), { epoch: "3" });
}

function applied(cib: XmlElement, change: CibChange): { cib: XmlElement; touched: string } {
  const result = applyChange(cib, change);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

function parsed(text: string): XmlElement {
  const result = parseXml(text);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}
