/** tidy itself is tested: what breaks each of its rules is put into a copy of the tree, and must be found. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

const root = path.resolve(import.meta.dirname, "..");
let copy = "";

before(() => {
  copy = mkdtempSync(path.join(tmpdir(), "holdfast-tidy-"));
  for (const entry of ["tools", "docs", "bin", "src/api"])
    cpSync(path.join(root, entry), path.join(copy, entry), { recursive: true });
  spawnSync("git", ["init", "--quiet"], { cwd: copy });
});
after(() => rmSync(copy, { recursive: true, force: true }));

test("each rule finds what breaks it", () => {
  put("src/core/broken/utils.ts", "export class SessionManager {}\n");
  put(
    "src/core/broken/sorted.ts",
    `// TO${"DO"}: sort\n["b"].sort((a, b) => a.localeCompare(b));\n`,
  );
  put("src/core/broken/waits.ts", "export async function waits(): Promise<void> {}\n");
  put("src/core/broken/CamelCase.ts", "export {};\n");
  put("docs/recorded.txt", "x".repeat(200_001));
  put("docs/adr/0099-forgotten.md", "# 99. Forgotten\n");
  put("bin/forgotten", "#!/bin/sh\n");
  put("src/api/errors/lab-errors.ts", 'export const labErrors = { HF7999: "unknown" } as const;\n');
  const found = tidy();
  for (const finding of [
    /^src\/core\/broken\/utils\.ts: named for nothing/m,
    /^src\/core\/broken\/utils\.ts:1: a type is named after its thing/m,
    /^src\/core\/broken\/sorted\.ts:1: unfinished work/m,
    /^src\/core\/broken\/sorted\.ts:2: depends on the locale/m,
    /^src\/core\/broken\/waits\.ts:1: pure layers are synchronous/m,
    /^src\/core\/broken\/CamelCase\.ts: file names are kebab-case/m,
    /^docs\/recorded\.txt: over 200 kB/m,
    /^docs\/ARCHITECTURE\.md: no row for src\/core\/broken$/m,
    /^docs\/adr\/README\.md: does not list "Forgotten"/m,
    /^bin\/forgotten: no docs\/man\/forgotten\.md$/m,
    /^docs\/guide\/commands\.md: does not name forgotten$/m,
    /^docs\/guide\/errors\.md: HF7999 has no entry$/m,
    /^docs\/guide\/errors\.md: HF7001 is not in src\/api\/errors\.ts$/m,
    /^src\/api\/errors: nothing raises HF7999$/m,
  ])
    assert.match(found, finding);
});

function put(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
  writeFileSync(path.join(copy, file), text);
}

function tidy(): string {
  const ran = spawnSync(process.execPath, [path.join(copy, "tools", "tidy.ts")], {
    encoding: "utf8",
  });
  assert.equal(ran.status, 1, ran.stderr);
  return ran.stdout;
}
