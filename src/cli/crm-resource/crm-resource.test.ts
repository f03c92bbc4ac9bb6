/** What crm_resource asks the daemon for, over the real control socket. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { servedCluster } from "../../../test/cluster/served-cluster.ts";
import { crmResource } from "./crm-resource.ts";

test("--fail names resource and node, and prints what the daemon says", async (t) => {
  const message = "web counts as failed on xen1.";
  const { run, asked } = await servedCluster(t, () => ({ "fail-resource": () => ({ message }) }));
  const ran = await run(crmResource, "-F", "-r", "web", "-N", "xen1");
  assert.deepEqual([ran.exit, ran.out], [0, `${message}\n`]);
  const [{ method, params } = { method: "", params: {} }] = asked;
  const { resource, node, by } = params as Readonly<Record<string, unknown>>;
  assert.deepEqual([method, resource, node], ["fail-resource", "web", "xen1"]);
  assert.equal((by as { client: string }).client, "crm_resource");
});

test("--fail without a node is not understood, and nothing is asked", async (t) => {
  const { run, asked } = await servedCluster(t, () => ({}));
  const ran = await run(crmResource, "--fail", "--resource", "web");
  assert.equal(ran.exit, 64);
  assert.match(ran.err, /on which node it has failed: --node NODE/);
  assert.deepEqual(asked, []);
});
