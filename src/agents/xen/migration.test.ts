import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { resources, TwoAgents } from "../../../test/doubles/two-agents.ts";

const on = (node: string): string[] => resources.map((resource) => `${node}:${resource}`);

test("a live migration: the same memory goes on, and its volumes are Primary on one node at a time", async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  const image = w.one.host.image("host1");
  const outcomes = await w.migrate(w.one, w.two);
  assert.deepEqual(outcomes, [
    { rc: 0, reason: "" },
    { rc: 0, reason: "" },
  ]);
  assert.deepEqual([w.where(), w.primaries(), w.violations()], [["xen2"], on("xen2"), []]);
  assert.equal(w.two.host.image("host1"), image);
  // What the cluster does next: the source's stop finds nothing, the target's monitor finds it.
  assert.equal((await w.act(w.one, "stop")).rc, 0);
  assert.deepEqual([w.where(), w.primaries()], [["xen2"], on("xen2")]);
  assert.equal((await w.act(w.two, "monitor")).rc, 0);
  assert.equal((await w.migrate(w.two, w.one))[0].rc, 0);
  assert.deepEqual([w.where(), w.primaries(), w.violations()], [["xen1"], on("xen1"), []]);
  assert.equal(w.one.host.image("host1"), image);
});

test("while its memory is sent the guest is monitored as running there, and as not running at the target", async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  const seen: number[] = [];
  const status = w.one.volumes.status.bind(w.one.volumes);
  w.one.volumes.status = async (resource) => {
    if (!w.two.host.driver.isGone("host1"))
      seen.push((await w.act(w.one, "monitor")).rc, (await w.act(w.two, "monitor")).rc);
    return await status(resource);
  };
  assert.equal((await w.migrate(w.one, w.two))[0].rc, 0);
  assert.deepEqual(new Set(seen.filter((_, i) => i % 2 === 0)), new Set([0]));
  assert.deepEqual(new Set(seen.filter((_, i) => i % 2 === 1)), new Set([7]));
  assert.ok(seen.length > 0);
});

test("a resync under way is waited for, as long as there is time to move afterwards", async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  w.volumes.resyncing.add("host1_swap");
  const moving = w.migrate(w.one, w.two);
  await w.clock.sleep(10_000);
  assert.deepEqual(w.where(), ["xen1"]);
  w.volumes.resyncing.clear();
  assert.deepEqual((await moving)[0], { rc: 0, reason: "" });
  assert.deepEqual([w.where(), w.violations()], [["xen2"], []]);

  w.volumes.resyncing.add("host1_root");
  const [refused] = await w.migrate(w.two, w.one);
  assert.equal(refused.rc, 1);
  assert.match(refused.reason, /host1_root is not in sync: SyncTarget, Inconsistent\/UpToDate/);
  assert.deepEqual(w.where(), ["xen2"]);
});

type Fault = {
  readonly name: string;
  /** What it returns is done before the cluster recovers. */
  arrange(w: TwoAgents, stop: AbortController): unknown;
  /** Where the guest executes when migrate_to has ended. */
  readonly where: readonly string[];
  readonly reason: RegExp;
  /** Set where a volume stays Primary though the guest executes nowhere. */
  readonly primaries?: "left";
};

const faults: readonly Fault[] = [
  {
    name: "the target can't build the machine",
    arrange: (w) => w.two.host.failingCreations.push("QEMU is 8.2.0 here and 7.2.22 there"),
    where: ["xen1"],
    reason: /xen2 can't take host1: QEMU is 8.2.0 here/,
  },
  {
    name: "a volume is not connected",
    arrange: (w) => w.volumes.disconnected.add("host1_swap"),
    where: ["xen1"],
    reason: /can't be migrated to xen2: volume host1_swap is Primary\/Unknown/,
  },
  {
    name: "the guest is on the target, too, in some form",
    arrange: (w) => {
      w.volumes.disconnected.add("host1_root");
      w.two.volumes.primary.add("host1_root");
      w.two.volumes.primary.add("host1_swap");
      w.volumes.disconnected.delete("host1_root");
    },
    where: ["xen1"],
    reason: /volume host1_root is Primary\/Primary/,
  },
  {
    name: "the request to make ready is lost",
    arrange: (w) => w.lost.add("request prepare"),
    where: ["xen1"],
    reason: /no answer from xen2/,
  },
  {
    name: "the target's answer is lost",
    arrange: (w) => w.lost.add("reply prepare").add("request discard"),
    where: ["xen1"],
    reason: /no answer from xen2/,
  },
  {
    name: "the network is cut before the memory is sent",
    arrange: (w) => w.guests.cut.add("xen1 xen2"),
    where: ["xen1"],
    reason: /the target can't be reached; it goes on here/,
  },
  {
    name: "a volume loses its peer while the memory is sent",
    arrange: (w) => {
      w.onRequest = (verb) => {
        if (verb === "prepare") setImmediate(() => w.volumes.disconnected.add("host1_root"));
      };
      delayStatus(w);
    },
    where: ["xen1"],
    reason: /host1_root is Primary\/Unknown.*it goes on here/,
  },
  {
    name: "the target is lost in the hand-over",
    arrange: (w) => beforeHandOver(w, () => w.two.host.crash("host1")),
    where: ["xen1"],
    reason: /the target was lost; it goes on here/,
  },
  {
    name: "the target has it all, and the source does not learn of it",
    arrange: (w) => w.guests.faults.add("acknowledgement-lost"),
    where: ["xen1"],
    reason: /did not acknowledge; it goes on here/,
  },
  {
    name: "the migration is stopped before the hand-over",
    arrange: (w, stop) => beforeHandOver(w, () => stop.abort()),
    where: ["xen1"],
    reason: /it was stopped; it goes on here/,
  },
  {
    name: "the source's process crashes in the hand-over",
    arrange: (w) => beforeHandOver(w, () => w.one.host.crash("host1")),
    where: [],
    reason: /host1 ended; it may execute nowhere/,
    primaries: "left",
  },
  {
    name: "the source's process can't be ended",
    arrange: (w) => beforeHandOver(w, () => w.one.host.disturb("host1", { unkillable: true })),
    where: [],
    reason: /can't be killed; it may execute nowhere/,
    primaries: "left",
  },
  {
    name: "a volume can't be demoted after the hand-over",
    arrange: (w) => {
      const held = w.one.volumes.nbdExport("host1_root", { standby: true });
      w.one.volumes.open(held);
      return () => w.one.volumes.closed(held);
    },
    where: [],
    reason: /host1_root can't be demoted: \(-12\).*executes nowhere/,
    primaries: "left",
  },
  {
    name: "the migration is stopped after the hand-over",
    arrange: (w, stop) => {
      const demote = w.one.volumes.demote.bind(w.one.volumes);
      w.one.volumes.demote = async (resource) => {
        stop.abort();
        return await demote(resource);
      };
    },
    where: [],
    reason: /stopped after the hand-over/,
  },
  {
    name: '"go" is lost',
    arrange: (w) => w.lost.add("request go"),
    where: [],
    reason: /xen2 did not confirm that host1 goes on there: no answer/,
  },
  {
    name: 'the answer to "go" is lost',
    arrange: (w) => w.lost.add("reply go"),
    where: ["xen2"],
    reason: /xen2 did not confirm that host1 goes on there: no answer/,
  },
  {
    name: "the target can't promote",
    arrange: (w) =>
      w.two.volumes.refusePromotion.set("host1_swap", {
        code: -2,
        message: "Need access to UpToDate data",
      }),
    where: [],
    reason: /xen2 did not confirm.*host1_swap can't be promoted: \(-2\) Need access/,
  },
  {
    name: "the arrived memory is lost before go",
    arrange: (w) => {
      w.onRequest = (verb) => {
        if (verb === "go") w.two.host.crash("host1");
      };
    },
    where: [],
    reason: /xen2 did not confirm.*no memory of host1 has arrived here/,
  },
];

for (const fault of faults) {
  test(`when ${fault.name}: found running ${fault.where[0] ?? "nowhere"}, never twice, and told`, async () => {
    const w = new TwoAgents();
    await w.act(w.one, "start");
    const stop = new AbortController();
    const undo = fault.arrange(w, stop);
    const [sent] = await w.migrate(w.one, w.two, stop.signal);
    assert.equal(sent.rc, 1);
    assert.match(sent.reason, fault.reason);
    assert.deepEqual(w.where(), fault.where);
    if (fault.where.length === 0 && fault.primaries === undefined)
      assert.deepEqual(w.primaries(), []);
    await recover(w, [undo]);
  });
}

test('a memory that nobody says "go" to is thrown away after a while, and a late "go" is refused', async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  let words: Readonly<Record<string, string>> = {};
  const answerPeer = w.two.agent.answerPeer.bind(w.two.agent);
  w.two.agent.answerPeer = async (verb, params, from) => {
    if (verb !== "go") return await answerPeer(verb, params, from);
    words = params;
    throw new Error("the link was lost");
  };
  assert.equal((await w.migrate(w.one, w.two))[0].rc, 1);
  assert.equal(w.two.host.driver.isGone("host1"), false);
  await w.clock.sleep(20_000);
  assert.equal(w.two.host.driver.isGone("host1"), true);
  const late = await answerPeer("go", words, "xen1");
  assert.deepEqual([late.ok, w.where(), w.violations()], [false, [], []]);
});

test('"go" and "discard" are heeded only from the node that asked, for the migration that it named, once', async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  const heeded: boolean[] = [];
  const answerPeer = w.two.agent.answerPeer.bind(w.two.agent);
  w.two.agent.answerPeer = async (verb, params, from) => {
    if (verb === "go") {
      for (const [v, p, f] of [
        ["go", params, "xen3"],
        ["go", { ...params, id: "another" }, "xen1"],
        ["go", { ...params, guest: "host2" }, "xen1"],
        ["discard", params, "xen3"],
      ] as const)
        heeded.push((await answerPeer(v, p, f)).ok);
    }
    const reply = await answerPeer(verb, params, from);
    if (verb === "go") heeded.push(reply.ok, (await answerPeer("go", params, from)).ok);
    if (verb === "go") heeded.push((await answerPeer("discard", params, from)).ok);
    return reply;
  };
  assert.equal((await w.migrate(w.one, w.two))[0].rc, 0);
  assert.deepEqual(heeded, [false, false, false, false, true, false, false]);
  assert.deepEqual([w.where(), w.violations()], [["xen2"], []]);
});

test('a "go" that comes before the memory is refused, and the guest goes on where it was', async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  const answerPeer = w.two.agent.answerPeer.bind(w.two.agent);
  w.two.agent.answerPeer = async (verb, params, from) => {
    const reply = await answerPeer(verb, params, from);
    if (verb !== "prepare") return reply;
    const early = await answerPeer("go", { guest: "host1", id: params["id"] ?? "" }, from);
    assert.deepEqual(early, { ok: false, message: "its memory has not arrived" });
    return reply;
  };
  const [sent] = await w.migrate(w.one, w.two);
  assert.deepEqual([sent.rc, w.where(), w.primaries()], [1, ["xen1"], on("xen1")]);
  assert.deepEqual(w.violations(), []);
});

test("a guest that is not running here, or has a disk of its own, or must not move, is not migrated", async () => {
  const w = new TwoAgents();
  const [absent] = await w.migrate(w.one, w.two);
  assert.match(absent.reason, /it is not running here \(absent\)/);
  for (const [line, reason] of [
    ["disk = [ 'phy:/dev/vg/a,xvda,w' ]", /its disk xvda is not replicated/],
    ["nomigrate = 1", /its domain file says nomigrate/],
  ] as const) {
    await w.one.files.write(
      "/etc/xen/host1.dom",
      `name = "host1"\nmemory = 64\nkernel = "/k"\n${line}\n`,
    );
    await w.act(w.one, "start");
    const [refused] = await w.migrate(w.one, w.two);
    assert.deepEqual([refused.rc, w.where()], [1, ["xen1"]]);
    assert.match(refused.reason, reason);
    await w.act(w.one, "stop");
  }
  const nowhere = await w.act(w.one, "migrate_to", { meta: { migrate_target: "xen1" } });
  assert.equal(nowhere.rc, 2);
});

test("migrate_from on a node where nothing came is a failure", async () => {
  const w = new TwoAgents();
  const outcome = await w.act(w.two, "migrate_from", { meta: { migrate_source: "xen1" } });
  assert.deepEqual(outcome, { rc: 1, reason: "host1 did not come from xen1" });
});

test("two migrations of one guest at once: the second is refused", async () => {
  const w = new TwoAgents();
  await w.act(w.one, "start");
  const outcomes = await Promise.all([w.migrate(w.one, w.two), w.migrate(w.one, w.two)]);
  assert.deepEqual(outcomes.map(([sent]) => sent.rc).sort(), [0, 1]);
  assert.deepEqual([w.where(), w.violations()], [["xen2"], []]);
});

test("rubbish from a peer is refused, not believed", async () => {
  const w = new TwoAgents();
  const words = fc.dictionary(fc.constantFrom("id", "offer", "guest", "sendLimitMs"), fc.string());
  const verb = fc.constantFrom("prepare", "go", "discard", "toString", "");
  await fc.assert(
    fc.asyncProperty(verb, words, async (said, params) => {
      assert.equal((await w.two.agent.answerPeer(said, params, "xen1")).ok, false);
    }),
  );
});

test("whatever goes wrong in whatever combination: never twice, and the cluster gets it running again", async () => {
  const lost = fc.subarray(
    ["prepare", "go", "discard"].flatMap((verb) => [`request ${verb}`, `reply ${verb}`]),
  );
  const fault = fc.subarray([...faults], { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(lost, fault, async (losses, arranged) => {
      const w = new TwoAgents();
      await w.act(w.one, "start");
      for (const loss of losses) w.lost.add(loss);
      const stop = new AbortController();
      const undo = arranged.map((each) => each.arrange(w, stop));
      const [sent] = await w.migrate(w.one, w.two, stop.signal);
      if (sent.rc === 0) assert.deepEqual(w.where(), ["xen2"]);
      assert.ok(w.where().length <= 1);
      await recover(w, undo);
    }),
  );
});

/** What the cluster does after a failed migration: stops the guest on both nodes, then starts it on one. */
async function recover(w: TwoAgents, undo: readonly unknown[]): Promise<void> {
  for (const each of undo) if (typeof each === "function") each();
  w.lost.clear();
  w.guests.cut.clear();
  w.volumes.disconnected.clear();
  for (const { host, volumes } of [w.one, w.two]) {
    host.disturb("host1", { unkillable: false });
    host.failingCreations.length = 0;
    volumes.refusePromotion.clear();
  }
  w.onRequest = () => undefined;
  for (const node of [w.one, w.two]) assert.equal((await w.act(node, "stop")).rc, 0);
  assert.deepEqual([w.where(), w.primaries()], [[], []]);
  assert.equal((await w.act(w.two, "start")).rc, 0);
  assert.deepEqual([w.where(), w.primaries(), w.violations()], [["xen2"], on("xen2"), []]);
}

/** Runs when the guest is halted and about to be handed over: then the source looks at its volumes once more. */
function beforeHandOver(w: TwoAgents, run: () => void): void {
  const status = w.one.volumes.status.bind(w.one.volumes);
  w.one.volumes.status = async (resource) => {
    if (!w.two.host.driver.isGone("host1")) run();
    return await status(resource);
  };
}

/** Lets what was scheduled happen before each look at the volumes. */
function delayStatus(w: TwoAgents): void {
  const status = w.one.volumes.status.bind(w.one.volumes);
  w.one.volumes.status = async (resource) => {
    await new Promise((resolve) => setImmediate(resolve));
    return await status(resource);
  };
}
