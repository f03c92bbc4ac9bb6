/** What is run past the cluster, and what is not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { wallTime } from "../../base/time.ts";
import { parseXml } from "../../formats/xml/parse-xml.ts";
import { hostClock } from "../../host/clock.ts";
import { hostFiles } from "../../host/files/files.ts";
import { hostProcesses } from "../../host/processes/processes.ts";
import type { RunOutcome } from "../../ports/processes.ts";
import type { CibDesk } from "../cluster-methods/cib-desk.ts";
import { agentRun } from "./agent-run.ts";

test("what the cluster has running is not started or promoted past it, but with --force", async () => {
  for (const action of ["start", "promote"] as const) {
    await assert.rejects(run({ resource: "db", action }), { code: "HF4606", exit: 107 });
    const forced = await run({ resource: "db", action, force: true });
    assert.deepEqual(forced.words, [action]);
  }
  for (const action of ["stop", "demote", "monitor"] as const)
    assert.deepEqual((await run({ resource: "db", action })).words, [action]);
});

test("an agent is given the resource's parameters and the timeout of its operation", async () => {
  const { env } = await run({ resource: "web", action: "start" });
  assert.equal(env["OCF_RESKEY_port"], "80");
  assert.equal(env["OCF_RESKEY_CRM_meta_timeout"], "70000");
  assert.equal(env["OCF_RESOURCE_INSTANCE"], "web");
  const checked = await run({ resource: "web", action: "monitor", level: "10", timeoutMs: 5000 });
  assert.equal(checked.env["OCF_RESKEY_OCF_CHECK_LEVEL"], undefined);
  assert.equal(checked.env["OCF_CHECK_LEVEL"], "10");
  assert.equal(checked.env["OCF_RESKEY_CRM_meta_timeout"], "5000");
});

test("a guest needs holdfastd; a group is not run as one", async () => {
  const guest = await run({ resource: "vm", action: "monitor" });
  assert.equal(guest.rc, 5);
  assert.match(guest.reason, /part of holdfastd/);
  await assert.rejects(run({ resource: "all", action: "monitor" }), { code: "HF4605", exit: 3 });
});

/** Runs no program: tells what would have been run. */
async function run(asked: Parameters<typeof agentRun>[0]) {
  let words: readonly string[] = [];
  let env: Readonly<Record<string, string>> = {};
  const processes = {
    ...hostProcesses(),
    run: async (
      _command: string,
      args: readonly string[],
      options: { readonly env?: Readonly<Record<string, string>> } = {},
    ): Promise<RunOutcome> => {
      words = args;
      env = options.env ?? {};
      return { code: 0, stdout: "", stderr: "" };
    },
  };
  const ports = { processes, files: hostFiles(), clock: hostClock(), xen: undefined };
  return { ...(await agentRun(asked, desk(), ports)), words, env };
}

function desk(): CibDesk {
  const parsed = parseXml(cib);
  assert.ok(parsed.ok);
  const whole = (): typeof parsed.value => parsed.value;
  const change = (): never => assert.fail("nothing is changed");
  return { cib: whole, whole, wallNow: () => wallTime(0), change };
}

const op = `id="db_last_0" operation_key="db_start_0" operation="start" call-id="1" rc-code="0" op-status="0" interval="0"`;
const cib = `<cib><configuration><crm_config/><nodes><node id="1" uname="xen1"/></nodes>
<resources>
<primitive id="db" class="ocf" provider="heartbeat" type="Dummy"/>
<primitive id="vm" class="ocf" provider="heartbeat" type="Xen"/>
<group id="all"><primitive id="web" class="ocf" provider="heartbeat" type="Dummy">
<instance_attributes id="wi"><nvpair id="wi1" name="port" value="80"/></instance_attributes>
<operations><op id="ws" name="start" interval="0" timeout="70s"/></operations>
</primitive></group>
</resources><constraints/></configuration>
<status><node_state id="1" uname="xen1" in_ccm="true" crmd="online" join="member" expected="member">
<lrm id="1"><lrm_resources><lrm_resource id="db" class="ocf" provider="heartbeat" type="Dummy">
<lrm_rsc_op ${op} transition-key="1:1:0:x" transition-magic="0:0;1:1:0:x"/>
</lrm_resource></lrm_resources></lrm></node_state></status></cib>`;
