import assert from "node:assert/strict";
import { test } from "node:test";
import { combinations, yesAndNo } from "../../../../test/walk/combinations.ts";
import {
  bringBackObjections,
  fitsUndo,
  overwriteObjections,
  saveObjections,
  undoObjection,
} from "./undo-rules.ts";

const axes = {
  role: ["Primary", "Secondary"],
  peerRole: ["Primary", "Secondary", "Unknown"],
  connection: ["StandAlone", "Connecting", "Connected"],
  volumeConnection: ["Connected", "SyncSource", "SyncTarget"],
  disk: ["Inconsistent", "Outdated", "UpToDate"],
  peerDisk: ["Inconsistent", "DUnknown", "UpToDate"],
  isOpen: yesAndNo,
} as const;

test("changes are saved of a copy that stands still, and only of one", () => {
  const met = new Set<string>();
  for (const facts of combinations(axes)) {
    const still = facts.role === "Secondary" && facts.connection === "StandAlone" && !facts.isOpen;
    const objection = undoObjection(saveObjections, facts);
    assert.equal(objection === undefined, still, JSON.stringify(facts));
    if (objection !== undefined) met.add(objection.label);
  }
  for (const { label } of saveObjections) assert.ok(met.has(label), `the row "${label}" decides`);
});

test("changes are brought back where both copies get them and nobody looks on", () => {
  const met = new Set<string>();
  for (const facts of combinations(axes)) {
    const both =
      facts.role === "Primary" &&
      facts.peerRole === "Secondary" &&
      facts.connection === "Connected" &&
      facts.volumeConnection === "Connected" &&
      facts.disk === "UpToDate" &&
      facts.peerDisk === "UpToDate";
    const objection = undoObjection(bringBackObjections, facts);
    assert.equal(objection === undefined, both && !facts.isOpen, JSON.stringify(facts));
    if (objection !== undefined) met.add(objection.label);
  }
  for (const { label } of bringBackObjections)
    assert.ok(met.has(label), `the row "${label}" decides`);
});

test("what was written since the saving is not overwritten unasked, nor what nobody knows of", () => {
  const met = new Set<string>();
  for (const facts of combinations({
    sealed: yesAndNo,
    usedMeanwhile: yesAndNo,
    changed: [0, 3],
    pieces: [7],
  } as const)) {
    const objection = undoObjection(overwriteObjections, facts);
    const untouched = facts.sealed && !facts.usedMeanwhile && facts.changed === 0;
    assert.equal(objection === undefined, untouched, JSON.stringify(facts));
    if (objection !== undefined) met.add(objection.label);
  }
  assert.equal(met.size, overwriteObjections.length);
});

test("an undo fits the volume it was saved from: the same resource, and as large", () => {
  const saved = { resource: "r0", sizeBytes: 4096 };
  assert.ok(fitsUndo(saved, { ...saved }));
  assert.ok(!fitsUndo(saved, { ...saved, resource: "r1" }));
  assert.ok(!fitsUndo(saved, { ...saved, sizeBytes: 8192 }));
});
