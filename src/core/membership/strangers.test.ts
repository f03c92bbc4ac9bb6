/** What those who are no members can do: be counted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { authkeysKeyring, Cluster } from "../../../sim/membership/cluster.ts";
import type { Frame } from "../../../sim/membership/lan.ts";
import { Prng } from "../../base/prng.ts";
import { encodeUtf8 } from "../../base/utf8.ts";
import { sealPacket } from "../../formats/cluster-packet/sealed-packet.ts";
import type { MembershipNotice, RefusalFields } from "./types.ts";

const sharedKey = authkeysKeyring("auth 1\n1 sha1 0123456789abcdef");
const otherKey = authkeysKeyring("auth 1\n1 sha1 another-random-key");

test("a dead node's recorded packets do not bring it back, nor its recorded earlier start", () => {
  const cluster = new Cluster({ seed: 3n, nodes: ["xen1", "xen2"] });
  const recorded = record(cluster, "xen1");
  cluster.startAll();
  cluster.run(3000);
  cluster.host("xen1").kill();
  cluster.run(300);
  cluster.host("xen1").start();
  cluster.run(3000);
  cluster.host("xen1").kill();
  cluster.run(5000);
  const before = told(cluster, "xen2");
  assert.deepEqual(before.slice(-2), ["peer-late", "peer-lost"]);
  for (let round = 0; round < 3; round++) {
    for (const frame of recorded) {
      cluster.lan.inject(frame);
      cluster.run(20);
    }
  }
  assert.deepEqual(told(cluster, "xen2"), [...before, "notice HF3017"]);
  assert.deepEqual(cluster.host("xen2").state()?.members, ["xen2"]);
});

test("packets recorded before this node's start do not make a member", () => {
  const cluster = new Cluster({ seed: 3n, nodes: ["xen1", "xen2"] });
  const recorded = record(cluster, "xen1");
  cluster.startAll();
  cluster.run(5000);
  cluster.host("xen1").kill();
  cluster.host("xen2").kill();
  cluster.host("xen2").start();
  for (const frame of recorded) {
    cluster.lan.inject(frame);
    cluster.run(250);
  }
  assert.ok(recorded.length > 15);
  assert.ok(!told(cluster, "xen2").slice(2).includes("member-joined"));
});

test("a held-back packet of a dead start does not push out the start that followed it", () => {
  // Seed 1656: it answered the present start of its receiver, so it was taken for a new start, and the living one
  // was retired for good.
  const cluster = new Cluster({ seed: 3n, nodes: ["xen1", "xen2"] });
  cluster.startAll();
  cluster.run(2000);
  cluster.host("xen2").kill();
  cluster.cut("xen1", "xen2");
  cluster.host("xen2").start();
  const heldBack = record(cluster, "xen1");
  cluster.run(700);
  cluster.host("xen1").powerCut();
  const ofTheDead = [...heldBack];
  cluster.heal("xen1", "xen2");
  cluster.host("xen1").start();
  cluster.run(300);
  const living = cluster.host("xen1").state()?.incarnation;
  assert.equal(cluster.host("xen2").state()?.peers[0]?.incarnation, living);
  assert.ok(ofTheDead.length > 2);
  for (const frame of ofTheDead) {
    cluster.lan.inject(frame);
    cluster.run(50);
  }
  assert.equal(cluster.host("xen2").state()?.peers[0]?.incarnation, living);
  assert.ok(!told(cluster, "xen2").includes("peer-restarted"));
});

test("a wrong key is told once a minute, with how often and from where", () => {
  const cluster = new Cluster({ seed: 3n, nodes: ["xen1", "xen2"] });
  cluster.host("xen2").start();
  const stranger = cluster.addHost({
    name: "xen1",
    station: "stranger",
    uuid: "00000000-0000-4000-8000-0000000000ff",
    keyring: otherKey,
  });
  stranger.start();
  cluster.run(61_000);
  const refusals = noticesOf(cluster, "xen2", "HF3012");
  assert.deepEqual(
    refusals.map(({ reason, address, sender, key }) => ({ reason, address, sender, key })),
    Array(2).fill({ reason: "bad-signature", address: "10.0.0.3", sender: "xen1", key: 1 }),
  );
  assert.equal(refusals[0]?.count, 1);
  assert.ok((refusals[1]?.count ?? 0) > 200);
  assert.deepEqual(cluster.host("xen2").state()?.members, ["xen2"]);
});

test("a host with the key that is no node, rubbish, and Heartbeat's own packets are refused by their names", () => {
  const cluster = new Cluster({ seed: 3n, nodes: ["xen1", "xen2"] });
  cluster.startAll();
  cluster.run(1000);
  const inject = (bytes: Uint8Array): void =>
    cluster.lan.inject({ to: "xen2", path: "eth0", address: "a", bytes });
  inject(sealPacket({ kind: 1, sender: "xen2", body: Uint8Array.of(1) }, sharedKey));
  inject(sealPacket({ kind: 9, sender: "xen1", body: new Uint8Array(0) }, sharedKey));
  inject(encodeUtf8("###\nt=status\n"));
  inject(encodeUtf8("hello"));
  inject(new Uint8Array(0));
  const outsider = cluster.addHost({
    name: "xen9",
    station: "xen9",
    uuid: "00000000-0000-4000-8000-0000000000ff",
  });
  // It is a node of its own cluster, of the same name and key.
  outsider.startWith(["xen9", "xen2"]);
  cluster.run(1000);
  const refused = cluster.host("xen2").state()?.refused;
  assert.equal(refused?.malformed, 2);
  assert.equal(refused?.["heartbeat-2"], 1);
  assert.equal(refused?.foreign, 2);
  assert.ok((refused?.["unknown-node"] ?? 0) >= 4);
  assert.equal(noticesOf(cluster, "xen2", "HF3016")[0]?.sender, "xen9");
});

test("a second host with a member's name is refused while the first one lives; both hear of it", () => {
  const cluster = new Cluster({ seed: 3n, nodes: ["xen1", "xen2"] });
  cluster.startAll();
  cluster.run(1000);
  const incarnation = cluster.host("xen2").state()?.peers[0]?.incarnation;
  const copy = cluster.addHost({
    name: "xen1",
    station: "copy",
    uuid: "00000000-0000-4000-8000-0000000000ff",
  });
  copy.start();
  cluster.run(20_000);
  assert.equal(cluster.host("xen2").state()?.peers[0]?.incarnation, incarnation);
  assert.ok(noticesOf(cluster, "xen2", "HF3019").length > 0);
  assert.ok(!told(cluster, "xen2").includes("peer-lost"));
  assert.ok(told(cluster, "xen1").includes("twin-found"));
  assert.ok(told(cluster, "copy").includes("twin-found"));
  assert.deepEqual(copy.state()?.members, ["xen1"]);
  cluster.host("xen1").kill();
  cluster.run(4000);
  assert.ok(told(cluster, "xen2").includes("notice peer-uuid-changed"), "the copy may follow then");
});

test("a second daemon of the same installation replaces the first, which never comes back", () => {
  const cluster = new Cluster({ seed: 3n, nodes: ["xen1", "xen2"] });
  cluster.startAll();
  cluster.run(1000);
  const second = cluster.addHost({
    name: "xen1",
    station: "second",
    uuid: "00000000-0000-4000-8000-000000000001",
  });
  second.start();
  cluster.run(20_000);
  const seen = told(cluster, "xen2");
  assert.equal(seen.filter((kind) => kind === "peer-restarted").length, 1);
  assert.ok(seen.includes("notice HF3019"));
  assert.ok(told(cluster, "second").includes("twin-found"));
});

test("a recording of this node's own packets is no twin", () => {
  const cluster = new Cluster({ seed: 3n, nodes: ["xen1", "xen2"] });
  const recorded = record(cluster, "xen1", "xen2");
  cluster.startAll();
  cluster.run(3000);
  cluster.host("xen1").kill();
  cluster.host("xen1").start();
  for (const frame of recorded) {
    cluster.lan.inject({ ...frame, to: "xen1" });
    cluster.run(100);
  }
  assert.ok(!told(cluster, "xen1").includes("twin-found"));
  assert.ok((cluster.host("xen1").state()?.refused["own-name"] ?? 0) > 10);
});

test("a flood of rubbish changes nothing but the count", () => {
  const cluster = new Cluster({ seed: 3n, nodes: ["xen1", "xen2"] });
  cluster.startAll();
  cluster.run(1000);
  const before = [...told(cluster, "xen2")];
  const prng = new Prng(1n);
  for (let i = 0; i < 5000; i++) {
    const bytes = prng.bytes(prng.below(1600));
    cluster.lan.inject({ to: "xen2", path: `p${i % 50}`, address: "a", bytes });
    if (i % 100 === 0) cluster.run(100);
  }
  assert.deepEqual(told(cluster, "xen2"), [...before, "notice HF3010"]);
  assert.equal(cluster.host("xen2").state()?.refused.foreign, 5000);
  assert.equal(cluster.host("xen2").state()?.peers[0]?.paths.length, 1);
});

function record(cluster: Cluster, from: string, to = "xen2"): Frame[] {
  const recorded: Frame[] = [];
  cluster.lan.tap((frame, sender) => {
    if (sender === from && frame.to === to) recorded.push(frame);
  });
  return recorded;
}

function told(cluster: Cluster, host: string): readonly string[] {
  return cluster.told
    .filter((each) => each.host === host)
    .map(({ effect }) => (effect.kind === "notice" ? `notice ${effect.code}` : effect.kind));
}

function noticesOf(
  cluster: Cluster,
  host: string,
  code: MembershipNotice["code"],
): readonly RefusalFields[] {
  return cluster.told
    .filter((each) => each.host === host)
    .map((each) => each.effect)
    .filter((effect) => effect.kind === "notice" && effect.code === code)
    .map((effect) => (effect as MembershipNotice).fields as RefusalFields);
}
