/** The XML of the smaller tools against Debian's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { crmAttribute } from "../../src/cli/crm-attribute/crm-attribute.ts";
import { crmVerify } from "../../src/cli/crm-verify/crm-verify.ts";
import { crmadmin } from "../../src/cli/crmadmin/crmadmin.ts";
import { runOnFile } from "../cluster/file-commands.ts";
import { casesMissing } from "../conformance/recorded-cases.ts";
import { whyNoOracle } from "./cib-oracle.ts";
import { differences } from "./tool-sweep.ts";

const skip = casesMissing || (whyNoOracle("crmadmin") ?? false);

const rows = [
  { command: crmadmin, words: ["-N"] },
  { command: crmadmin, words: ["-N", "--output-as=xml"] },
  { command: crmadmin, words: ["-N", "-B"] },
  { command: crmAttribute, words: ["-n", "cluster-delay", "-G", "-d", "60s", "--output-as=xml"] },
  { command: crmAttribute, words: ["-n", "cluster-delay", "-G", "-d", "60s"] },
] as const;

for (const { command, words } of rows) {
  test(`${command.name} ${words.join(" ")} answers as Debian's does`, { skip }, async () => {
    const { compared, differing } = await differences({ command, words, every: 61 });
    assert.ok(compared >= 10, `${compared} were compared`);
    // Ours has the nodes by name, Debian's in the order of the CIB.
    const wrong = differing.filter(({ added, missing }) => added.length + missing.length > 0);
    assert.deepEqual(wrong, []);
  });
}

test("a command line that is wrong, or what is not there, ends Pacemaker's XML with its status", {
  skip,
}, async () => {
  const words = ["-n", "no-such-option", "-G", "--output-as=xml"];
  const { compared, differing } = await differences({ command: crmAttribute, words, every: 97 });
  assert.ok(compared > 0);
  for (const { added, missing } of differing) {
    // Only the sentence is another.
    assert.ok([...added, ...missing].every((line) => /<error>|<\/error>|Set it/.test(line)));
  }
});

test("crm_verify of a good CIB is a status and nothing else", { skip }, async () => {
  const xml = `<cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
    <configuration><crm_config><cluster_property_set id="o">
    <nvpair id="o1" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>
    <nodes/><resources/><constraints/></configuration><status/></cib>`;
  const ran = await runOnFile("/nowhere", crmVerify, ["-X", xml, "--output-as=xml"]);
  assert.equal(ran.exit, 0, ran.out);
  assert.match(ran.out, /<status code="0" message="OK"\/>\n<\/pacemaker-result>\n$/);
});
