/**
 * The borders themselves are tested: for each rule a file that breaks it is put into a copy of the tree
 * and must be reported. (A boundary check that silently checks nothing has been seen: 0 modules, exit 0.)
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

const root = path.resolve(import.meta.dirname, "..");
let copy = "";
// The tools' own first lines say `env node`: let that be the node that runs this test.
const env = { ...process.env, PATH: `${path.dirname(process.execPath)}:${process.env["PATH"]}` };

before(() => {
  copy = mkdtempSync(path.join(tmpdir(), "holdfast-borders-"));
  for (const entry of [
    "package.json",
    ".dependency-cruiser.cjs",
    "tsconfig.json",
    "tsconfig.base.json",
    "tsconfig.test.json",
    "tools",
    "src",
  ]) {
    cpSync(path.join(root, entry), path.join(copy, entry), { recursive: true });
  }
  for (const dir of ["sim", "lab", "test", "bench"]) {
    mkdirSync(path.join(copy, dir), { recursive: true });
    cpSync(path.join(root, "src/base/tsconfig.json"), path.join(copy, dir, "tsconfig.json"));
  }
  symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"));
});
after(() => rmSync(copy, { recursive: true, force: true }));

function put(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
  writeFileSync(path.join(copy, file), text);
}

function cruise(): { readonly status: number | null; readonly output: string } {
  const run = spawnSync(
    path.join(root, "node_modules/.bin/depcruise"),
    ["--config", ".dependency-cruiser.cjs", "src", "sim", "tools"],
    { cwd: copy, encoding: "utf8", env },
  );
  return { status: run.status, output: run.stdout + run.stderr };
}

test("each forbidden import is reported by the rule that forbids it", () => {
  put(
    "src/core/broken-a/a.ts",
    'import "../broken-b/b.ts";\nimport "node:fs";\nexport const a = 1;\n',
  );
  put("src/core/broken-b/b.ts", 'import "../../host/broken.ts";\nexport const b = 1;\n');
  put("src/host/broken.ts", 'import "../base/assert.test-broken.test.ts";\nexport const h = 1;\n');
  put("src/base/assert.test-broken.test.ts", "export const t = 1;\n");
  put(
    "src/formats/broken.ts",
    'import "fast-check";\nimport "./broken-cycle.ts";\nexport const f = 1;\n',
  );
  put("src/formats/broken-cycle.ts", 'import "./broken.ts";\nexport const c = 1;\n');
  put("src/formats/broken-orphan.ts", "export const o = 1;\n");
  put("sim/broken.ts", 'import "../src/host/broken.ts";\nexport const s = 1;\n');
  const { status, output } = cruise();
  assert.notEqual(status, 0);
  const modules = /(\d+) modules/.exec(output);
  assert.ok(modules !== null && Number(modules[1]) > 1000, "it sees the whole tree");
  for (const rule of [
    "core-parts-meet-only-in-node",
    "only-the-shell-touches-node",
    "src-core-reaches-only-its-layers",
    "production-never-imports-tests",
    "pure-layers-take-only-chosen-packages",
    "production-takes-no-development-package",
    "no-cycles",
    "no-orphans",
    "sim-reaches-only-its-layers",
  ]) {
    assert.match(output, new RegExp(`error ${rule}:`), `${rule} is not reported`);
  }
});

test("a clock or a timer in a pure layer does not compile", () => {
  put(
    "src/base/broken-purity.ts",
    "export const now: number = performance.now();\nsetTimeout(() => {}, 1);\n",
  );
  const run = spawnSync(path.join(root, "node_modules/.bin/tsc"), ["-p", "src/base", "--noEmit"], {
    cwd: copy,
    encoding: "utf8",
    env,
  });
  assert.notEqual(run.status, 0);
  assert.match(run.stdout, /broken-purity\.ts.*performance/s);
  assert.match(run.stdout, /broken-purity\.ts.*setTimeout/s);
});
