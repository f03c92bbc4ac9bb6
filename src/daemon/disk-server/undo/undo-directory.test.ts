import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import {
  makeUndoDirectory,
  marksPath,
  removeUndo,
  removeUnfinished,
  requireRoom,
  undoPath,
  undoPaths,
  unfinishedPath,
} from "./undo-directory.ts";

test("without room nothing is begun, and the message says how much is missing where", async (t) => {
  const directory = stateDirectory(t);
  await makeUndoDirectory();
  await requireRoom(1);
  await assert.rejects(requireRoom(2 ** 52), {
    code: "HF2181",
    message: new RegExp(`need 4294967296 MiB, and ${directory}/undo has \\d+ MiB free`),
  });
});

test("a resource's own finished files are found, the newest first", async (t) => {
  const directory = path.join(stateDirectory(t), "undo");
  assert.deepEqual(await undoPaths("r0"), [], "also before there is a directory");
  mkdirSync(directory);
  const at = (ms: number): number => 1_700_000_000_000 + ms;
  const own = [undoPath("r0", 1, at(5)), undoPath("r0", 0, at(4_000)), undoPath("r0", 0, at(0))];
  const others = [undoPath("r0-1", 0, at(9)), undoPath("r01", 0, at(9)), `${own[0]}.after`];
  const unfinished = path.join(directory, `.unfinished-${path.basename(own[0] ?? "")}`);
  for (const file of [...own, ...others, unfinished]) writeFileSync(file, "");
  assert.deepEqual(await undoPaths("r0"), [own[1], own[0], own[2]]);
});

test("a file goes with its marks, and what a killed saving has left goes with the next, and nothing else", async (t) => {
  const directory = path.join(stateDirectory(t), "undo");
  await makeUndoDirectory();
  const [gone, kept] = [undoPath("r0", 0, 1_700_000_000_000), undoPath("r0", 0, 1_700_000_001_000)];
  const others = [undoPath("r0", 1, 5), undoPath("r0-0", 0, 5), undoPath("r1", 0, 5)].map(
    unfinishedPath,
  );
  for (const file of [
    gone,
    marksPath(gone),
    kept,
    marksPath(kept),
    unfinishedPath(kept),
    ...others,
  ])
    writeFileSync(file, "");
  await removeUndo(gone);
  await removeUnfinished("r0", 0);
  const left = [kept, marksPath(kept), ...others].map((file) => path.basename(file));
  assert.deepEqual(readdirSync(directory).sort(), left.sort());
});

function stateDirectory(t: TestContext): string {
  const before = process.env["HOLDFAST_STATE_DIR"];
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-undo-"));
  process.env["HOLDFAST_STATE_DIR"] = directory;
  t.after(() => {
    if (before === undefined) delete process.env["HOLDFAST_STATE_DIR"];
    else process.env["HOLDFAST_STATE_DIR"] = before;
    rmSync(directory, { recursive: true });
  });
  return directory;
}
