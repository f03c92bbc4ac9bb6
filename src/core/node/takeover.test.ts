import assert from "node:assert/strict";
import { test } from "node:test";
import { fencingOn, howto, load, move, startedHowto } from "../../../test/cluster/howto-cib.ts";
import { MemoryCluster } from "../../../test/cluster/memory-cluster.ts";
import type { MemoryHost } from "../../../test/cluster/memory-host.ts";
import type { DiskFacts } from "../fencer/types.ts";

test("with fencing off a silent node counts as dead, loudly, and its guests are started on the other", () => {
  const cluster = started("host1", "host2");
  cluster.host("xen1").powerOff();
  cluster.until(() => cluster.where("host1") === "xen2", "the guest runs on the survivor");
  const survivor = cluster.host("xen2");
  assert.ok(survivor.codes().includes("HF6100"));
  assert.ok(survivor.status.attention.some((row) => row.code === "HF6100"));
  assert.equal(cluster.where("host2"), "xen2");
});

test("a silent node whose disk servers answer is not dead: its guests are started nowhere else, and nobody is told in a circle", () => {
  const cluster = withDisks();
  const survivor = cluster.host("xen2");
  cluster.host("xen1").kill();
  cluster.run(20_000);
  assert.equal(cluster.where("host1"), "xen1");
  assert.equal(survivor.codes().filter((code) => code === "HF6101").length, 1);
  assert.ok(!survivor.codes().includes("HF4413"));
  assert.ok(survivor.diskEffects.some((effect) => effect.kind === "hint-peer-lost"));
  assert.equal(survivor.status.controller?.members[0]?.state, "silent");
  // Its disk servers fall silent, too: the host has died.
  cluster.host("xen1").powerOff();
  survivor.disk("r1", alone("xen1"));
  cluster.until(() => cluster.where("host1") === "xen2", "the guest runs on the survivor");
});

test("with fencing on nothing of a lost node is started before its power was read back as off", () => {
  const cluster = started("host1");
  load(cluster, fencingOn);
  cluster.settle("xen1");
  const survivor = cluster.host("xen2");
  let wasOff = false;
  cluster.fence = (_, { action, node }) => {
    if (action === "off") {
      assert.equal(node, "xen1");
      assert.equal(survivor.runs.filter((run) => run === "start host1").length, 0);
      wasOff = true;
    }
    return "obey";
  };
  cluster.host("xen1").powerOff();
  cluster.until(() => cluster.where("host1") === "xen2", "the guest runs on the survivor");
  assert.ok(wasOff);
  assert.ok(survivor.codes().includes("HF6103"));
  assert.equal(survivor.status.fencing.at(-1)?.state, "done");
  cluster.settle("xen2");
});

test("a fence device that fails leaves everything as it is, until a person confirms by name", () => {
  const cluster = started("host1");
  load(cluster, fencingOn);
  cluster.settle("xen1");
  cluster.fence = (_, { action }) => (action === "off" ? "fail" : "obey");
  cluster.host("xen1").powerOff();
  cluster.run(30_000);
  assert.equal(cluster.where("host1"), "");
  const survivor = cluster.host("xen2");
  assert.ok(survivor.codes().includes("HF6104"));
  const row = survivor.status.attention.find((each) => each.code === "HF6105");
  assert.match(row?.remedy ?? "", /stonith_admin --confirm xen1/);
  const reply = cluster.ask("xen2", { kind: "confirm-off", node: "xen1", by: "ada" });
  assert.equal(reply.ok, true);
  cluster.until(() => cluster.where("host1") === "xen2", "the guest runs on the survivor");
});

test("with fencing on a node that has started and met nobody neither fences nor starts anything", () => {
  const cluster = started("host1");
  load(cluster, fencingOn);
  cluster.settle("xen1");
  for (const host of cluster.hosts) host.powerOff();
  let orders = 0;
  cluster.fence = () => {
    orders++;
    return "obey";
  };
  const alone = cluster.host("xen2");
  alone.runs.splice(0);
  alone.start();
  cluster.run(60_000);
  assert.equal(orders, 0);
  assert.ok(!alone.runs.includes("start host1"), alone.runs.join());
  assert.ok(alone.status.attention.some((row) => row.code === "HF6105"));
  cluster.ask("xen2", { kind: "confirm-off", node: "xen1", by: "ada" });
  cluster.until(() => cluster.where("host1") === "xen2", "the guest runs after the person's word");
});

test("with fencing off a node that starts alone waits for initdead, then runs everything", () => {
  const cluster = started("host1");
  for (const host of cluster.hosts) host.powerOff();
  cluster.host("xen2").start();
  cluster.run(9000);
  assert.equal(cluster.host("xen2").status.role, "starting");
  assert.equal(cluster.where("host1"), "");
  cluster.until(() => cluster.where("host1") === "xen2", "the guest runs");
});

test("when the wire is cut and fencing is on, one node is fenced, and no guest ever runs twice", () => {
  const cluster = started("host1", "host2");
  load(cluster, fencingOn);
  cluster.settle("xen1");
  cluster.network.cut("xen1", "xen2");
  const off: string[] = [];
  cluster.fence = (_, { action, node }) => {
    if (action === "off" && node !== undefined) off.push(node);
    return "obey";
  };
  for (let i = 0; i < 300; i++) {
    cluster.run(100);
    for (const guest of ["host1", "host2"]) assert.doesNotMatch(cluster.where(guest), / /);
  }
  assert.equal(off.length, 1);
  const [survivor] = cluster.hosts.filter((host) => host.name !== off[0]);
  assert.equal(cluster.where("host1"), survivor?.name);
  assert.equal(cluster.where("host2"), survivor?.name);
  cluster.network.heal();
  cluster.untilDc();
  cluster.settle("xen1");
});

test("a node on which a guest cannot be stopped is fenced, the DC itself not excepted, and the guest runs elsewhere", () => {
  for (const name of ["xen1", "xen2"]) {
    const cluster = started("host1");
    load(cluster, fencingOn);
    load(cluster, move("host1", name));
    cluster.settle("xen1");
    assert.equal(cluster.where("host1"), name);
    const [other] = cluster.hosts.filter((host) => host.name !== name) as [MemoryHost];
    const off: string[] = [];
    cluster.fence = (_, { action, node }) => {
      if (action === "off" && node !== undefined) off.push(node);
      return "obey";
    };
    cluster.host(name).answer = ({ action }) =>
      action === "stop" || action === "migrate_to" ? 1 : undefined;
    load(cluster, move("host1", other.name));
    for (let i = 0; i < 400 && cluster.where("host1") !== other.name; i++) {
      cluster.run(100);
      assert.doesNotMatch(cluster.where("host1"), / /);
    }
    assert.equal(cluster.where("host1"), other.name);
    assert.ok(off.length > 0 && off.every((each) => each === name), off.join());
  }
});

test("with fencing on the disk servers are told so, and a disk that asks goes on only after the fence", () => {
  const cluster = withDisks();
  load(cluster, fencingOn);
  cluster.settle("xen1");
  const survivor = cluster.host("xen2");
  const policies = survivor.diskEffects.filter((each) => each.kind === "set-disk-fencing-policy");
  assert.equal(policies.at(-1)?.policy, "resource-and-stonith");
  let isFenced = false;
  cluster.fence = (_, { action }) => {
    isFenced ||= action === "off";
    return "obey";
  };
  cluster.host("xen1").powerOff();
  survivor.disk("r1", alone("xen1"));
  survivor.give({
    kind: "fence-peer-request",
    drbdResource: "r1",
    request: 1,
    reason: "promotion",
  });
  const verdicts = () => survivor.diskEffects.filter((each) => each.kind === "fence-verdict");
  assert.equal(verdicts().length, 0);
  cluster.until(() => verdicts().length > 0, "a verdict");
  assert.ok(isFenced);
  assert.equal(verdicts()[0]?.exitCode, 7);
});

test("a guest whose copy is not whole on the survivor is not started there, and status says why", () => {
  const cluster = withDisks();
  const survivor = cluster.host("xen2");
  survivor.disk("r1", { ...connected("xen1"), disk: "Inconsistent" });
  cluster.host("xen1").powerOff();
  survivor.disk("r1", { ...alone("xen1"), disk: "Inconsistent" });
  cluster.run(20_000);
  assert.equal(cluster.where("host1"), "");
  const why = survivor.status.controller?.disks;
  assert.deepEqual(why, [{ resource: "host1", node: "xen2", reason: "r1 is Inconsistent here" }]);
});

function started(...guests: readonly string[]): MemoryCluster {
  const cluster = new MemoryCluster(["xen1", "xen2"]);
  startedHowto(cluster, ...guests);
  return cluster;
}

/** host1 runs on xen1; its disk r1 is connected and whole on both. */
function withDisks(): MemoryCluster {
  const cluster = new MemoryCluster(["xen1", "xen2"]);
  for (const host of cluster.hosts) host.disksOf.set("host1", ["r1"]);
  cluster.startAll();
  const [one, two] = cluster.hosts as [MemoryHost, MemoryHost];
  one.disk("r1", connected("xen2"));
  two.disk("r1", connected("xen1"));
  cluster.untilDc();
  load(cluster, howto("host1"));
  cluster.settle("xen1");
  assert.equal(cluster.where("host1"), "xen1");
  return cluster;
}

function connected(peer: string): DiskFacts {
  return {
    ...{ peer, role: "Secondary", disk: "UpToDate", peerRole: "Primary", peerDisk: "UpToDate" },
    ...{ connected: true, frozen: false },
  };
}

function alone(peer: string): DiskFacts {
  return { ...connected(peer), peerRole: "Unknown", peerDisk: "DUnknown", connected: false };
}
