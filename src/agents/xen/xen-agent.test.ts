import assert from "node:assert/strict";
import { test } from "node:test";
import { resources, TwoAgents } from "../../../test/doubles/two-agents.ts";
import { parseXml } from "../../formats/xml/parse-xml.ts";
import { childrenNamed, descendants } from "../../formats/xml/xml-element.ts";

const here = ["xen1:host1_root", "xen1:host1_swap"];

test("start makes the volumes Primary and powers the guest on, once", async () => {
  const w = new TwoAgents();
  assert.deepEqual(await w.act(w.one, "start"), { rc: 0, reason: "" });
  assert.deepEqual([w.where(), w.primaries()], [["xen1"], here]);
  const image = w.one.host.image("host1");
  assert.equal((await w.act(w.one, "start")).rc, 0);
  assert.equal(w.one.host.image("host1"), image);
});

test("a volume in the middle of a change of state is asked again until it can be promoted", async () => {
  const w = new TwoAgents();
  w.one.volumes.refusePromotion.set("host1_root", {
    code: -18,
    message: "In transient state, retry after next state change",
  });
  const started = w.act(w.one, "start");
  await w.clock.sleep(600);
  w.one.volumes.refusePromotion.clear();
  assert.equal((await started).rc, 0);
  assert.deepEqual(w.where(), ["xen1"]);
});

test("a refused promotion is told in DRBD's words, and what was promoted is demoted again", async () => {
  const w = new TwoAgents();
  w.one.volumes.refusePromotion.set("host1_swap", {
    code: -2,
    message: "Need access to UpToDate data",
  });
  const outcome = await w.act(w.one, "start");
  assert.equal(outcome.rc, 1);
  assert.equal(
    outcome.reason,
    "volume host1_swap can't be promoted: (-2) Need access to UpToDate data",
  );
  assert.deepEqual([w.where(), w.primaries()], [[], []]);
});

test("what a person had made Primary before stays so when the start fails", async () => {
  const w = new TwoAgents();
  w.one.volumes.primary.add("host1_root");
  w.one.host.failingCreations.push("QEMU does not start host1: no memory");
  const outcome = await w.act(w.one, "start");
  assert.deepEqual(outcome, { rc: 1, reason: "QEMU does not start host1: no memory" });
  assert.deepEqual(w.primaries(), ["xen1:host1_root"]);
});

test("a guest is not started while the peer is Primary of one of its volumes", async () => {
  const w = new TwoAgents();
  await w.act(w.two, "start");
  const outcome = await w.act(w.one, "start");
  assert.equal(outcome.rc, 1);
  assert.match(outcome.reason, /host1_root is Primary on the peer/);
  assert.deepEqual([w.where(), w.violations()], [["xen2"], []]);
});

test("without a domain file, or with a bad one, this node can't run the guest", async () => {
  const w = new TwoAgents();
  const params = { xmfile: "/etc/xen/none.dom" };
  assert.deepEqual(await w.act(w.one, "start", { params }), {
    rc: 5,
    reason: "there is no domain file /etc/xen/none.dom on this node",
  });
  await w.one.files.write("/etc/xen/host1.dom", 'name = "host1"\nmemory = "lots"\n');
  const outcome = await w.act(w.one, "start");
  assert.equal(outcome.rc, 5);
  assert.match(outcome.reason, /^\/etc\/xen\/host1\.dom:2/);
  assert.deepEqual(w.primaries(), []);
});

test("an action whose time is over before its turn does nothing", async () => {
  const w = new TwoAgents();
  const stop = new AbortController();
  stop.abort();
  for (const action of ["start", "stop", "migrate_to"] as const)
    await w.act(w.one, action, { stop: stop.signal, meta: { migrate_target: "xen2" } });
  assert.deepEqual([w.where(), w.primaries()], [[], []]);
});

test("a start that is stopped while it promotes leaves nothing Primary", async () => {
  const w = new TwoAgents();
  const stop = new AbortController();
  const promote = w.one.volumes.promote.bind(w.one.volumes);
  w.one.volumes.promote = async (resource) => {
    stop.abort();
    return await promote(resource);
  };
  assert.notEqual((await w.act(w.one, "start", { stop: stop.signal })).rc, 0);
  assert.deepEqual([w.where(), w.primaries()], [[], []]);
});

test("a monitor that nobody waits for any more does not wait for a guest that hangs", async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  const stop = new AbortController();
  const never = new Promise<never>(() => undefined);
  Object.assign(w.one.host.driver, {
    state: () => {
      stop.abort();
      return never;
    },
  });
  const monitor = await w.act(w.one, "monitor", { stop: stop.signal });
  assert.deepEqual(monitor, { rc: 1, reason: "stopped before it was done" });
});

test("monitor: 0 runs, 7 provably not there, 1 anything in between", async () => {
  const w = new TwoAgents();
  const monitor = async (): Promise<number> => (await w.act(w.one, "monitor")).rc;
  assert.equal(await monitor(), 7);
  await w.act(w.one, "start");
  assert.equal(await monitor(), 0);
  w.one.host.disturb("host1", { does: "paused" });
  assert.equal(await monitor(), 0);
  w.one.host.disturb("host1", { does: "stuck" });
  assert.equal(await monitor(), 1);
  w.one.host.disturb("host1", { does: "runs", frozen: true });
  assert.deepEqual(await w.act(w.one, "monitor"), {
    rc: 1,
    reason: "host1 is not answering: it is frozen",
  });
  w.one.host.crash("host1");
  assert.deepEqual(await w.act(w.one, "monitor"), {
    rc: 7,
    reason: "host1 is not running any more",
  });
  assert.deepEqual(await w.act(w.one, "monitor", { meta: { interval: "0" } }), {
    rc: 7,
    reason: "",
  });
});

test("a volume whose disk server was restarted becomes Primary again, and its guest goes on", async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  const image = w.one.host.image("host1");
  for (const does of ["runs", "has no disk"] as const) {
    w.one.volumes.primary.delete("host1_root");
    w.one.host.disturb("host1", { does });
    assert.deepEqual(await w.act(w.one, "monitor"), { rc: 0, reason: "" });
    assert.deepEqual([w.where(), w.primaries()], [["xen1"], here]);
  }
  assert.equal(w.one.host.image("host1"), image);
});

test("a disk that fails for another reason is a failure, and a lost volume that can't come back, too", async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  w.one.host.disturb("host1", { does: "has no disk" });
  assert.deepEqual(await w.act(w.one, "monitor"), {
    rc: 1,
    reason: "host1 does not execute: it is paused by an I/O error",
  });
  w.one.volumes.primary.delete("host1_swap");
  w.two.volumes.primary.add("host1_swap");
  const { rc, reason } = await w.act(w.one, "monitor");
  assert.equal(rc, 1);
  assert.match(reason, /host1 lost its disk: volume host1_swap is Primary on the peer/);
  assert.deepEqual([w.where(), w.violations()], [[], []]);
});

test("a monitor script that fails is a failure with its name and its last words", async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  const ask = (monitor_scripts: string) => w.act(w.one, "monitor", { params: { monitor_scripts } });
  assert.equal((await ask("/bin/true /bin/true")).rc, 0);
  const failed = await ask("/bin/true /bin/false");
  assert.deepEqual(failed, { rc: 1, reason: "host1: /bin/false failed (exit status 1)" });
  assert.match(
    (await ask("/nonexistent/script")).reason,
    /\/nonexistent\/script failed \(not-started\)/,
  );
});

test("stop asks the guest to shut down, and makes its volumes Secondary", async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  assert.deepEqual(await w.act(w.one, "stop"), { rc: 0, reason: "" });
  assert.deepEqual([w.where(), w.primaries(), w.clock.now()], [[], [], 0]);
  assert.deepEqual(await w.act(w.one, "stop"), { rc: 0, reason: "" });
});

test("a guest that does not heed is powered off when its time is over: two thirds, or shutdown_timeout", async () => {
  for (const [params, seconds] of [
    [{}, 40],
    [{ shutdown_timeout: "7" }, 7],
    [{ shutdown_timeout: "0" }, 0],
    // The operation's own time must suffice for the power-off, too.
    [{ shutdown_timeout: "600" }, 56],
  ] as const) {
    const w = new TwoAgents();
    await w.act(w.one, "start");
    w.one.host.disturb("host1", { heedsPower: false });
    assert.equal((await w.act(w.one, "stop", { params })).rc, 0);
    assert.deepEqual([w.where(), w.primaries(), w.clock.now() / 1000], [[], [], seconds]);
  }
});

test("a paused guest is asked, too; one that is stuck or frozen is powered off at once", async () => {
  for (const state of [{ does: "paused" }, { does: "stuck" }, { frozen: true }] as const) {
    const w = new TwoAgents();
    await w.act(w.one, "start");
    w.one.host.disturb("host1", state);
    assert.equal((await w.act(w.one, "stop")).rc, 0);
    assert.deepEqual(
      [w.one.host.driver.isGone("host1"), w.primaries(), w.clock.now()],
      [true, [], 0],
    );
  }
});

test("stop fails while anything of the guest is left, and its volumes stay as they are", async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  w.one.host.disturb("host1", { heedsPower: false, unkillable: true });
  assert.deepEqual(await w.act(w.one, "stop"), {
    rc: 1,
    reason: "host1 can't be killed; it may still execute",
  });
  assert.deepEqual(w.primaries(), here);
});

test("a guest that was killed and does not end is cut off from its disks, and counts as stopped", async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  w.one.host.disturb("host1", { heedsPower: false, lingers: true });
  assert.deepEqual(await w.act(w.one, "stop"), {
    rc: 0,
    reason:
      "the process of host1 does not end; it executes nothing, and its disks were taken away from it",
  });
  assert.deepEqual([w.where(), w.primaries()], [[], []]);
  assert.equal((await w.act(w.one, "monitor")).rc, 7);
  assert.equal((await w.act(w.one, "stop")).rc, 0);
  const again = await w.act(w.one, "start");
  assert.deepEqual(
    [again.rc, again.reason],
    [1, "host1 was killed, and its process has not ended yet"],
  );
  assert.equal((await w.act(w.two, "start")).rc, 0);
  assert.deepEqual([w.where(), w.violations()], [["xen2"], []]);
});

test("stop fails where a killed guest can't be cut off: its last requests may still be under way", async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  w.one.host.disturb("host1", { heedsPower: false, lingers: true });
  w.one.volumes.silent.add("host1_swap");
  const outcome = await w.act(w.one, "stop");
  assert.equal(outcome.rc, 1);
  assert.match(outcome.reason, /does not end; volume host1_swap can't be taken away/);
  assert.equal((await w.act(w.one, "monitor")).rc, 1);
});

test("who else holds a volume open when its guest is gone is cut off, and that is said", async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  assert.ok(w.one.volumes.open(w.one.volumes.nbdExport("host1_root", { standby: false })));
  const outcome = await w.act(w.one, "stop");
  assert.deepEqual(outcome, {
    rc: 0,
    reason:
      "host1 is stopped, but volume host1_root can't be demoted: (-12) Device is held open by someone; it was taken away",
  });
  assert.deepEqual([w.where(), w.primaries()], [[], []]);
});

test("a process that is just ending may still hold its volumes for a moment", async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  const held = w.one.volumes.nbdExport("host1_swap", { standby: false });
  assert.ok(w.one.volumes.open(held));
  const stopping = w.act(w.one, "stop");
  await w.clock.sleep(300);
  w.one.volumes.closed(held);
  assert.equal((await stopping).rc, 0);
  assert.deepEqual(w.primaries(), []);
});

test("a disk server that does not answer does not make a stop fail: the guest is gone", async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  w.one.volumes.silent.add("host1_root");
  const outcome = await w.act(w.one, "stop");
  assert.equal(outcome.rc, 0);
  assert.match(outcome.reason, /host1_root can't be demoted: its disk server does not answer/);
  assert.deepEqual(w.primaries(), ["xen1:host1_root"]);
});

test("the stop after a crash makes the volumes Secondary", async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  w.one.host.crash("host1");
  assert.deepEqual(w.primaries(), here);
  assert.equal((await w.act(w.one, "stop")).rc, 0);
  assert.deepEqual(w.primaries(), []);
});

test("stop also works when the domain file is gone", async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  await w.one.files.remove("/etc/xen/host1.dom");
  assert.equal((await w.act(w.one, "stop")).rc, 0);
  assert.deepEqual([w.where(), w.primaries()], [[], []]);
});

test("the name comes from the parameter, else from the file, else from the resource", async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start", { params: { name: "other" } });
  assert.equal(w.one.host.executes("other"), true);
  await w.act(w.one, "stop", { params: { name: "other" } });
  await w.one.files.write("/etc/xen/host1.dom", "memory = 64\n");
  await w.act(w.one, "start");
  assert.equal(w.one.host.executes("host1"), true);
  const bad = await w.act(w.one, "monitor", { params: { name: "../evil" } });
  assert.equal(bad.rc, 6);
});

test("parameters: those without effect are noticed, a senseless one is refused", async () => {
  const w = new TwoAgents();
  const params = { allow_mem_management: "1", target_role: "started", reserved_Dom0_memory: "0" };
  const validated = await w.act(w.one, "validate-all", { params });
  assert.equal(validated.rc, 0);
  assert.equal(
    validated.output,
    "parameter allow_mem_management has no effect: the memory of a guest is not changed while it runs\n" +
      "parameter target_role is not known to this agent\n",
  );
  const refused = await w.act(w.one, "start", { params: { shutdown_timeout: "soon" } });
  assert.deepEqual(refused, {
    rc: 6,
    reason: 'shutdown_timeout must be a number of seconds, not "soon"',
  });
});

test("the DRBD resources of a guest are those of its disks", async () => {
  const w = new TwoAgents();
  assert.deepEqual(await w.one.agent.drbdResources({ xmfile: "/etc/xen/host1.dom" }), resources);
  assert.deepEqual(await w.one.agent.drbdResources({ xmfile: "/nowhere" }), []);
});

test("promote, demote and notify are not this agent's", async () => {
  const w = new TwoAgents();
  for (const action of ["promote", "demote", "notify"] as const)
    assert.equal((await w.act(w.one, action)).rc, 3);
});

test("the meta-data names the parameters and actions of the agent of that name", async () => {
  const w = new TwoAgents();
  const { output } = await w.act(w.one, "meta-data");
  const parsed = parseXml((output ?? "").replace(/>[^<]+</g, "><"));
  assert.ok(parsed.ok);
  const named = (element: string): string[] =>
    [...descendants(parsed.value)]
      .flatMap((each) => childrenNamed(each, element))
      .map(({ attributes }) => attributes["name"] ?? "");
  assert.deepEqual(named("action"), [
    "start",
    "stop",
    "migrate_to",
    "migrate_from",
    "monitor",
    "meta-data",
    "validate-all",
  ]);
  assert.deepEqual(named("parameter").slice(0, 3), ["xmfile", "name", "shutdown_timeout"]);
});
