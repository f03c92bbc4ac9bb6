import assert from "node:assert/strict";
import { test } from "node:test";
import { authkeysKeyring, Cluster, type Told } from "../../../sim/membership/cluster.ts";
import type { MembershipEffect, MembershipNotice } from "./types.ts";

const two = { seed: 7n, nodes: ["xen1", "xen2"] };
const three = { seed: 7n, nodes: ["xen1", "xen2", "xen3"] };

test("two nodes that are started become members of each other, and are quorate at once", () => {
  const cluster = started(two);
  assert.deepEqual(story(cluster, "xen1"), ["joined xen2", "quorate settled"]);
  assert.deepEqual(story(cluster, "xen2"), ["joined xen1", "quorate settled"]);
  assert.deepEqual(cluster.host("xen1").state()?.members, ["xen1", "xen2"]);
});

test("a host that dies is late after warntime and lost after deadtime", () => {
  const cluster = started(two);
  const diedAtMs = cluster.nowMs;
  cluster.host("xen1").kill();
  cluster.run(5000);
  assert.deepEqual(story(cluster, "xen2").slice(2), ["late xen1", "lost xen1 silent"]);
  const lost = cluster.told.find((told) => told.effect.kind === "peer-lost");
  const { deadtimeMs, keepaliveMs } = cluster.timings;
  assert.ok((lost?.atMs ?? Infinity) <= diedAtMs + deadtimeMs + 2 * keepaliveMs);
  assert.ok((lost?.atMs ?? 0) >= diedAtMs + deadtimeMs - keepaliveMs);
});

test("a cut of one direction is a loss on both sides, and heals on both", () => {
  const cluster = started(two);
  cluster.cut("xen1", "xen2");
  cluster.run(5000);
  assert.deepEqual(story(cluster, "xen2").slice(2), ["late xen1", "lost xen1 silent"]);
  assert.deepEqual(story(cluster, "xen1").slice(2), ["lost xen2 does-not-hear-us"]);
  cluster.heal("xen1", "xen2");
  cluster.run(1000);
  assert.equal(story(cluster, "xen1").at(-1), "joined xen2");
  assert.equal(story(cluster, "xen2").at(-1), "joined xen1");
});

test("a daemon that is started again within deadtime has restarted; after a power cut it says so", () => {
  const cluster = started(two);
  cluster.host("xen1").kill();
  cluster.run(500);
  cluster.host("xen1").start();
  cluster.run(500);
  cluster.host("xen1").powerCut();
  cluster.run(500);
  cluster.host("xen1").start();
  cluster.run(500);
  assert.deepEqual(story(cluster, "xen2").slice(2), ["restarted xen1", "rebooted xen1"]);
});

test("an orderly leave is no loss, and the leaver knows who knows", () => {
  const cluster = started(two);
  cluster.host("xen1").give({ kind: "leave" });
  cluster.run(5000);
  assert.deepEqual(story(cluster, "xen2").slice(2), ["left xen1"]);
  assert.deepEqual(story(cluster, "xen1").slice(2), ["gone leaving known by xen2"]);
  cluster.host("xen1").start();
  cluster.run(500);
  assert.equal(story(cluster, "xen2").at(-1), "joined xen1");
});

test("a node that leaves while nobody hears it goes all the same", () => {
  const cluster = started(two);
  cluster.cut("xen1", "xen2");
  cluster.host("xen1").give({ kind: "leave" });
  cluster.run(600);
  assert.deepEqual(story(cluster, "xen1").slice(2), ["gone leaving known by nobody"]);
});

test("an announced restart is waited for longer than deadtime", () => {
  const cluster = started(two);
  cluster.host("xen1").give({ kind: "announce-restart", holdMs: 8000 });
  cluster.run(7000);
  assert.deepEqual(cluster.host("xen2").state()?.members, ["xen1", "xen2"]);
  cluster.host("xen1").start();
  cluster.run(500);
  assert.deepEqual(story(cluster, "xen2").slice(2), ["notice peer-restarting", "restarted xen1"]);
});

test("who announced a restart and does not come back is lost when the time is over, at most restartHoldMsMax", () => {
  const cluster = started(two);
  cluster.host("xen1").give({ kind: "announce-restart", holdMs: 3_600_000 });
  cluster.run(29_000);
  assert.equal(story(cluster, "xen2").at(-1), "notice peer-restarting");
  cluster.run(2000);
  assert.equal(story(cluster, "xen2").at(-1), "lost xen1 hold-expired");
});

test("a node alone since its start waits for initdead before it is settled and quorate", () => {
  const cluster = new Cluster(two);
  cluster.host("xen1").start();
  cluster.run(9900);
  assert.deepEqual(story(cluster, "xen1"), []);
  cluster.run(200);
  assert.deepEqual(story(cluster, "xen1"), ["lost xen2 never-heard", "quorate settled"]);
});

test("a node that is heard from the start, but never hears us, is lost after initdead with that reason", () => {
  const cluster = new Cluster(two);
  cluster.cut("xen1", "xen2");
  cluster.startAll();
  cluster.run(11_000);
  assert.deepEqual(story(cluster, "xen1"), ["lost xen2 does-not-hear-us", "quorate settled"]);
  assert.deepEqual(story(cluster, "xen2"), ["lost xen1 never-heard", "quorate settled"]);
});

test("of three nodes two are quorate and one is not", () => {
  const cluster = started(three);
  cluster.cut("xen1", "xen2");
  cluster.cut("xen1", "xen3");
  cluster.run(5000);
  assert.equal(cluster.host("xen1").state()?.quorate, false);
  assert.equal(cluster.host("xen2").state()?.quorate, true);
  assert.equal(cluster.host("xen3").state()?.quorate, true);
});

test("who loses a peer that a third node goes on hearing is told by whom it is heard", () => {
  const cluster = started(three);
  cluster.cut("xen3", "xen1");
  cluster.run(4000);
  const [lost] = effects(cluster, "xen1", "peer-lost");
  assert.deepEqual([lost?.peer, lost?.why, lost?.heardBy], ["xen3", "silent", ["xen2"]]);
  cluster.host("xen2").kill();
  cluster.run(4000);
  const [, dead] = effects(cluster, "xen1", "peer-lost");
  assert.deepEqual([dead?.peer, dead?.heardBy], ["xen2", []]);
});

test("a freeze of this node, shorter than deadtime, declares nobody lost", () => {
  for (let seed = 1n; seed <= 20n; seed++) {
    const cluster = started({ ...two, seed });
    cluster.host("xen1").freeze(1990);
    cluster.run(6000);
    const reasons = effects(cluster, "xen1", "peer-lost").map((lost) => lost.why);
    assert.ok(!reasons.includes("silent") && !reasons.includes("no-answer"), `seed ${seed}`);
    assert.ok(story(cluster, "xen1").includes("notice own-pause"));
  }
});

test("a freeze longer than deadtime is a loss on both sides before both join again", () => {
  const cluster = started(two);
  cluster.host("xen1").freeze(3000);
  cluster.run(6000);
  assert.deepEqual(story(cluster, "xen2").slice(2), [
    "late xen1",
    "lost xen1 silent",
    "joined xen1",
  ]);
  assert.deepEqual(story(cluster, "xen1").slice(2), [
    "notice own-pause",
    "lost xen2 does-not-hear-us",
    "joined xen2",
  ]);
});

test("a node that slept through its own loss, deaf besides, is told of it by the next packet", () => {
  const cluster = started(two);
  cluster.cut("xen2", "xen1");
  cluster.host("xen1").freeze(3100);
  cluster.run(3099);
  cluster.heal("xen2", "xen1");
  cluster.run(3000);
  assert.deepEqual(story(cluster, "xen1").slice(2), [
    "notice own-pause",
    "lost xen2 declared-us-lost",
    "joined xen2",
  ]);
});

test("packets that are held back for longer than deadtime keep nobody a member", () => {
  const cluster = started(two);
  const { lan, clock } = cluster;
  cluster.cut("xen2", "xen1");
  lan.tap((frame, from) => {
    if (from === "xen2" && frame.to === "xen1") clock.after(2600, () => lan.inject(frame));
  });
  cluster.run(20_000);
  const after = story(cluster, "xen1").slice(2);
  assert.deepEqual(after, ["late xen2", "lost xen2 silent"]);
  assert.deepEqual(cluster.host("xen1").state()?.members, ["xen1"]);
});

test("an answer that comes late is worth only what is left of it", () => {
  const cluster = started(two);
  const { lan, clock } = cluster;
  // From the moment at which xen2 stops hearing xen1 its packets come ever later, so that none is ever missing.
  let delayMs = 0;
  lan.tap((frame, from) => {
    if (from === "xen2" && frame.to === "xen1") clock.after(delayMs, () => lan.inject(frame));
  });
  cluster.cut("xen2", "xen1");
  cluster.cut("xen1", "xen2");
  const cutAtMs = cluster.nowMs;
  for (let step = 0; step < 100; step++) {
    cluster.run(50);
    delayMs += 25;
  }
  const [lost] = cluster.told.filter(
    (told) => told.host === "xen1" && told.effect.kind === "peer-lost",
  );
  assert.equal(lost?.effect.kind === "peer-lost" && lost.effect.why, "no-answer");
  const { deadtimeMs, keepaliveMs } = cluster.timings;
  assert.ok((lost?.atMs ?? Infinity) <= cutAtMs + deadtimeMs + 2 * keepaliveMs);
});

test("what a node announces reaches its peers at once, and each change once", () => {
  const cluster = started(two);
  cluster.host("xen1").give({ kind: "announce", announcement: { dc: "xen1", cib: "0.4.2" } });
  cluster.run(60);
  cluster.host("xen1").give({ kind: "announce", announcement: { cib: "0.4.2", dc: "xen1" } });
  cluster.run(2000);
  const announced = effects(cluster, "xen2", "peer-announced");
  assert.deepEqual(
    announced.map((each) => each.announcement),
    [{ cib: "0.4.2", dc: "xen1" }],
  );
  assert.deepEqual(
    cluster.host("xen2").state()?.peers[0]?.announcement,
    announced[0]?.announcement,
  );
});

test("where a node is to be found is what it says itself, from the beginning and when it changes", () => {
  const cluster = new Cluster(two);
  cluster.startAll();
  cluster.host("xen1").give({ kind: "own-addresses", addresses: ["10.0.0.1", "10.1.0.1"] });
  cluster.run(1000);
  assert.deepEqual(effects(cluster, "xen2", "member-joined")[0]?.addresses, [
    "10.0.0.1",
    "10.1.0.1",
  ]);
  cluster.host("xen1").give({ kind: "own-addresses", addresses: ["10.1.0.1"] });
  cluster.run(1000);
  assert.deepEqual(effects(cluster, "xen2", "peer-addresses")[0]?.addresses, ["10.1.0.1"]);
});

test("the key is changed on one node after the other without a loss", () => {
  const cluster = started(two);
  const both = "1 sha1 0123456789abcdef\n2 sha256 fedcba9876543210";
  const steps: readonly (readonly [host: string, keys: string])[] = [
    ["xen1", `auth 1\n${both}`],
    ["xen2", `auth 1\n${both}`],
    ["xen1", `auth 2\n${both}`],
    ["xen2", `auth 2\n${both}`],
    ["xen1", "auth 2\n2 sha256 fedcba9876543210"],
    ["xen2", "auth 2\n2 sha256 fedcba9876543210"],
  ];
  for (const [host, keys] of steps) {
    cluster.host(host).give({ kind: "keys-changed", keyring: authkeysKeyring(keys) });
    cluster.run(3000);
  }
  assert.deepEqual(story(cluster, "xen1").slice(2), []);
  assert.deepEqual(story(cluster, "xen2").slice(2), []);
});

test("a medium that dies quietly is told, and the peer stays a member by the other one", () => {
  const cluster = started({ ...two, paths: ["eth0", "eth1"] });
  cluster.lan.cut("xen1", "xen2", "eth1");
  cluster.run(5000);
  assert.deepEqual(notices(cluster, "xen2"), [
    { code: "path-down", fields: { peer: "xen1", path: "eth1" } },
  ]);
  assert.deepEqual(cluster.host("xen2").state()?.peers[0]?.paths, [
    { path: "eth0", up: true },
    { path: "eth1", up: false },
  ]);
  cluster.lan.heal("xen1", "xen2", "eth1");
  cluster.run(1000);
  assert.equal(notices(cluster, "xen2").at(-1)?.code, "path-up");
  assert.deepEqual(
    story(cluster, "xen2").filter((line) => line.startsWith("lost")),
    [],
  );
});

test("after every turn the next deadline lies ahead", () => {
  const cluster = started({ ...two, paths: ["eth0", "eth1"] });
  cluster.host("xen1").kill();
  // A machine that asks to be woken in the past would keep virtual time from passing.
  cluster.run(60_000);
  assert.ok(cluster.nowMs >= 60_000);
});

function started(options: ConstructorParameters<typeof Cluster>[0]): Cluster {
  const cluster = new Cluster(options);
  cluster.startAll();
  cluster.run(2000);
  return cluster;
}

function story(cluster: Cluster, host: string): readonly string[] {
  return cluster.told.filter((told) => told.host === host).map(line);
}

function line({ effect }: Told): string {
  switch (effect.kind) {
    case "member-joined":
      return `joined ${effect.peer}`;
    case "peer-restarted":
      return `${effect.rebooted ? "rebooted" : "restarted"} ${effect.peer}`;
    case "peer-left":
      return `left ${effect.peer}`;
    case "peer-late":
      return `late ${effect.peer}`;
    case "peer-lost":
      return `lost ${effect.peer} ${effect.why}`;
    case "quorum-changed":
      return `${effect.quorate ? "quorate" : "not quorate"}${effect.settled ? " settled" : ""}`;
    case "gone":
      return `gone ${effect.intent} known by ${effect.knownBy.join(" ") || "nobody"}`;
    case "notice":
      return `notice ${effect.code}`;
    default:
      return effect.kind;
  }
}

function effects<Kind extends MembershipEffect["kind"]>(
  cluster: Cluster,
  host: string,
  kind: Kind,
): readonly Extract<MembershipEffect, { kind: Kind }>[] {
  return cluster.told
    .filter((told) => told.host === host)
    .map((told) => told.effect)
    .filter((effect): effect is Extract<MembershipEffect, { kind: Kind }> => effect.kind === kind);
}

function notices(
  cluster: Cluster,
  host: string,
): readonly Pick<MembershipNotice, "code" | "fields">[] {
  return effects(cluster, host, "notice").map(({ code, fields }) => ({ code, fields }));
}
