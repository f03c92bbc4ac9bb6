import assert from "node:assert/strict";
import { test } from "node:test";
import {
  load,
  move,
  nodeAttribute,
  startedHowto,
  targetRole,
} from "../../../test/cluster/howto-cib.ts";
import { MemoryCluster } from "../../../test/cluster/memory-cluster.ts";

test("a daemon that is started again finds its guests running, and leaves them so", () => {
  const cluster = started("host1", "host2");
  for (const name of ["xen1", "xen2"]) {
    const host = cluster.host(name);
    load(cluster, move("host1", name));
    cluster.settle(name);
    host.runs.splice(0);
    host.kill();
    cluster.run(700);
    host.start();
    cluster.run(20_000);
    const changing = host.runs.filter((run) => !run.startsWith("monitor"));
    assert.deepEqual(changing, []);
    assert.equal(cluster.where("host1"), name);
  }
});

test("an announced restart is waited for longer than deadtime, and nothing moves", () => {
  const cluster = started("host1");
  const reply = cluster.ask("xen1", { kind: "restart", holdMs: 8000 });
  assert.equal(reply.ok, true);
  cluster.until(() => !cluster.host("xen1").isRunning, "the daemon ends");
  cluster.run(6000);
  assert.equal(cluster.where("host1"), "xen1");
  cluster.host("xen1").start();
  cluster.untilDc();
  cluster.settle("xen2");
  assert.equal(cluster.where("host1"), "xen1");
  assert.deepEqual(
    cluster.host("xen2").runs.filter((run) => run === "start host1"),
    [],
  );
});

test("a stop that the lost DC had ordered is waited for before the guest is started elsewhere", () => {
  const cluster = started("host1");
  load(cluster, move("host1", "xen2"));
  cluster.settle("xen1");
  const holder = cluster.host("xen2");
  holder.answer = ({ action }) => (action === "migrate_to" ? 1 : undefined);
  holder.agentMs = 5000;
  load(cluster, move("host1", "xen1"));
  cluster.until(() => holder.runs.includes("stop host1"), "the stop begins");
  cluster.host("xen1").kill();
  cluster.run(500);
  cluster.host("xen1").start();
  cluster.until(() => cluster.where("host1") === "xen1", "the guest runs where it should");
  assert.equal(holder.runs.filter((run) => run === "stop host1").length, 1);
  cluster.settle("xen1");
});

test("a migration whose DC is lost in its middle ends with the guest on one node", () => {
  const cluster = started("host1");
  const [source, target] = [cluster.host("xen1"), cluster.host("xen2")];
  source.agentMs = 1000;
  load(cluster, move("host1", "xen2"));
  cluster.until(() => source.runs.includes("migrate_to host1"), "the migration begins");
  cluster.run(500);
  source.kill();
  cluster.run(700);
  source.start();
  cluster.untilDc();
  cluster.settle("xen2");
  assert.match(cluster.where("host1"), /^xen[12]$/);
  cluster.settle("xen1");
  assert.equal(cluster.where("host1"), "xen2");
  assert.ok(target.isRunning);
});

test("a node leaves: its guests move first, then it is gone, and the other knows that nothing runs there", () => {
  const cluster = started("host1", "host2");
  cluster.ask("xen1", { kind: "leave", by: "ada" });
  cluster.until(() => !cluster.host("xen1").isRunning, "it is gone");
  assert.equal(cluster.where("host1"), "xen2");
  cluster.settle("xen2");
  const { status } = cluster.host("xen2");
  assert.equal(status.controller?.members[0]?.state, "left");
  assert.ok(!cluster.host("xen2").codes().includes("HF6100"));
  cluster.host("xen1").start();
  cluster.untilDc();
  cluster.settle("xen2");
  assert.ok(
    cluster.host("xen2").status.controller?.members.every((each) => each.state === "joined"),
  );
});

test("the last node that leaves stops its guests first", () => {
  const cluster = started("host1");
  cluster.ask("xen2", { kind: "leave", by: "ada" });
  cluster.until(() => !cluster.host("xen2").isRunning, "the first is gone");
  cluster.ask("xen1", { kind: "leave", by: "ada" });
  cluster.until(() => !cluster.host("xen1").isRunning, "the last is gone");
  assert.equal(cluster.where("host1"), "");
});

test("a node in maintenance cannot leave while its guests run: they would be started a second time", () => {
  const cluster = started("host1");
  load(cluster, nodeAttribute("xen1", "maintenance", "true"));
  cluster.settle("xen2");
  cluster.ask("xen1", { kind: "leave", by: "ada" });
  cluster.run(10_000);
  assert.equal(cluster.host("xen1").isRunning, true);
  assert.equal(cluster.where("host1"), "xen1");
  const told = cluster.hosts.flatMap((host) => host.codes()).filter((code) => code === "HF4415");
  assert.equal(told.length, 1);
  load(cluster, nodeAttribute("xen1", "maintenance", "false"));
  cluster.until(() => !cluster.host("xen1").isRunning, "it leaves");
  assert.equal(cluster.where("host1"), "xen2");
});

test("a guest is stopped and started by target-role, and moved away by standby", () => {
  const cluster = started("host1");
  load(cluster, targetRole("host1", "Stopped"));
  cluster.settle("xen2");
  assert.equal(cluster.where("host1"), "");
  load(cluster, targetRole("host1", "Started"));
  cluster.settle("xen2");
  assert.equal(cluster.where("host1"), "xen1");
  load(cluster, nodeAttribute("xen1", "standby", "on"));
  cluster.settle("xen2");
  assert.equal(cluster.where("host1"), "xen2");
});

test("a guest that has crashed is found by its monitor and started again", () => {
  const cluster = started("host1");
  cluster.guests.get("xen1")?.clear();
  cluster.run(12_000);
  cluster.settle("xen1");
  assert.match(cluster.where("host1"), /^xen[12]$/);
  assert.ok(cluster.hosts.some((host) => host.codes().includes("HF4411")));
});

test("a start that fails on one node is tried on the other; one that cannot be stopped is left alone, and told", () => {
  const both = new MemoryCluster(["xen1", "xen2"]);
  both.host("xen1").answer = ({ action }) => (action === "start" ? 1 : undefined);
  startedHowto(both, "host1");
  assert.equal(both.where("host1"), "xen2");
  both.host("xen2").answer = ({ action }) => (action === "stop" ? 1 : undefined);
  load(both, targetRole("host1", "Stopped"));
  both.settle("xen1");
  assert.equal(both.where("host1"), "xen2");
  const told = both.untilDc().notices.filter((notice) => notice.code === "HF4411");
  assert.match(told.at(-1)?.message ?? "", /host1_stop_0 on xen2/);
});

function started(...guests: readonly string[]): MemoryCluster {
  const cluster = new MemoryCluster(["xen1", "xen2"]);
  startedHowto(cluster, ...guests);
  return cluster;
}
