/** crm_simulate against Debian's: the same suppositions about the same CIB lead to the same text. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { crmSimulate } from "../../src/cli/crm-simulate/crm-simulate.ts";
import { runOnFile } from "../cluster/file-commands.ts";
import { CibFile, whyNoOracle } from "./cib-oracle.ts";

const skip = whyNoOracle("crm_simulate") ?? false;
const own = "our crm_simulate";
process.env["TZ"] = "UTC";
const file = new CibFile();
after(() => file.close());

/** Two guests with their ticket and their fence device; the feature set is one that Pacemaker 2.1 writes to. */
const cib = `<cib validate-with="pacemaker-3.9" crm_feature_set="3.16.1" admin_epoch="1" epoch="1"
    num_updates="0" have-quorum="1" dc-uuid="1"><configuration>
  <crm_config><cluster_property_set id="options">
    <nvpair id="fencing" name="stonith-enabled" value="true"/></cluster_property_set></crm_config>
  <nodes><node id="1" uname="xen1"/><node id="2" uname="xen2"/></nodes>
  <resources>
    <primitive id="host1" class="ocf" provider="heartbeat" type="Dummy"><operations>
      <op id="host1-m" name="monitor" interval="10s"/></operations></primitive>
    <primitive id="host2" class="ocf" provider="heartbeat" type="Dummy"/>
    <primitive id="pdu" class="stonith" type="fence_apc"/>
  </resources>
  <constraints><rsc_ticket id="by-ticket" rsc="host2" ticket="office"/>
    <rsc_location id="home" rsc="host1" node="xen1" score="50"/></constraints></configuration>
  <status>${nodeState(1, ["host1", "ocf", "Dummy"])}${nodeState(2, ["pdu", "stonith", "fence_apc"])}
  <tickets><ticket_state id="office" granted="true"/></tickets></status></cib>`;

const rows: readonly (readonly [sentence: string, ...words: string[]])[] = [
  ["the status alone"],
  ["what is to be done", "--run"],
  ["and what comes of it", "--simulate"],
  ["a node fails", "-S", "--node-fail", "xen1"],
  ["a node leaves in an orderly way", "-S", "--node-down", "xen1"],
  ["a node comes that nobody knew", "-S", "--node-up", "xen3"],
  ["a node comes while the other fails", "-S", "-u", "xen3", "-f", "xen2"],
  // Pacemaker 2.1 takes no notice of the quorum alone.
  ["the quorum is lost", "-S", "--quorum", "false", "-u", "xen1"],
  ["a ticket is revoked", "-S", "--ticket-revoke", "office"],
  ["a ticket is granted that nobody had", "-S", "--ticket-grant", "branch"],
  ["a ticket goes into standby", "-S", "--ticket-standby", "office"],
  ["a ticket is activated", "-S", "--ticket-activate", "office"],
  ["a monitor finds the guest gone", "-S", "-i", "host1_monitor_10000@xen1=7"],
  ["a start has failed elsewhere", "-S", "-i", "host2_start_0@xen2=1"],
  ["a stop fails, and the transition ends there", "-S", "-d", "xen2", "-F", "pdu_stop_0@xen2=1"],
  ["the guest cannot be stopped", "-S", "-r", "office", "-F", "host2_start_0@xen1=1"],
  ["a fenced node's guest cannot start", "-S", "-f", "xen1", "-F", "host1_start_0@xen2=1"],
  ["in another year", "-S", "-t", "2031-05-06 07:08:09Z"],
];

for (const [sentence, ...words] of rows) {
  test(`${sentence}: ${words.join(" ") || "-x"}, as Debian's crm_simulate tells it`, {
    skip,
  }, async () => {
    file.write(cib);
    const theirs = await simulated("crm_simulate", words);
    file.write(cib);
    const ours = await simulated(own, words);
    assert.equal(ours, theirs);
  });
}

test("the scores are the same lines, under a heading of Pacemaker 3", { skip }, async () => {
  file.write(cib);
  const scores = (text: string): readonly string[] =>
    text.split("\n").flatMap((line) => /pcmk__\S+: .* score .*/.exec(line)?.[0] ?? []);
  const theirs = scores(await simulated("crm_simulate", ["-R", "-s"]));
  assert.ok(theirs.length > 0);
  assert.deepEqual(scores(await simulated(own, ["-R", "-s"])), theirs);
  const words = ["-S", "-Q", "-s"];
  assert.equal(await simulated(own, words), await simulated("crm_simulate", words));
});

test("the CIB that was saved behind a failure says to both what is to be done next", {
  skip,
}, async () => {
  file.write(cib);
  const saved = `${file.path}.after`;
  const failing = ["-S", "-f", "xen1", "-F", "host1_start_0@xen2=1", "-O", saved];
  await simulated(own, failing);
  file.write(readFileSync(saved, "utf8"));
  assert.equal(await simulated(own, ["-S"]), await simulated("crm_simulate", ["-S"]));
});

const drawings: readonly (readonly [sentence: string, ...words: string[]])[] = [
  ["the same dependencies are drawn", "-d", "xen2"],
  ["and the same actions that are not done", "-d", "xen2", "--all-actions"],
  ["and those that would have to be done, and cannot", "-r", "office", "-f", "xen2", "-a"],
];

for (const [sentence, ...words] of drawings) {
  test(`${sentence}: ${words.join(" ")}`, { skip }, async () => {
    file.write(cib);
    const drawn = async (tool: string): Promise<readonly string[]> => {
      const dot = `${file.path}.dot`;
      await simulated(tool, ["-S", ...words, "-D", dot]);
      return readFileSync(dot, "utf8").split("\n").filter(Boolean).sort();
    };
    assert.deepEqual(await drawn(own), await drawn("crm_simulate"));
  });
}

/** What it prints, both streams, ours in this process; without the moment of a failure, and how far columns are apart. */
async function simulated(tool: string, words: readonly string[]): Promise<string> {
  if (tool === own) {
    const { out, err } = await runOnFile(file.path, crmSimulate, ["-x", file.path, ...words]);
    return comparable(out + err);
  }
  const run = spawnSync(tool, ["-x", file.path, ...words], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" },
  });
  assert.equal(run.error, undefined);
  return comparable(run.stdout + run.stderr);
}

function comparable(text: string): string {
  return text.replaceAll(/(last-failure-[^=]*)=\d+/g, "$1=THEN").replaceAll(/\( +/g, "( ");
}

function nodeState(id: number, [resource, agentClass, type]: readonly string[]): string {
  const provider = agentClass === "ocf" ? `provider="heartbeat"` : "";
  const key = `${id}:1:0:11111111-2222-3333-4444-555555555555`;
  return `<node_state id="${id}" uname="xen${id}" in_ccm="true" crmd="online" join="member" expected="member">
    <lrm id="${id}"><lrm_resources><lrm_resource id="${resource}" class="${agentClass}" ${provider} type="${type}">
      <lrm_rsc_op id="${resource}_last_0" operation_key="${resource}_start_0" operation="start" rc-code="0"
        crm_feature_set="3.16.1" transition-key="${key}" transition-magic="0:0;${key}" call-id="3" op-status="0"
        interval="0" last-rc-change="1700000000"/></lrm_resource></lrm_resources></lrm></node_state>`;
}
