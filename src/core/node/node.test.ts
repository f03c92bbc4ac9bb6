import assert from "node:assert/strict";
import { test } from "node:test";
import { howto } from "../../../test/cluster/howto-cib.ts";
import { MemoryCluster } from "../../../test/cluster/memory-cluster.ts";
import { translateChange } from "../cib/upgrade/translate-change.ts";

test("two nodes meet, agree on a DC, and run the how-to's resource once its CIB is loaded", () => {
  const cluster = new MemoryCluster(["xen1", "xen2"]);
  cluster.startAll();
  const dc = cluster.untilDc();
  const follower = dc.name === "xen1" ? "xen2" : "xen1";
  const { cib } = cluster.host(follower).node;
  const { change } = translateChange(cib, howto("host1"));
  const reply = cluster.change(follower, change);
  assert.equal(reply.ok && reply.value.kind === "changed" && reply.value.touched, "configuration");
  for (const host of cluster.hosts) {
    assert.match(host.files.get("cib.xml") ?? "", /primitive.*id="host1"/s);
  }
  cluster.settle(follower);
  assert.equal(cluster.where("host1"), "xen1");
  const { controller } = dc.status;
  assert.equal(controller?.idle, true);
  assert.equal(controller?.transition?.state, "done");
});
