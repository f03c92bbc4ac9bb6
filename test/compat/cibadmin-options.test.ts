/** The command lines of cibadmin that people use: what is printed, the CIB afterwards and the exit code, as Debian's has them. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { cibadmin } from "../../src/cli/cibadmin/cibadmin.ts";
import { runOnFile } from "../cluster/file-commands.ts";
import { whyNoOracle } from "./cib-oracle.ts";

const skip = whyNoOracle() ?? false;
const own = path.resolve(import.meta.dirname, "../../bin/cibadmin");
const folder = mkdtempSync(path.join(tmpdir(), "holdfast-cibadmin-"));
const file = path.join(folder, "cib.xml");
const before = process.cwd();
// The lines name files beside the CIB.
process.chdir(folder);
after(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const dummy = 'class="ocf" provider="heartbeat" type="Dummy"';
const start = `<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="4" num_updates="2" admin_epoch="0">
  <configuration>
    <crm_config>
      <cluster_property_set id="o">
        <nvpair id="o1" name="symmetric-cluster" value="true"/>
        <nvpair id="o2" name="enable-acl" value="true"/>
      </cluster_property_set>
    </crm_config>
    <nodes/>
    <resources>
      <primitive id="a" ${dummy}/>
    </resources>
    <constraints/>
    <acls>
      <acl_role id="r">
        <acl_permission id="r1" kind="read" xpath="//resources"/>
      </acl_role>
      <acl_target id="tony">
        <role id="r"/>
      </acl_target>
    </acls>
  </configuration>
  <status/>
</cib>
`;
const object = `<primitive id="n" ${dummy}/>`;

type Row = readonly [words: readonly string[], input?: string];
const rows: readonly Row[] = [
  [["-Q", "-l", "-n"]],
  [["-Q", "-o", "crm_config", "-s", "-t", "5"]],
  [["--query", "--scope=status", "--local"]],
  [["-Q", "-o", "tags"]],
  [["-Q", "-e", "-A", "//nvpair"]],
  [["-Q", "-U", "tony"]],
  [["-Q", "-U", "nobody"]],
  [["-Q", "-U", "tony", "-S"]],
  [["-Q", "-S"]],
  [["-C", "-o", "resources", "-x", "object.xml"]],
  [["-C", "-o", "resources", "-x", "object.xml", "-X", "<primitive/>"]],
  [["-C", "-o", "resources", "-p"], object],
  [["-C", "-U", "tony", "-o", "resources", "-x", "object.xml"]],
  [["-M", "-A", "//primitive[@id='a']", "-X", '<primitive id="a" description="d"/>']],
  [["-M", "-X", '<cib admin_epoch="admin_epoch++"/>']],
  [["-R", "-o", "resources", "-X", "<resources/>"]],
  [["-D", "-X", '<primitive id="a"/>', "--sync-call"]],
  [["-D", "-A", "//nosuch"]],
  [["-d", "-A", "//nvpair"]],
  [["-d", "-A", "//primitive", "-f"]],
  [["-B"]],
  [["-E"]],
  [["-E", "-f"]],
  [["-u"]],
  [["-a"]],
  [["-a", "pacemaker-3.0"]],
  [["-5", "-x", "start.xml"]],
  [["-6", "-p"], start],
  [["--bogus"]],
];

for (const [words, input] of rows) {
  const line = words.join(" ");
  test(`cibadmin ${line}`, { skip }, async () => {
    const theirs = askedOfDebian(words, input);
    const ours = await askedOfOurs(words, input);
    assert.equal(ours.status, theirs.status, ours.stderr);
    assert.equal(ours.stdout, theirs.stdout);
    assert.equal(ours.left, theirs.left);
  });
}

test("as a process, cibadmin answers the same", { skip }, () => {
  const words = ["-C", "-o", "resources", "-p"];
  const [ours, theirs] = [own, "cibadmin"].map((tool) => asProcess(tool, words, object));
  assert.deepEqual(ours, theirs);
});

async function askedOfOurs(words: readonly string[], input = "") {
  begin();
  const { exit, out, err } = await runOnFile(file, cibadmin, words, input);
  return { status: exit, stdout: out, stderr: err, left: readFileSync(file, "utf8") };
}

function askedOfDebian(words: readonly string[], input?: string) {
  return asProcess("cibadmin", words, input);
}

function asProcess(tool: string, words: readonly string[], input = "") {
  begin();
  const env = { PATH: process.env["PATH"] ?? "", CIB_file: file, USER: "root", LC_ALL: "C" };
  const { status, stdout } = spawnSync(tool, words, {
    ...{ encoding: "utf8", cwd: folder, env, input },
  });
  return { status, stdout, left: readFileSync(file, "utf8") };
}

function begin(): void {
  rmSync(`${file}.sig`, { force: true });
  writeFileSync(file, start);
  writeFileSync(path.join(folder, "start.xml"), start);
  writeFileSync(path.join(folder, "object.xml"), object);
}
