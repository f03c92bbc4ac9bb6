import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { filesContract } from "../../../test/contracts/files.ts";
import { hostFiles } from "./files.ts";

const made: string[] = [];
after(() => {
  for (const directory of made) rmSync(directory, { recursive: true });
});

function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-files-"));
  made.push(directory);
  return directory;
}

filesContract("the host's files", async () => ({
  files: hostFiles(),
  directory: temporaryDirectory(),
}));

test("a new file is its owner's alone, a replaced one keeps its mode", async () => {
  const directory = temporaryDirectory();
  await hostFiles().write(`${directory}/secret`, "key");
  assert.equal(statSync(`${directory}/secret`).mode & 0o777, 0o600);
  chmodSync(`${directory}/secret`, 0o644);
  await hostFiles().write(`${directory}/secret`, "another");
  assert.equal(statSync(`${directory}/secret`).mode & 0o777, 0o644);
});

test("what a crash left unfinished is not listed, and a failed write leaves nothing", async () => {
  const directory = temporaryDirectory();
  writeFileSync(`${directory}/.unfinished-a-1-1`, "ha");
  assert.deepEqual(await hostFiles().list(directory), []);
  await hostFiles().write(`${directory}/b/c`, "");
  await assert.rejects(hostFiles().write(`${directory}/b`, ""));
  assert.deepEqual(readdirSync(directory).sort(), [".unfinished-a-1-1", "b"]);
});
