/** The how-to's own commands about the CIB, over the real control socket, on a CIB in a file. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { type ServedCluster, servedCluster } from "../../../test/cluster/served-cluster.ts";
import { fileDesk } from "../../daemon/cib-file/file-desk.ts";
import { cibDeskMethods } from "../../daemon/cluster-methods/desk-methods.ts";
import { cibadmin } from "../cibadmin/cibadmin.ts";
import { crmAttribute } from "../crm-attribute/crm-attribute.ts";
import { crmFailcount } from "../crm-failcount/crm-failcount.ts";
import { crmMon } from "../crm-mon/crm-mon.ts";
import { crmNode } from "../crm-node/crm-node.ts";
import { crmResource } from "../crm-resource/crm-resource.ts";
import { crmStandby } from "../crm-standby/crm-standby.ts";
import { crmVerify } from "../crm-verify/crm-verify.ts";

const examples = path.join(import.meta.dirname, "../../../examples/howto");

const start = `<cib crm_feature_set="3.16.2" validate-with="pacemaker-3.9" admin_epoch="0" epoch="1" num_updates="0">
<configuration><crm_config/><nodes><node id="1" uname="xen1"/><node id="2" uname="xen2"/></nodes><resources/><constraints/></configuration>
<status><node_state id="1" uname="xen1" in_ccm="true" crmd="online" join="member" expected="member"><lrm id="1"><lrm_resources>
<lrm_resource id="host1" class="ocf" provider="heartbeat" type="Xen"><lrm_rsc_op id="host1_last_0" operation_key="host1_start_0" operation="start"
 transition-key="1:1:0:8cc4efb2-231d-4b4e-ae7e-99f491914ff5" transition-magic="0:0;1:1:0:8cc4efb2-231d-4b4e-ae7e-99f491914ff5" call-id="3" rc-code="0" op-status="0" interval="0"/></lrm_resource>
</lrm_resources></lrm></node_state></status></cib>`;

test("the how-to's three files are taken, and crm_mon lists its two guests", async (t) => {
  const { run } = await configured(t);
  const mon = await run(crmMon, "-1", "-r");
  assert.equal(mon.exit, 0);
  assert.match(mon.out, /\* host1\t\(ocf:heartbeat:Xen\):\t Started xen1\n/);
  assert.match(mon.out, /\* host2\t\(ocf:heartbeat:Xen\):\t Stopped\n/);
  const old = await run(crmMon, "-1", "--layout", "0.6");
  assert.match(old.out, /^=+\nLast updated: .*\nCurrent DC: NONE\n2 Nodes configured\.\n/);
  assert.match(old.out, /\nhost1\t\(heartbeat::ocf:Xen\):\tStarted xen1\n/);
});

test("a file is taken once: the second time it is there already", async (t) => {
  const { run } = await configured(t);
  const file = path.join(examples, "host1.xml");
  const { exit, err } = await run(cibadmin, "-C", "-o", "resources", "-x", file);
  assert.equal(exit, 108);
  assert.match(err, /\[HF4001\]/);
});

test("host2 is asked to move with the words of 2009, and nothing of it stays when that is taken back", async (t) => {
  const { run } = await configured(t);
  const migrate = await run(
    crmResource,
    ...["--migrate", "--resource", "host2", "--host-uname", "xen2"],
  );
  assert.equal(migrate.exit, 0);
  assert.match(migrate.err, /crm_resource --clear --resource host2/);
  const wish = await run(crmResource, "--constraints", "--resource", "host2");
  assert.match(wish.out, /Node xen2 \(score=INFINITY, id=cli-prefer-host2/);
  assert.equal((await run(crmResource, "--un-migrate", "--resource", "host2")).exit, 0);
  const query = await run(cibadmin, "--query", "--scope", "constraints");
  assert.equal(query.out, "<constraints/>\n");
});

test("target_role set as the how-to has it is the meta attribute that the cluster looks at", async (t) => {
  const { run } = await configured(t);
  const set = (value: string) =>
    run(
      crmResource,
      ...["--resource", "host2", "--set-parameter", "target_role", "--property-value", value],
    );
  for (const value of ["stopped", "started"]) {
    assert.equal((await set(value)).exit, 0);
    const get = ["--resource", "host2", "--meta", "--get-parameter", "target-role"];
    assert.equal((await run(crmResource, ...get)).out, `${value}\n`);
  }
});

test("where a resource runs is told in the words that scripts look for", async (t) => {
  const { run } = await configured(t);
  const locate = async (resource: string): Promise<string> =>
    (await run(crmResource, "--resource", resource, "--locate")).out;
  assert.equal(await locate("host1"), "resource host1 is running on: xen1\n");
  assert.equal(await locate("host2"), "resource host2 is NOT running\n");
  const unknown = await run(crmResource, "--resource", "host3", "-W");
  assert.equal(unknown.exit, 105);
  assert.match(
    unknown.err,
    /There is no resource "host3"\. \[HF4008\]\n {2}The resources are host1, host2\./,
  );
});

test("crm_verify finds the configuration valid, and says that two guests may run", async (t) => {
  const { run } = await configured(t);
  const { exit, out } = await run(crmVerify, "--live-check");
  assert.equal(exit, 0);
  assert.match(out, /stonith-enabled=false\. Two guests may run: no fencing\..*\[HF4121\]\n/);
  assert.match(out, /\nThe configuration is valid\.\n$/);
});

test("standby is set, asked for and forgotten", async (t) => {
  const { run } = await configured(t);
  assert.equal((await run(crmStandby, "--node", "xen2", "--update", "on")).exit, 0);
  const asked = await run(crmStandby, "--node", "xen2", "--query");
  assert.equal(asked.out, "scope=nodes  name=standby value=on\n");
  assert.equal((await run(crmStandby, "--node", "xen2", "--delete")).exit, 0);
  assert.equal((await run(crmStandby, "--node", "xen2", "-G", "-q")).out, "off\n");
});

test("an option of the cluster is set under today's name and read under that of 2009", async (t) => {
  const { run } = await configured(t);
  const update = await run(crmAttribute, "--name", "stonith-enabled", "--update", "true");
  assert.equal(update.exit, 0, update.err);
  const query = await run(crmAttribute, "-n", "stonith_enabled", "-G", "-q");
  assert.equal(query.out, "true\n");
  const none = await run(crmAttribute, "--name", "no-such-option", "--query");
  assert.equal(none.exit, 105);
});

test("a resource that never failed has a fail count of 0", async (t) => {
  const { run } = await configured(t);
  const { out } = await run(crmFailcount, "-G", "-r", "host1", "-N", "xen1");
  assert.equal(out, "scope=status  name=fail-count-host1 value=0\n");
});

test("an empty CIB is printed without a cluster, and can be worked on", async (t) => {
  const { run, directory } = await servedCluster(t, () => ({}));
  const { exit, out } = await run(cibadmin, "--empty");
  assert.equal(exit, 0);
  assert.match(out, /^<cib .*validate-with="pacemaker-/);
  const file = path.join(directory, "empty.xml");
  writeFileSync(file, out);
  assert.equal(fileDesk(file).cib().name, "cib");
});

test("a node that is a member is not forgotten, and one that is gone only with --force", async (t) => {
  const { run } = await configured(t);
  const member = await run(crmNode, "--remove", "xen1", "--force");
  assert.deepEqual([member.exit, /HF4606/.test(member.err)], [107, true]);
  assert.equal((await run(crmNode, "--remove", "xen2")).exit, 64);
  assert.equal((await run(crmNode, "--remove", "xen2", "--force")).exit, 0);
  assert.equal((await run(crmNode, "--list")).out, "1 xen1 member\n");
});

/** xen1 is online and runs host1; xen2 is offline. */
async function configured(t: TestContext): Promise<ServedCluster> {
  const cluster = await servedCluster(t, (directory) => {
    const file = path.join(directory, "cib.xml");
    writeFileSync(file, start);
    return cibDeskMethods(fileDesk(file));
  });
  for (const [scope, name] of [
    ["crm_config", "bootstrap.xml"],
    ["resources", "host1.xml"],
    ["resources", "host2.xml"],
  ] as const) {
    const xml = path.join(examples, name);
    const { exit, err } = await cluster.run(cibadmin, "-C", "-o", scope, "-x", xml);
    assert.equal(exit, 0, err);
  }
  return cluster;
}
