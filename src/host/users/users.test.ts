import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { groupId, userById, userByName } from "./users.ts";

test("a user is found by number and by name, with its groups", async () => {
  const root = await userById(0);
  assert.equal(root.name, "root");
  assert.ok(root.groups.includes(execFileSync("id", ["-gn", "root"], { encoding: "utf8" }).trim()));
  assert.deepEqual(await userByName("root"), root);
});

test("an unknown user has no groups, and a name that looks like an option is a name", async () => {
  assert.deepEqual(await userById(3_999_999_999), { name: "3999999999", groups: [] });
  assert.deepEqual(await userByName("-u"), { name: "-u", groups: [] });
});

test("a group's number is read from the file of groups", (t) => {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-groups-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = path.join(directory, "group");
  writeFileSync(file, "root:x:0:\nhaclient2:x:7:\nhaclient:x:112:anna,bert\n");
  assert.equal(groupId("haclient", file), 112);
  assert.equal(groupId("wheel", file), undefined);
});
