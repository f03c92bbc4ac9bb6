import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { element } from "../../formats/xml/xml-element.ts";
import type { CibChange } from "./change.ts";
import { decodeChange, decodeElement } from "./change-json.ts";

const xml = { ...element("node", { id: "1", uname: "xen1" }), position: { line: 3, column: 2 } };
const changes: readonly CibChange[] = [
  { kind: "create", at: { section: "nodes" }, xml },
  { kind: "modify", at: { xpath: "//node" }, xml, allowCreate: true, everyMatch: false },
  { kind: "delete", at: { section: "nodes" }, xml },
  { kind: "delete", at: { xpath: "//node" }, everyMatch: true },
  { kind: "erase" },
  { kind: "bump" },
];

test("a change comes out of JSON as it went in, with the places in the text", () => {
  const patch: CibChange = {
    kind: "patch",
    patch: {
      from: { adminEpoch: 0, epoch: 1, numUpdates: 2 },
      to: { adminEpoch: 0, epoch: 2, numUpdates: 0 },
      edits: [
        { kind: "insert", path: [0, 1], xml },
        { kind: "attributes", path: [0], attributes: { id: "1" } },
        { kind: "move", path: [0, 1], to: 0 },
        { kind: "remove", path: [2] },
      ],
    },
  };
  const all: CibChange = { kind: "sequence", changes: [...changes, patch] };
  const decoded = decodeChange(JSON.parse(JSON.stringify(all)));
  assert.ok(decoded.ok, JSON.stringify(decoded));
  assert.deepEqual(decoded.value, all);
});

test("what is no change is refused with what is wrong with it", () => {
  for (const [value, problem] of [
    [null, /a change must be an object/],
    [[], /a change must be an object/],
    [{ kind: "explode" }, /"explode" is no kind of change/],
    [{ kind: "create", at: { section: "moon" }, xml }, /"moon" is no section/],
    [{ kind: "create", at: { section: "nodes" } }, /an element must be an object/],
    [
      { kind: "create", at: { section: "nodes" }, xml: { ...xml, name: "a b" } },
      /"a b" is no name/,
    ],
    [
      { kind: "create", at: { section: "nodes" }, xml: { ...xml, attributes: { "x y": "" } } },
      /"x y" is no name/,
    ],
    [
      { kind: "create", at: { section: "nodes" }, xml: { ...xml, attributes: { id: 1 } } },
      /id must be text/,
    ],
    [{ kind: "delete", at: { xpath: 5 } }, /xpath must be text/],
    [{ kind: "sequence", changes: {} }, /changes must be a list/],
    [
      { kind: "patch", patch: { edits: [{ kind: "remove", path: [-1] }] } },
      /path must be a whole number/,
    ],
    [
      { kind: "patch", patch: { edits: [{ kind: "turn", path: [] }] } },
      /"turn" is no kind of edit/,
    ],
  ] as const) {
    const decoded = decodeChange(value);
    assert.ok(!decoded.ok, JSON.stringify(value));
    assert.match(decoded.error, problem);
  }
  const poisoned = JSON.parse('{"name":"a","attributes":{"__proto__":"x"},"children":[]}');
  assert.ok(!decodeElement(poisoned).ok);
});

test("nesting without end is refused, and no JSON makes it throw", () => {
  let deep: unknown = { kind: "bump" };
  let tree: unknown = { name: "a", attributes: {}, children: [] };
  for (let i = 0; i < 1000; i++) {
    deep = { kind: "sequence", changes: [deep] };
    tree = { name: "a", attributes: {}, children: [tree] };
  }
  assert.ok(!decodeChange(deep).ok);
  assert.ok(!decodeElement(tree).ok);
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      decodeChange(value);
      decodeChange({ kind: "create", at: value, xml: value });
      decodeElement({ name: "a", attributes: value, children: [value] });
    }),
  );
});
