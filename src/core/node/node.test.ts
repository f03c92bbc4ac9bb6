import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryCluster, xml } from "../../../test/cluster/memory-cluster.ts";
import type { CibChange } from "../cib/change.ts";
import { translateChange } from "../cib/upgrade/translate-change.ts";

test("two nodes meet, agree on a DC, and run the how-to's resource once its CIB is loaded", () => {
  const cluster = new MemoryCluster(["xen1", "xen2"]);
  cluster.startAll();
  const dc = cluster.untilDc();
  const follower = dc.name === "xen1" ? "xen2" : "xen1";
  const { cib } = cluster.host(follower).node;
  const { change } = translateChange(cib, howto);
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

/** As the how-to loads it: options, then resources, in the language of Heartbeat 2. */
const howto: CibChange = {
  kind: "sequence",
  changes: [
    {
      kind: "create",
      at: { section: "crm_config" },
      xml: xml(`<cluster_property_set id="bootstrap"><attributes>
        <nvpair id="bootstrap04" name="stonith_enabled" value="false"/>
        <nvpair id="bootstrap06" name="symmetric_cluster" value="true"/>
        <nvpair id="bootstrap07" name="no_quorum_policy" value="stop"/>
      </attributes></cluster_property_set>`),
    },
    {
      kind: "create",
      at: { section: "resources" },
      xml: xml(`<resources><primitive id="host1" class="ocf" type="Xen" provider="heartbeat"><operations>
        <op id="host1-op01" name="monitor" interval="10s" timeout="60s" prereq="nothing"/>
        <op id="host1-op02" name="start" timeout="60s" start_delay="0"/>
        <op id="host1-op03" name="stop" timeout="300s"/></operations>
        <instance_attributes id="host1"><attributes>
          <nvpair id="host1-attr01" name="xmfile" value="/etc/xen/host1.dom"/>
          <nvpair id="host1-attr02" name="target_role" value="started"/>
        </attributes></instance_attributes>
        <meta_attributes id="host1-meta01"><attributes>
          <nvpair id="host1-meta-attr01" name="allow_migrate" value="true"/>
        </attributes></meta_attributes></primitive></resources>`),
    },
  ],
};
