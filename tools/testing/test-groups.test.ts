import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { chooseTests, startingFirst, testGroups } from "./test-groups.ts";

const root = path.resolve(import.meta.dirname, "../..");
const groups = testGroups(root);

test("each test file of the repository runs, and runs once", () => {
  const listed = ["ls-files", "-co", "--exclude-standard", "--", "*.test.ts"];
  const files = execFileSync("git", listed, { cwd: root, encoding: "utf8" }).trim().split("\n");
  assert.deepEqual(groups.flatMap((group) => group.files).sort(), files.sort());
});

test("what is said to take long starts first, and all the rest after it", () => {
  const files = groups.flatMap((group) => group.files);
  for (const start of startingFirst)
    assert.ok(
      files.some((file) => file.startsWith(start)),
      `there is no ${start}*`,
    );
  const kernel = groups.find((group) => group.name === "drbd-kernel")?.files ?? [];
  assert.match(kernel[0] ?? "", /split-brain/);
  assert.deepEqual(kernel.slice(3), kernel.slice(3).toSorted());
});

test("a word chooses a group by its name, and files of any group by a part of their paths", () => {
  const chosen = chooseTests(groups, ["fuzz", "lab/cuts"]);
  assert.deepEqual(
    chosen.map((group) => group.name),
    ["fuzz", "system"],
  );
  assert.deepEqual(chosen[1]?.files, ["test/system/lab/cuts.test.ts"]);
  assert.deepEqual(chooseTests(groups, ["no-such-thing"]), []);
  assert.equal(chooseTests(groups, []), groups);
});
