import assert from "node:assert/strict";
import { test } from "node:test";
import { Prng } from "../../base/prng.ts";
import { after, type Instant, instant, wallTime } from "../../base/time.ts";
import { parseXml } from "../../formats/xml/parse-xml.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { Fencer } from "./fencer.ts";
import type {
  DiskFacts,
  FenceAgentEnded,
  FencerEffect,
  FencerEvent,
  FencerWorld,
  RunFenceAgent,
} from "./types.ts";

test("a lost peer is hinted to the disk servers; while theirs answer it is asked about, then held, and never dead", () => {
  const bench = new Bench({ fencing: false });
  bench.disk("r1", connected);
  bench.meet().lose();
  assert.ok(bench.has("hint-peer-lost"));
  assert.equal(bench.loss().kind, "asking");
  bench.pass(1000);
  assert.equal(bench.loss().kind, "held");
  bench.disk("r1", { ...connected, connected: false });
  assert.deepEqual([bench.loss().kind, bench.loss().isProven], ["gone", false]);
  assert.ok(bench.codes().includes("HF6100"));
});

test("with fencing off and another member that hears it, a silent node is not dead", () => {
  const bench = new Bench({ fencing: false, heardElsewhere: true });
  bench.meet().lose();
  assert.equal(bench.loss().kind, "asking");
  bench.pass(1000);
  assert.equal(bench.loss().kind, "held");
});

test("with fencing on silence is no evidence, however long", () => {
  const bench = new Bench({ fencing: true });
  bench.meet().lose();
  bench.pass(3_600_000);
  assert.equal(bench.loss().kind, "unclean");
  assert.deepEqual(bench.fencer.evidence(), []);
});

test("an orderly leave is proof, with fencing on and off", () => {
  for (const fencing of [true, false]) {
    const bench = new Bench({ fencing });
    bench
      .meet()
      .give({ kind: "peer-gone", peer: "xen2", why: "left", incarnation: 1n, silentForMs: 0 });
    assert.deepEqual([bench.loss().kind, bench.loss().isProven], ["gone", true]);
  }
});

test("a node that has not met its peer since its start does not fence it", () => {
  const bench = new Bench({ fencing: true });
  bench.lose().order();
  assert.deepEqual(bench.runs(), []);
  const [ended] = bench.of("fenced");
  assert.equal(ended?.isDone, false);
  assert.ok(bench.codes().includes("HF6105"));
});

test("two of three fence who was not heard since their start, but wait for it as long as dc-deadtime", () => {
  const bench = new Bench({ fencing: true, third: "xen3" });
  bench.lose().order();
  bench.pass(19_900);
  assert.deepEqual([bench.runs(), bench.of("fenced")], [[], []]);
  bench.pass(200);
  assert.equal(bench.runs().length, 1);
});

test("one of three fences nobody whom it has not met", () => {
  const bench = new Bench({ fencing: true, third: "xen3" });
  bench.members.delete("xen3");
  bench.lose().order();
  bench.pass(60_000);
  assert.deepEqual(bench.runs(), []);
  assert.ok(bench.codes().includes("HF6105"));
});

test("who is to fence itself asks another node, and hears when that could not", () => {
  const bench = new Bench({ fencing: true });
  bench.meet().order("xen1");
  assert.deepEqual(bench.runs(), [], "it does not switch itself off");
  assert.deepEqual(bench.of("send").at(-1), {
    ...{ kind: "send", to: "xen2", message: { kind: "fence-me", action: "off" } },
  });
  const message = { kind: "fence-me-reply", isDone: false, why: "the switch is silent" } as const;
  bench.give({ kind: "message", from: "xen2", message });
  const ended = bench.of("fenced").at(-1);
  assert.deepEqual([ended?.target, ended?.isDone, ended?.why], ["xen1", false, message.why]);
});

test("who is to fence itself and is alone stays on, and says so", () => {
  const bench = new Bench({ fencing: true });
  bench.meet().lose().order("xen1");
  assert.deepEqual([bench.runs(), bench.of("send")], [[], []]);
  assert.ok(bench.codes().includes("HF6115"));
  assert.equal(bench.of("fenced").at(-1)?.isDone, false);
});

test("who was asked to help and is lost is not waited for", () => {
  const bench = new Bench({ fencing: true });
  bench.meet().order("xen1");
  assert.deepEqual(bench.of("fenced"), []);
  bench.lose();
  assert.match(bench.of("fenced").at(-1)?.why ?? "", /xen2 was lost before it answered/);
});

test("who is asked by a node to fence it does so, and tells how it ended", () => {
  const bench = new Bench({ fencing: true });
  bench.meet();
  bench.give({ kind: "message", from: "xen2", message: { kind: "fence-me", action: "off" } });
  bench.answer({ outcome: "off", message: "" });
  const reply = bench.of("send").find(({ message }) => message.kind === "fence-me-reply");
  assert.deepEqual(
    [reply?.to, reply?.message],
    ["xen2", { kind: "fence-me-reply", isDone: true, why: "" }],
  );
});

test("a node that could not go on with any guest does not fence", () => {
  const bench = new Bench({ fencing: true });
  bench.copies = { whole: [], partial: [{ resource: "host1", reason: "r1 is Inconsistent here" }] };
  bench.meet().lose().order();
  assert.deepEqual(bench.runs(), []);
  assert.ok(bench.codes().includes("HF6106"));
});

test("who ran guests when both last met fences first, else the lower name; the other waits its time", () => {
  const rows: [string, string, string[], string[], boolean][] = [
    ["xen1", "xen2", [], [], true],
    ["xen2", "xen1", [], [], false],
    ["xen2", "xen1", ["host1"], [], true],
    ["xen1", "xen2", [], ["host1"], false],
    ["xen1", "xen2", ["host1"], ["host2"], true],
  ];
  for (const [self, peer, here, there, isFirst] of rows) {
    const bench = new Bench({ fencing: true, self, peer });
    bench.active.set(self, here).set(peer, there);
    bench.meet().lose().order();
    assert.equal(bench.runs().length, isFirst ? 1 : 0, `${self} ${here} against ${peer} ${there}`);
    if (isFirst) continue;
    bench.pass(1500);
    assert.equal(bench.runs().length, 1);
  }
});

test("only a power that was read back as off is evidence; any other answer of a device is a failure", () => {
  for (const outcome of ["off", "on", "done", "yes", "no", "failed"] as const) {
    const bench = new Bench({ fencing: true });
    bench.meet().lose().order();
    // Two rounds over one device.
    while (bench.runs().length > 0) bench.answer({ outcome, message: outcome });
    const isOff = outcome === "off";
    assert.equal(bench.of("fenced").at(-1)?.isDone, isOff, outcome);
    assert.equal(bench.loss().kind, isOff ? "gone" : "unclean", outcome);
  }
});

test("against a node that runs what is more important the order waits for priority-fencing-delay", () => {
  const bench = new Bench({ fencing: true });
  bench.meet().lose();
  bench.give({ kind: "fence", target: "xen2", action: "off", delayMs: 15_000, client: undefined });
  bench.pass(14_900);
  assert.deepEqual(bench.runs(), []);
  bench.pass(100);
  assert.equal(bench.runs().length, 1);
});

test("a device's pcmk_delay_base holds the cluster's order back, and no person's", () => {
  const bench = new Bench({ fencing: true, delay: "xen2:5s" });
  bench.meet().lose().order();
  bench.pass(4900);
  assert.deepEqual(bench.runs(), []);
  bench.pass(100);
  assert.equal(bench.runs().length, 1);
  const other = new Bench({ fencing: true, delay: "xen2:5s" });
  other.meet().lose().order();
  other.give({ kind: "fence", target: "xen2", action: "off", client: { id: 7, by: "ada" } });
  assert.equal(other.runs().length, 1);
});

test("one order a node at a time: whoever asks meanwhile gets the same answer", () => {
  const bench = new Bench({ fencing: true });
  bench.meet().lose().order();
  const client = { id: 7, by: "ada" };
  bench.give({ kind: "fence", target: "xen2", action: "off", client });
  const orders = bench.runs();
  assert.equal(orders.length, 1);
  bench.answer({ outcome: "off", message: "" });
  assert.equal(bench.of("fenced")[0]?.isDone, true);
  assert.equal(bench.of("answer")[0]?.id, 7);
});

test("evidence of another kind ends an order that waits: nobody waits longer than needed", () => {
  const bench = new Bench({ fencing: true, self: "xen2", peer: "xen1" });
  bench.meet().lose().order();
  assert.deepEqual(bench.runs(), []);
  bench.give({ kind: "confirm-off", id: 1, node: "xen1", by: "ada" });
  assert.equal(bench.of("fenced")[0]?.isDone, true);
});

test("evidence of another kind ends an order that is under way: a device that hangs holds nobody up", () => {
  const bench = new Bench({ fencing: true });
  bench.meet().lose().order();
  assert.equal(bench.runs().length, 1);
  bench.give({ kind: "confirm-off", id: 1, node: "xen2", by: "ada" });
  assert.equal(bench.of("fenced")[0]?.isDone, true);
  bench.answer({ outcome: "failed", message: "no answer" });
  assert.equal(bench.of("fenced").length, 1);
  assert.equal(bench.loss().kind, "gone");
});

test("a member cannot be confirmed off, nor a node that there is not", () => {
  const bench = new Bench({ fencing: true });
  bench.meet();
  for (const [node, code] of [
    ["xen2", "HF6111"],
    ["xen1", "HF6111"],
    ["xen9", "HF4009"],
  ] as const) {
    bench.give({ kind: "confirm-off", id: 1, node, by: "ada" });
    const outcome = bench.of("answer").at(-1)?.outcome;
    assert.ok(outcome !== undefined && "refusal" in outcome && outcome.refusal.code === code);
  }
  assert.deepEqual(bench.fencer.evidence(), []);
});

test("what was known of an absent node is over when it joins; a false word is told", () => {
  const bench = new Bench({ fencing: true });
  bench.meet().lose();
  bench.give({ kind: "confirm-off", id: 1, node: "xen2", by: "ada" });
  bench.members.add("xen2");
  bench.give({ kind: "peer-joined", peer: "xen2", incarnation: 1n });
  assert.deepEqual(bench.fencer.evidence(), []);
  assert.ok(bench.codes().includes("HF6102"));
});

test("a disk that asks goes on only with both answers: the peer cannot execute, and the copy was whole", () => {
  for (const [isWhole, isOff] of [
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ] as const) {
    const bench = new Bench({ fencing: true });
    bench.disk("r1", connected);
    bench.meet().lose();
    const disk = isWhole ? "UpToDate" : "Inconsistent";
    bench.disk("r1", { ...connected, connected: false, disk });
    bench.ask("r1");
    if (isOff) bench.give({ kind: "confirm-off", id: 1, node: "xen2", by: "ada" });
    const verdicts = bench.of("fence-verdict").map((each) => each.exitCode);
    assert.deepEqual(verdicts, isWhole && isOff ? [7] : [], `whole ${isWhole}, off ${isOff}`);
  }
});

test("a disk server that was started again remembers nothing: it gets no verdict by the cluster's own evidence", () => {
  const bench = new Bench({ fencing: true });
  bench.disk("r1", connected);
  bench.meet().lose();
  bench.disk("r1", undefined);
  bench.disk("r1", { ...connected, connected: false });
  bench.ask("r1");
  bench.give({ kind: "confirm-off", id: 1, node: "xen2", by: "ada" });
  assert.deepEqual(bench.of("fence-verdict"), []);
});

test("with the link up the peer itself is asked to stand back, and its word alone is enough", () => {
  const bench = new Bench({ fencing: true });
  bench.disk("r1", connected);
  bench.meet();
  bench.disk("r1", { ...connected, connected: false });
  bench.ask("r1");
  const [asked] = bench.of("send");
  assert.ok(asked?.message.kind === "outdate");
  const { id } = asked.message;
  const reply = { kind: "outdated" as const, id, ok: true, message: "" };
  bench.give({ kind: "message", from: "xen2", message: reply });
  assert.deepEqual(
    bench.of("fence-verdict").map((each) => each.exitCode),
    [4],
  );
});

test("another's word about a copy, or about silence, is never taken", () => {
  const bench = new Bench({ fencing: true });
  bench.meet().lose();
  for (const kind of ["silence", "person-copy", "up-to-date-at-loss", "peer-outdated"] as const) {
    const evidence = [{ kind, about: "xen2", drbdResource: "r1", since: 1 }];
    bench.give({ kind: "message", from: "xen3", message: { kind: "evidence", evidence } });
  }
  assert.deepEqual(bench.fencer.evidence(), []);
});

// Seed 44 of sim/main.ts: the survivor's guests stayed frozen until the lost host was back.
test("a disk's question that comes before the news of its lost connection is answered all the same", () => {
  const bench = new Bench({ fencing: true });
  bench.disk("r1", connected);
  bench.meet().ask("r1").lose();
  bench.disk("r1", { ...connected, connected: false });
  bench.give({ kind: "confirm-off", id: 1, node: "xen2", by: "ada" });
  const verdicts = bench.of("fence-verdict").map((each) => each.exitCode);
  assert.deepEqual(verdicts, [7]);
});

test("a question whose disk has its peer again is over", () => {
  const bench = new Bench({ fencing: true });
  bench.disk("r1", connected);
  bench.meet();
  bench.disk("r1", { ...connected, connected: false });
  bench.ask("r1");
  bench.disk("r1", connected);
  assert.deepEqual(bench.fencer.waitingDisks(), []);
});

// Seed 79: with fencing off the host that came back first started guests from its old copy.
test("a copy that has not met its peer is not used, unless it is Primary or the newer generation", () => {
  const bench = new Bench({ fencing: false });
  const alone: DiskFacts = { ...connected, connected: false, peerRole: "Unknown" };
  bench.disk("r1", alone);
  assert.match(bench.fencer.copyProblem("r1") ?? "", /has not met xen2/);
  bench.disk("r1", { ...alone, ahead: true });
  assert.equal(bench.fencer.copyProblem("r1"), undefined);
  bench.disk("r1", { ...alone, role: "Primary" });
  assert.equal(bench.fencer.copyProblem("r1"), undefined);
  bench.disk("r1", connected);
  assert.equal(bench.fencer.copyProblem("r1"), undefined);
});

test("with fencing off a Primary that was heard long after its disks were lost may have gone on alone", () => {
  for (const [partedForMs, isWhole] of [
    [2100, true],
    [20_000, false],
  ] as const) {
    const bench = new Bench({ fencing: false });
    bench.disk("r1", connected);
    bench.meet().disk("r1", { ...connected, connected: false });
    assert.match(bench.fencer.copyProblem("r1") ?? "", /may be the newer/);
    bench.pass(partedForMs).lose();
    assert.equal(bench.fencer.copyProblem("r1") === undefined, isWhole);
  }
});

test("disks are asked again about a node that is known to be off by now", () => {
  const bench = new Bench({ fencing: true });
  bench.disk("r1", connected);
  bench.meet().lose();
  const before = bench.of("hint-peer-lost").length;
  bench.give({ kind: "confirm-off", id: 1, node: "xen2", by: "ada" });
  assert.equal(bench.of("hint-peer-lost").length, before + 1);
});

test("a node whose disks are back is not fenced before its daemon had time to join", () => {
  const bench = new Bench({ fencing: true });
  bench.disk("r1", connected);
  bench
    .meet()
    .lose()
    .disk("r1", { ...connected, connected: false });
  bench.pass(5000).disk("r1", connected).order();
  bench.pass(9000);
  assert.deepEqual(bench.runs(), []);
  bench.pass(1000);
  assert.equal(bench.runs().length, 1);
});

test("what comes back while a device hangs is not fenced by the next try, unless a person wants it or it is lost again", () => {
  const hung = { outcome: "failed", message: "out of time" } as const;
  const bench = new Bench({ fencing: true });
  bench.meet().lose().order().meet();
  bench.answer(hung);
  assert.deepEqual(bench.runs(), []);
  const ended = bench.of("fenced").at(-1);
  assert.deepEqual([ended?.isDone, ended?.why], [false, "xen2 is back"]);
  assert.ok(!bench.codes().includes("HF6104"), "it is no failure");
  const again = new Bench({ fencing: true });
  again.meet().lose().order().meet().lose().order();
  again.answer(hung);
  assert.equal(again.runs().length, 1, "lost again");
  const asked = new Bench({ fencing: true });
  const client = { id: 1, by: "ada" };
  asked.meet().lose().give({ kind: "fence", target: "xen2", action: "off", client }).meet();
  asked.answer(hung);
  assert.equal(asked.runs().length, 1, "a person's order");
});

test("what two nodes tell each other of a third is told on once, not without end", () => {
  const bench = new Bench({ fencing: true, third: "xen3" });
  bench.meet().lose();
  const shares = () => bench.of("send").filter(({ message }) => message.kind === "evidence").length;
  const hints = () => bench.of("hint-peer-lost").length;
  const before = hints();
  for (let times = 0; times < 3; times++) {
    const row = { kind: "power-off", about: "xen2", since: 1_767_225_600_000 } as const;
    bench.give({
      kind: "message",
      from: "xen3",
      message: { kind: "evidence", evidence: [row] },
    });
  }
  assert.deepEqual([shares(), hints() - before], [1, 1]);
});

const connected: DiskFacts = {
  ...{ peer: "xen2", role: "Secondary", disk: "UpToDate", peerRole: "Primary" },
  ...{ peerDisk: "UpToDate", connected: true, frozen: false },
};

class Bench {
  readonly fencer: Fencer;
  readonly members: Set<string>;
  readonly active: Map<string, readonly string[]> = new Map();
  copies: ReturnType<FencerWorld["copiesWithout"]> = { whole: ["host1"], partial: [] };
  readonly #peer: string;
  readonly #effects: FencerEffect[] = [];
  readonly #answered = new Set<number>();
  #now: Instant = instant(0);

  constructor(how: {
    readonly fencing: boolean;
    readonly self?: string;
    readonly peer?: string;
    readonly heardElsewhere?: boolean;
    /** A third node, which stays. */
    readonly third?: string;
    /** The device's pcmk_delay_base. */
    readonly delay?: string;
  }) {
    const { fencing, self = "xen1", peer = "xen2", heardElsewhere = false, third } = how;
    const { delay = "0" } = how;
    this.#peer = peer;
    const others = third === undefined ? [] : [third];
    this.members = new Set([self, ...others]);
    const cib = cibWithDevice(delay);
    this.fencer = new Fencer({
      prng: new Prng(1n),
      ...{ self, nodes: ["xen1", "xen2", ...others], diskAnswerMs: 800, deadMs: 2500 },
      ...{ secondFencerDelayMs: 1500, partialCopyDelayMs: 10_000, cib: () => cib },
      isFencingOn: () => fencing,
      isMember: (node) => this.members.has(node),
      isLinkUp: (node) => node !== self && this.members.has(node),
      isHeardElsewhere: () => heardElsewhere,
      activeOn: (node) => this.active.get(node) ?? [],
      copiesWithout: () => this.copies,
    });
  }

  meet(): this {
    this.members.add(this.#peer);
    return this.give({ kind: "peer-joined", peer: this.#peer, incarnation: 1n });
  }

  lose(): this {
    this.members.delete(this.#peer);
    return this.give({
      kind: "peer-gone",
      peer: this.#peer,
      why: "lost",
      incarnation: 1n,
      silentForMs: 2000,
    });
  }

  /** The cluster's own. */
  order(target: string = this.#peer): this {
    return this.give({ kind: "fence", target, action: "off", client: undefined });
  }

  ask(drbdResource: string): this {
    const reason = "peer-lost" as const;
    return this.give({ kind: "fence-peer-request", drbdResource, request: 1, reason });
  }

  disk(drbdResource: string, facts: DiskFacts | undefined): this {
    return this.give({ kind: "disk-facts", drbdResource, facts });
  }

  pass(ms: number): this {
    this.#now = after(this.#now, ms);
    return this.give({ kind: "look" });
  }

  give(event: FencerEvent): this {
    const wall = wallTime(1_767_225_600_000 + this.#now);
    this.#effects.push(...this.fencer.handle(event, this.#now, wall));
    return this;
  }

  loss(): ReturnType<Fencer["loss"]> {
    return this.fencer.loss(this.#peer, this.#now);
  }

  of<K extends FencerEffect["kind"]>(kind: K): readonly Extract<FencerEffect, { kind: K }>[] {
    return this.#effects.filter(
      (effect): effect is Extract<FencerEffect, { kind: K }> => effect.kind === kind,
    );
  }

  has(kind: FencerEffect["kind"]): boolean {
    return this.of(kind).length > 0;
  }

  codes(): readonly string[] {
    return this.of("notice").map((notice) => notice.code);
  }

  /** Those that wait for an answer. */
  runs(): readonly RunFenceAgent[] {
    return this.of("run-fence-agent").filter(({ token }) => !this.#answered.has(token));
  }

  answer(how: Pick<FenceAgentEnded, "outcome" | "message">): void {
    const [run] = this.runs();
    assert.ok(run !== undefined);
    this.#answered.add(run.token);
    this.give({ kind: "fence-agent-ended", token: run.token, ...how });
  }
}

function cibWithDevice(delay: string): XmlElement {
  const parsed = parseXml(`<cib admin_epoch="0" epoch="1" num_updates="0"><configuration>
    <crm_config/><nodes><node id="xen1" uname="xen1"/><node id="xen2" uname="xen2"/></nodes><resources>
    <primitive id="pdu" class="stonith" type="fence_lab"><instance_attributes id="pdu-ia">
    <nvpair id="pdu-hosts" name="pcmk_host_list" value="xen1 xen2"/>
    <nvpair id="pdu-delay" name="pcmk_delay_base" value="${delay}"/></instance_attributes></primitive>
    </resources><constraints/></configuration><status/></cib>`);
  assert.ok(parsed.ok);
  return parsed.value;
}
