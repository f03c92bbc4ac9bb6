import assert from "node:assert/strict";
import { test } from "node:test";
import { EvidenceTable, evidenceRows } from "./evidence-table.ts";
import type { Evidence, EvidenceKind } from "./types.ts";

const kinds = Object.keys(evidenceRows) as EvidenceKind[];

test("each kind of evidence answers its own question and no other (the table, walked whole)", () => {
  for (const kind of kinds) {
    const table = new EvidenceTable();
    const { answers } = evidenceRows[kind];
    const aboutCopy = answers !== "peer";
    table.add({ kind, about: "xen1", since: 1, ...(aboutCopy && { drbdResource: "r1" }) });
    const counts = answers === "peer" && kind !== "silence";
    assert.equal(table.peerAnswer("xen1", { silenceCounts: false }) !== undefined, counts, kind);
    assert.equal(table.copyAnswer("xen1", "r1") !== undefined, answers === "copy", kind);
    assert.equal(table.hasOutdated("xen1", "r1"), answers === "both", kind);
    assert.equal(table.peerAnswer("xen2", { silenceCounts: true }), undefined);
    assert.equal(table.copyAnswer("xen1", "r2"), undefined);
    assert.equal(table.hasOutdated("xen1", "r2"), false);
  }
});

test("silence counts only where it is asked for: with fencing off", () => {
  const table = new EvidenceTable();
  table.add(row("silence"));
  assert.equal(table.peerAnswer("xen1", { silenceCounts: false }), undefined);
  assert.equal(table.peerAnswer("xen1", { silenceCounts: true })?.kind, "silence");
});

test("what only this node can know is not shared", () => {
  const table = new EvidenceTable();
  for (const kind of kinds) table.add({ ...row(kind), drbdResource: kind });
  const shared = table.shared().map((each) => each.kind);
  assert.deepEqual(shared.sort(), ["left", "person-off", "power-off"]);
});

test("the latest of a kind about the same takes the earlier's place, and is nothing new", () => {
  const table = new EvidenceTable();
  assert.equal(table.add({ ...row("person-off"), by: "ada" }), true);
  assert.equal(table.add({ ...row("person-off"), by: "grace", since: 2 }), false);
  assert.deepEqual(table.all(), [{ ...row("person-off"), by: "grace", since: 2 }]);
  assert.equal(table.remove((each) => each.about === "xen1").length, 1);
  assert.deepEqual(table.all(), []);
});

test("what is no later than what is known changes nothing: the very row stays, or two nodes would tell each other for ever", () => {
  const table = new EvidenceTable();
  const first = { ...row("power-off"), since: 2 };
  table.add(first);
  assert.equal(table.add({ ...first }), false);
  assert.equal(table.add({ ...first, since: 1 }), false);
  assert.equal(table.all()[0], first);
});

function row(kind: EvidenceKind): Evidence {
  return { kind, about: "xen1", since: 1 };
}
