import assert from "node:assert/strict";
import { test } from "node:test";
import { howtoSnapshot } from "../../../test/cluster/howto-snapshot.ts";
import { servedCluster } from "../../../test/cluster/served-cluster.ts";
import { crmadmin } from "../crmadmin/crmadmin.ts";
import { attrdUpdater } from "./attrd-updater.ts";

test("an agent's value is set on the node on which it runs, at once, whatever delay it wishes", async (t) => {
  const { run, asked } = await served(t, null);
  const ran = await run(attrdUpdater, "-n", "pingd", "-B", "1000", "-d", "5s");
  assert.deepEqual([ran.exit, ran.out, ran.err], [0, "", ""]);
  const { method, params } = asked.at(-1) ?? {};
  assert.equal(method, "set-attribute");
  const { scope, name, value } = params as Record<string, unknown>;
  assert.deepEqual(
    [scope, name, value],
    [{ section: "status", node: howtoSnapshot().live?.node }, "pingd", "1000"],
  );
});

test("a query prints a line a node, and says when there is none", async (t) => {
  const { run } = await served(t, "7");
  const { out } = await run(attrdUpdater, "-n", "pingd", "-Q", "-A");
  assert.equal(out, 'name="pingd" host="xen1" value="7"\nname="pingd" host="xen2" value="7"\n');
  const none = await served(t, null);
  assert.equal((await none.run(attrdUpdater, "-n", "pingd", "-Q")).exit, 105);
  assert.equal((await none.run(attrdUpdater, "-n", "pingd")).exit, 64);
});

test("crmadmin names the DC and the nodes as Pacemaker's does", async (t) => {
  const { run } = await served(t, null);
  const dc = howtoSnapshot().summary.dc?.name;
  assert.equal((await run(crmadmin, "-D")).out, `Designated Controller is: ${dc}\n`);
  assert.equal((await run(crmadmin, "-D", "-q")).out, `${dc}\n`);
  assert.match((await run(crmadmin, "-N")).out, /^cluster node: xen1 \(.*\)\ncluster node: xen2 /);
  assert.equal((await run(crmadmin, "--nodes=guest")).out, "No nodes configured\n");
  assert.equal((await run(crmadmin, "--nodes=other")).exit, 64);
  assert.match((await run(crmadmin, "-S", dc ?? "")).out, /in state S_IDLE: ok\n$/);
  assert.equal((await run(crmadmin, "-S", "nobody")).exit, 105);
  const daemon = await run(crmadmin, "-P");
  assert.match(
    daemon.out,
    /^Status of pacemakerd: 'Pacemaker is running' \(last updated \d.*\)\n$/,
  );
  assert.equal((await run(crmadmin, "-P", "-q")).out, "running\n");
});

function served(t: Parameters<typeof servedCluster>[0], value: string | null) {
  return servedCluster(t, () => ({
    status: () => howtoSnapshot(),
    "find-attributes": () => ({
      found: value === null ? [] : [{ id: "p1", name: "pingd", value }],
    }),
    "set-attribute": () => ({ version: "0.1.1", touched: "status", remarks: [] }),
  }));
}
