import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { UserError } from "../../api/user-error.ts";
import type { NodeEvent } from "../../core/node/events.ts";
import { hostFiles } from "../../host/files/files.ts";
import { readStoredState, StateFiles } from "./state-files.ts";

const directory = mkdtempSync(path.join(tmpdir(), "state-"));
after(() => rmSync(directory, { recursive: true }));

test("writes of one file are made in their order, each answered once it is there", async () => {
  const answered: number[] = [];
  await new Promise<void>((resolve) => {
    const files = new StateFiles(hostFiles(), directory, (event: NodeEvent) => {
      assert.ok(event.kind === "file-written" && event.error === undefined);
      answered.push(event.token);
      if (answered.length === 20) resolve();
    });
    for (let token = 1; token <= 20; token++) {
      const text = `<cib epoch="${token}"/>\n`;
      files.write({ kind: "write-file", token, path: "cib.xml", text });
    }
  });
  assert.deepEqual(
    answered,
    Array.from({ length: 20 }, (_, i) => i + 1),
  );
  assert.match(readFileSync(path.join(directory, "cib.xml"), "utf8"), /epoch="20"/);
});

test("a file is removed after what was written to it, and what is kept of transitions is counted", async () => {
  const kept = path.join(directory, "transitions");
  let written = 0;
  await new Promise<void>((resolve) => {
    const files = new StateFiles(hostFiles(), directory, () => {
      if (++written === 3) resolve();
    });
    const write = (token: number, name: string): void =>
      files.write({ kind: "write-file", token, path: `transitions/${name}`, text: "12345" });
    write(1, "input-1.xml");
    files.remove({ kind: "remove-file", path: "transitions/input-1.xml" });
    write(2, "input-2.xml");
    // The last: written after the removal, since it is the same file's.
    write(3, "input-1.xml");
    files.remove({ kind: "remove-file", path: "transitions/nothing" });
  });
  assert.deepEqual(readdirSync(kept).sort(), ["input-1.xml", "input-2.xml"]);
  assert.deepEqual((await readStoredState(hostFiles(), directory)).transitions, [
    { name: "input-1.xml", bytes: 5 },
    { name: "input-2.xml", bytes: 5 },
  ]);
});

test("what cannot be written is answered with the reason", async () => {
  const file = path.join(directory, "a-file");
  writeFileSync(file, "");
  const event = await new Promise<NodeEvent>((resolve) => {
    const files = new StateFiles(hostFiles(), file, resolve);
    files.write({ kind: "write-file", token: 1, path: "cib.xml", text: "" });
  });
  assert.ok(event.kind === "file-written");
  assert.match(event.error ?? "", /a-file/);
});

test("a new node has stored nothing, an old one finds what it wrote", async () => {
  const empty = mkdtempSync(path.join(tmpdir(), "state-"));
  assert.deepEqual(await readStoredState(hostFiles(), empty), { transitions: [] });
  rmSync(empty, { recursive: true });
  writeFileSync(path.join(directory, "cib.lineage"), "a line\n");
  const stored = await readStoredState(hostFiles(), directory);
  assert.equal(stored.cib?.name, "cib");
  assert.equal(stored.lineage, "a line");
});

test("a damaged CIB is refused with its file, place and a remedy", async () => {
  writeFileSync(path.join(directory, "cib.xml"), '<cib epoch="1">\n  <configuration>\n</cib>\n');
  await assert.rejects(readStoredState(hostFiles(), directory), (error) => {
    assert.ok(error instanceof UserError);
    assert.equal(error.code, "HF4642");
    assert.match(error.message, /cib\.xml is damaged: line 3/);
    assert.match(error.remedy ?? "", /^Move it away/);
    return true;
  });
});
