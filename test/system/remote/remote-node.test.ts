/**
 * A third machine runs services for a cluster of two: Debian's pacemaker_remoted there, holdfastd on the nodes. It is
 * connected to, services are probed, started, promoted and watched there, and go on while the connection moves.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { writeOnHost } from "../../../lab/lab.ts";
import { authKeys, haCf } from "../cluster/cluster-files.ts";
import { addResources, setOption, untilIdle, untilPrints } from "../cluster/cluster-lab.ts";
import { testLab } from "../lab/test-lab.ts";
import { putRemoteKey, noRemoteExecutor as skip, startRemoteExecutor } from "./remote-executor.ts";

const lab = testLab({ hosts: skip === false ? 3 : 1 });
const state = "/run/resource-agents/Dummy-web.state";

test("a service is probed and started on the remote node, as pacemaker_remoted runs it", {
  skip,
}, async () => {
  await prepare();
  await addResources(lab, [connection, web, service]);
  await prefer("web", "far");
  await prefer("service-clone", "far", 'role="Promoted"');
  await untilPrints(lab, "xen1", "crm_mon -1", /RemoteOnline: \[ far \]/);
  await untilPrints(lab, "xen1", "crm_mon -1", /web\s.*Started far/);
  await untilPrints(lab, "xen1", "crm_mon -1", /Promoted: \[ far \]/);
  assert.equal(await lab.exitOf("xen3", `test -e ${state}`), 0);
  assert.equal(await lab.exitOf("xen1", `test -e ${state}`), 1);
});

test("what fails there is found by its monitor and started again", { skip }, async () => {
  await lab.sh("xen3", `rm ${state}`);
  await untilPrints(lab, "xen1", "crm_mon -1 -f", /fail-count=1/);
  await untilPrints(lab, "xen3", `test -e ${state} && echo there`, /there/);
  await untilIdle(lab);
  await lab.sh("xen1", "crm_resource --cleanup --resource web");
  await untilIdle(lab);
});

test("an attribute of the remote node is set on it", { skip }, async () => {
  await lab.sh("xen2", "crm_attribute --node far --name ping --update 7 --lifetime reboot");
  const asked = "crm_attribute --node far --name ping --query --quiet --lifetime reboot";
  await untilPrints(lab, "xen1", asked, /^7$/m);
});

test("the connection moves, and the services go on", { skip }, async () => {
  const inode = await lab.sh("xen3", `stat -c '%i %Z' ${state}`);
  const host = await hostOfConnection();
  const other = host === "xen1" ? "xen2" : "xen1";
  await lab.sh(host, `crm_resource --move --resource far --node ${other}`);
  await untilPrints(lab, "xen1", "crm_mon -1", new RegExp(`far\\s.*Started ${other}`));
  await untilIdle(lab);
  assert.match(await lab.sh("xen1", "crm_mon -1"), /web\s.*Started far/);
  assert.equal(await lab.sh("xen3", `stat -c '%i %Z' ${state}`), inode);
  assert.doesNotMatch(await lab.sh("xen1", "holdfast timeline"), /Not done a second time/);
});

async function prepare(): Promise<void> {
  const started = startRemoteExecutor(lab, "xen3");
  for (const host of ["xen1", "xen2"]) {
    const put = (path: string, text: string): void =>
      writeOnHost(lab.name, host, { path, text, mode: 0o600 });
    put("/etc/ha.d/ha.cf", haCf);
    put("/etc/ha.d/authkeys", authKeys("a-key-of-the-system-tests-only"));
    putRemoteKey(lab, host);
    await lab.sh(host, "mkdir -p /run/resource-agents && holdfastd --detach");
  }
  await started;
  await untilPrints(lab, "xen1", "crm_mon -1", /Online: \[ xen1 xen2 \]/);
  await setOption(lab, "stonith-enabled", "false");
}

const connection = `<primitive id="far" class="ocf" provider="pacemaker" type="remote">
  <meta_attributes id="far-meta"><nvpair id="far-live" name="allow-migrate" value="true"/></meta_attributes>
  <instance_attributes id="far-params"><nvpair id="far-addr" name="addr" value="10.0.0.3"/></instance_attributes>
  <operations>
    <op id="far-monitor" name="monitor" interval="2s" timeout="60s"/>
    <op id="far-start" name="start" interval="0" timeout="120s"/>
  </operations>
</primitive>`;

const web = `<primitive id="web" class="ocf" provider="heartbeat" type="Dummy">
  <operations><op id="web-monitor" name="monitor" interval="2s" timeout="20s"/></operations>
</primitive>`;

const service = `<clone id="service-clone">
  <meta_attributes id="service-meta"><nvpair id="service-promotable" name="promotable" value="true"/></meta_attributes>
  <primitive id="service" class="ocf" provider="pacemaker" type="Stateful"/>
</clone>`;

async function prefer(resource: string, node: string, more = ""): Promise<void> {
  const id = `${resource}-there`;
  const xml = `<rsc_location id="${id}" rsc="${resource}" ${more} node="${node}" score="100"/>`;
  await lab.sh("xen1", `cibadmin --create --scope constraints --xml-text '${xml}'`);
}

async function hostOfConnection(): Promise<string> {
  const text = await lab.sh("xen1", "crm_resource --resource far --locate");
  return /is running on: (\S+)/.exec(text)?.[1] ?? "";
}
