import assert from "node:assert/strict";
import { test } from "node:test";
import { load, move, option, startedHowto, targetRole } from "../../../test/cluster/howto-cib.ts";
import { MemoryCluster } from "../../../test/cluster/memory-cluster.ts";
import { element } from "../../formats/xml/xml-element.ts";
import type { ClientRequest } from "./client-requests.ts";

test("a change is answered only when it is on the storage of every member", () => {
  const cluster = started();
  for (const [asked, other] of [
    ["xen1", "xen2"],
    ["xen2", "xen1"],
  ] as const) {
    const before = cluster.host(other).files.get("cib.xml");
    const answer = cluster.host(asked).ask(change(option("batch-limit", `3${asked.at(-1)}`)));
    cluster.until(() => answer.reply !== undefined, "an answer");
    assert.equal(answer.reply?.ok, true);
    for (const host of cluster.hosts) {
      assert.match(
        host.files.get("cib.xml") ?? "",
        new RegExp(`batch-limit" value="3${asked.at(-1)}"`),
      );
    }
    assert.notEqual(cluster.host(other).files.get("cib.xml"), before);
  }
});

test("a member whose disk cannot store a change is named in the answer, and the change is in effect", () => {
  const cluster = started();
  const follower = followerOf(cluster);
  follower.storageError = "ENOSPC";
  const dc = cluster.untilDc();
  const reply = cluster.change(dc.name, option("batch-limit", "33"));
  assert.ok(!reply.ok);
  assert.equal(reply.error.code, "HF4505");
  assert.match(reply.error.message, new RegExp(follower.name));
  follower.storageError = undefined;
  cluster.run(10_000);
  assert.match(follower.files.get("cib.xml") ?? "", /batch-limit" value="33"/);
});

test("a DC that cannot store a change refuses it, and nobody has it", () => {
  const cluster = started();
  const dc = cluster.untilDc();
  dc.storageError = "EIO";
  const reply = cluster.change(followerOf(cluster).name, option("batch-limit", "33"));
  assert.ok(!reply.ok);
  assert.equal(reply.error.code, "HF4501");
  for (const host of cluster.hosts) assert.doesNotMatch(JSON.stringify(host.node.cib), /"33"/);
});

test("a member that is lost while a change is under way is not waited for", () => {
  const cluster = started();
  const dc = cluster.untilDc();
  const follower = followerOf(cluster);
  const asked = dc.ask(change(option("batch-limit", "33")));
  cluster.run(1);
  follower.powerOff();
  cluster.until(() => asked.reply !== undefined, "an answer");
  assert.equal(asked.reply?.ok, true);
});

test("when the DC is lost before it answers, the client is told that the outcome is not known", () => {
  const cluster = started();
  const dc = cluster.untilDc();
  const asked = followerOf(cluster).ask(change(option("batch-limit", "33")));
  cluster.run(2);
  dc.powerOff();
  cluster.until(() => asked.reply !== undefined, "an answer");
  assert.ok(asked.reply?.ok === false);
  assert.equal(asked.reply.error.code, "HF4502");
  assert.equal(asked.reply.error.exit, 112);
});

test("a node that was away gets what was changed meanwhile, whoever was the DC before", () => {
  for (const away of ["xen1", "xen2"]) {
    const cluster = started();
    cluster.host(away).powerOff();
    const [left] = cluster.hosts.filter((host) => host.name !== away);
    cluster.until(() => left?.status.role === "dc", "the survivor is the DC");
    load(cluster, option("batch-limit", "33"));
    cluster.host(away).start();
    cluster.untilDc();
    cluster.settle(away);
    assert.match(cluster.host(away).files.get("cib.xml") ?? "", /batch-limit" value="33"/);
    assert.deepEqual(lostFiles(cluster), []);
  }
});

test("the newer configuration wins, also when it comes with the node that joins an older cluster", () => {
  const cluster = started();
  cluster.host("xen2").powerOff();
  cluster.until(() => cluster.host("xen1").status.controller?.idle === true, "xen1 goes on");
  load(cluster, option("batch-limit", "33"));
  cluster.host("xen1").powerOff();
  cluster.host("xen2").start();
  cluster.until(() => cluster.host("xen2").status.role === "dc", "xen2 is alone and the DC");
  cluster.host("xen1").start();
  cluster.untilDc();
  cluster.settle("xen2");
  cluster.run(100);
  for (const host of cluster.hosts) {
    assert.match(host.files.get("cib.xml") ?? "", /batch-limit" value="33"/);
  }
  assert.deepEqual(lostFiles(cluster), []);
});

test("changes on both sides of a cut: the newer configuration wins, the other is kept in a file and told", () => {
  const cluster = started("host1");
  cluster.network.cut("xen1", "xen2");
  cluster.until(
    () => cluster.hosts.every((host) => host.status.role === "dc" && host.status.controller?.idle),
    "each is its own DC",
  );
  assert.equal(cluster.change("xen1", option("batch-limit", "31")).ok, true);
  assert.equal(cluster.change("xen1", option("migration-limit", "1")).ok, true);
  assert.equal(cluster.change("xen2", targetRole("host1", "Stopped")).ok, true);
  cluster.network.heal();
  cluster.until(
    () => cluster.hosts.filter((host) => host.status.role === "dc").length === 1,
    "one DC",
  );
  cluster.untilDc();
  cluster.settle("xen1");
  const [one, two] = cluster.hosts.map((host) => host.files.get("cib.xml") ?? "");
  assert.equal(one, two);
  assert.match(one ?? "", /batch-limit" value="31"/);
  assert.match(one ?? "", /target-role" value="started"/i);
  assert.equal(lostFiles(cluster).length, 1);
  const told = cluster.host("xen2").notices.find((notice) => notice.code === "HF4507");
  assert.match(told?.message ?? "", /primitive id="host1"/);
});

test("of three nodes the two that hear each other go on, and the third orders nothing and takes no change", () => {
  const cluster = new MemoryCluster(["xen1", "xen2", "xen3"]);
  startedHowto(cluster, "host1");
  cluster.network.cut("xen1", "xen3");
  cluster.network.cut("xen2", "xen3");
  cluster.until(() => cluster.host("xen3").status.role === "dc", "the third is alone");
  cluster.run(5000);
  const reply = cluster.change("xen3", option("batch-limit", "33"));
  assert.ok(!reply.ok);
  assert.equal(reply.error.code, "HF4500");
  assert.equal(cluster.change("xen2", option("batch-limit", "32")).ok, true);
  cluster.network.heal();
  cluster.until(
    () => cluster.hosts.filter((host) => host.status.role === "dc").length === 1,
    "one DC",
  );
  cluster.untilDc();
  cluster.settle("xen3");
  for (const host of cluster.hosts) {
    assert.match(host.files.get("cib.xml") ?? "", /batch-limit" value="32"/);
  }
});

test("a change that expects another version than there is is refused with both", () => {
  const cluster = started();
  const expected = { adminEpoch: 0, epoch: 1, numUpdates: 0 };
  const reply = cluster.ask("xen2", { ...change(option("batch-limit", "33")), expected });
  assert.ok(!reply.ok);
  assert.equal(reply.error.code, "HF4506");
});

test("the access rules hold for a user's change on whichever node it is asked for", () => {
  const cluster = started();
  const rules = element("acls", {}, [
    element("acl_role", { id: "options" }, [
      element("acl_permission", { id: "options-1", kind: "write", xpath: "//crm_config" }),
    ]),
    element("acl_group", { id: "operators" }, [element("role", { id: "options" })]),
  ]);
  const at = { section: "configuration" } as const;
  assert.ok(cluster.change("xen1", { kind: "create", at, xml: rules }).ok);
  assert.ok(cluster.change("xen1", option("enable-acl", "true")).ok);
  for (const host of cluster.hosts) {
    const ask = (...groups: readonly string[]) => {
      const { origin, ...rest } = change(option("batch-limit", `4${groups.length}`));
      const access = { name: "tony", groups };
      return cluster.ask(host.name, { ...rest, origin: { ...origin, access } });
    };
    const refused = ask();
    assert.ok(!refused.ok);
    assert.deepEqual([refused.error.code, refused.error.exit], ["HF4014", 4]);
    assert.equal(ask("operators").ok, true);
  }
});

test("what was lost with a link is found when the peer dials again: nobody waits for an order that never came", () => {
  for (const dialler of ["xen1", "xen2"]) {
    const cluster = started("host1");
    const dc = cluster.untilDc();
    const other = followerOf(cluster);
    const asked = dc.ask(change(move("host1", other.name)));
    cluster.until(() => asked.reply !== undefined, "the change holds");
    cluster.network.breakStreams(dialler);
    const before = cluster.clock.now;
    cluster.settle(dc.name);
    assert.equal(cluster.where("host1"), other.name);
    assert.ok(cluster.clock.now - before < 30_000);
  }
});

function started(...guests: readonly string[]): MemoryCluster {
  const cluster = new MemoryCluster(["xen1", "xen2"]);
  startedHowto(cluster, ...guests);
  return cluster;
}

function followerOf(cluster: MemoryCluster): ReturnType<MemoryCluster["host"]> {
  const dc = cluster.untilDc();
  return cluster.host(dc.name === "xen1" ? "xen2" : "xen1");
}

function lostFiles(cluster: MemoryCluster): readonly string[] {
  return cluster.hosts.flatMap(({ files }) =>
    [...files.keys()].filter((path) => path.startsWith("lost/")),
  );
}

function change(
  of: Extract<ClientRequest, { kind: "change-cib" }>["change"],
): Extract<ClientRequest, { kind: "change-cib" }> {
  const origin = { node: "xen1", client: "test", user: "root", written: "0" };
  return { kind: "change-cib", change: of, origin };
}
