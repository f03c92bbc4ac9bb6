import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";

const programs = path.resolve(import.meta.dirname, "../../../bin");
const ban = '<rsc_location id="ban" rsc="host1" node="xen2" score="-INFINITY"/>';
const cib = `<cib validate-with="pacemaker-3.9" crm_feature_set="3.16.1" admin_epoch="0" epoch="1"
  num_updates="0"><configuration><crm_config/><nodes><node id="1" uname="xen1"/></nodes><resources>
  <primitive id="host1" class="ocf" provider="heartbeat" type="Dummy"/></resources><constraints/>
  </configuration><status/></cib>`;

test("a change is tried on a copy, looked at, and only then made", (t) => {
  const { run, running } = cluster(t);
  const created = run("crm_shadow", ["--create", "try", "--batch"]);
  assert.match(created.out, /CIB_shadow=try ; export CIB_shadow/);
  run("cibadmin", ["--create", "--scope", "constraints", "--xml-text", ban], "try");
  assert.ok(!running().includes('id="ban"'), "the running configuration is as it was");
  const diff = run("crm_shadow", ["--diff"], "try");
  assert.equal(diff.exit, 1);
  assert.match(
    diff.out,
    /^Diff: --- 0\.1\.0\nDiff: \+\+\+ 0\.2\.0\n\+ {2}\/cib: {2}@epoch=2\n\+\+ \/cib\/configuration\/constraints: {2}<rsc_location id="ban"/,
  );
  assert.equal(run("crm_shadow", ["--commit", "try"]).exit, 64, "not without --force");
  assert.ok(!running().includes('id="ban"'));
  assert.equal(run("crm_shadow", ["--commit", "try", "--force"]).exit, 0);
  assert.ok(running().includes('id="ban"'));
});

test("a copy is not overwritten or thrown away unasked", (t) => {
  const { run, shadow } = cluster(t);
  run("crm_shadow", ["-b", "-c", "try"]);
  assert.equal(run("crm_shadow", ["-b", "-c", "try"]).exit, 73);
  assert.equal(run("crm_shadow", ["--delete", "try"]).exit, 64);
  assert.ok(existsSync(shadow("try")));
  const deleted = run("crm_shadow", ["--delete", "try", "--force"], "try");
  assert.match(deleted.out, /unset CIB_shadow/);
  assert.ok(!existsSync(shadow("try")));
});

test("reset copies the running configuration again; an empty one has no resources", (t) => {
  const { run, shadow } = cluster(t);
  run("crm_shadow", ["-b", "--create-empty", "try"]);
  assert.ok(!readFileSync(shadow("try"), "utf8").includes("host1"));
  run("crm_shadow", ["-b", "--reset", "try"]);
  assert.ok(readFileSync(shadow("try"), "utf8").includes("host1"));
  assert.equal(run("crm_shadow", ["--diff"], "try").exit, 0);
});

test("without a copy in use, or of that name, it says so", (t) => {
  const { run } = cluster(t);
  for (const words of [["--which"], ["--display"], ["--switch", "none"], ["--commit", "none"]]) {
    const { exit, err } = run("crm_shadow", words);
    assert.deepEqual([exit, err.includes("[HF4608]")], [105, true], words.join(" "));
  }
  assert.equal(run("crm_shadow", ["-b", "-c", "../elsewhere"]).exit, 64);
});

function cluster(t: TestContext) {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-shadow-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = path.join(directory, "cib.xml");
  writeFileSync(file, cib);
  return {
    running: () => readFileSync(file, "utf8"),
    shadow: (name: string) => path.join(directory, `shadow.${name}`),
    run: (program: string, words: readonly string[], shadow = "") => {
      const env = { CIB_file: file, CIB_shadow_dir: directory, CIB_shadow: shadow };
      const { status, stdout, stderr } = spawnSync(path.join(programs, program), words, {
        encoding: "utf8",
        env: { ...process.env, ...env },
      });
      return { exit: status, out: stdout, err: stderr };
    },
  };
}
