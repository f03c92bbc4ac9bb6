import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { present } from "../../base/assert.ts";
import { after, type Instant, instant } from "../../base/time.ts";
import { parseXml } from "../../formats/xml/parse-xml.ts";
import { printXml } from "../../formats/xml/print-xml.ts";
import { element, type XmlElement } from "../../formats/xml/xml-element.ts";
import type { CibChange } from "../cib/change.ts";
import { compareGenerations } from "../cib/generation.ts";
import { CibSync, storeMsMax, waitingMax } from "./cib-sync.ts";
import type { ChangeOutcome, CibMessage, CibSyncEffect, CibSyncEvent } from "./types.ts";

test("a change is nobody else's before the DC has stored it, and acknowledged when the follower has", () => {
  const bench = joined("a", "b");
  bench.request(1, add("x"));
  assert.deepEqual(bench.sentTo("b"), []);
  assert.equal(bench.has("a", "x"), false);
  bench.store("a");
  assert.equal(bench.has("a", "x"), true);
  bench.deliverAll();
  assert.equal(bench.has("b", "x"), true);
  assert.equal(bench.outcome(1), undefined);
  bench.store("b");
  bench.deliverAll();
  assert.equal(bench.outcome(1)?.ok, true);
});

test("the second change begins when the first is acknowledged", () => {
  const bench = joined("a", "b");
  bench.request(1, add("x"));
  bench.request(2, add("y"));
  bench.store("a");
  bench.deliverAll();
  assert.equal(bench.has("a", "y"), false);
  bench.store("b");
  bench.deliverAll();
  assert.equal(bench.outcome(1)?.ok, true);
  bench.settle();
  assert.equal(bench.outcome(2)?.ok, true);
  assert.equal(bench.has("b", "y"), true);
});

test("a follower that drops out is not waited for", () => {
  const bench = joined("a", "b");
  bench.request(1, add("x"));
  bench.store("a");
  bench.give("a", { kind: "drop-follower", node: "b" });
  assert.equal(bench.outcome(1)?.ok, true);
});

test("a follower whose disk takes too long is named, and not waited for", () => {
  const bench = joined("a", "b");
  bench.request(1, add("x"));
  bench.store("a");
  bench.deliverAll();
  bench.pass(storeMsMax);
  const outcome = bench.outcome(1);
  assert.ok(outcome?.ok === false && outcome.failure.code === "HF4505");
  assert.match(outcome.failure.message, /^b /);
});

test("when the DC cannot store a change nothing has changed, and the next one is taken", () => {
  const bench = joined("a", "b");
  bench.request(1, add("x"));
  bench.store("a", "ENOSPC");
  const outcome = bench.outcome(1);
  assert.ok(outcome?.ok === false && outcome.failure.code === "HF4501");
  assert.equal(bench.has("a", "x"), false);
  bench.request(2, add("y"));
  bench.settle();
  assert.equal(bench.outcome(2)?.ok, true);
  assert.doesNotMatch(bench.file("a"), /"x"/);
});

test("without quorum a change is refused, unless it is forced; and it is not acknowledged when quorum goes", () => {
  const bench = joined("a", "b");
  bench.give("a", { kind: "quorum", quorate: false });
  bench.request(1, add("x"));
  assert.equal(codeOf(bench.outcome(1)), "HF4500");
  bench.give("a", { kind: "request", id: 2, change: add("x"), origin, force: true });
  bench.settle();
  assert.equal(bench.outcome(2)?.ok, true);
  bench.give("a", { kind: "quorum", quorate: true });
  bench.request(3, add("y"));
  bench.store("a");
  bench.give("a", { kind: "quorum", quorate: false });
  bench.settle();
  assert.equal(codeOf(bench.outcome(3)), "HF4502");
});

test("who loses the role of DC says of what was begun that the outcome is not known, of the rest that nothing changed", () => {
  const bench = joined("a", "b");
  bench.request(1, add("x"));
  bench.request(2, add("y"));
  bench.give("a", { kind: "be-alone" });
  assert.deepEqual(
    [1, 2].map((id) => codeOf(bench.outcome(id))),
    ["HF4502", "HF4504"],
  );
  bench.settle();
  assert.doesNotMatch(bench.file("a"), /"x"/);
});

test("changes of the status are told at once, in order, and are on no disk", () => {
  const bench = joined("a", "b");
  const before = bench.file("b");
  bench.give("a", { kind: "status", change: nodeState("n1") });
  bench.give("a", { kind: "status", change: nodeState("n2") });
  bench.deliverAll();
  assert.equal(bench.text("a"), bench.text("b"));
  bench.settle();
  assert.equal(bench.file("b"), before);
});

test("a follower that has missed a change asks for the whole", () => {
  const bench = joined("a", "b");
  bench.give("a", { kind: "status", change: nodeState("n1") });
  bench.drop();
  bench.give("a", { kind: "status", change: nodeState("n2") });
  bench.deliverAll();
  assert.ok(bench.notices("b").includes("HF4509"));
  assert.equal(bench.text("a"), bench.text("b"));
});

test("what comes from another DC or another term is not taken", () => {
  const bench = joined("a", "b");
  const message: CibMessage = { kind: "cib-change", term: 1, sequence: 1, change: nodeState("n1") };
  const before = bench.text("b");
  bench.give("b", { kind: "message", from: "c", message });
  bench.give("b", { kind: "message", from: "a", message: { ...message, term: 9 } });
  assert.equal(bench.text("b"), before);
});

test("who has changes that the winner has not keeps them in a file and tells which", () => {
  const bench = new Bench("a", "b");
  bench.lead("a", 1);
  bench.request(1, add("mine"));
  bench.settle();
  bench.lead("b", 2);
  bench.request(2, add("x"), "b");
  bench.request(3, add("y"), "b");
  bench.settle();
  bench.give("a", { kind: "follow", dc: "b", term: 2 });
  bench.give("b", { kind: "add-follower", node: "a" });
  bench.settle();
  assert.equal(bench.text("a"), bench.text("b"));
  assert.ok(bench.notices("a").includes("HF4507"));
  assert.match(
    [...bench.files("a")].find(([path]) => path.startsWith("lost/"))?.[1] ?? "",
    /"mine"/,
  );
});

test("an older copy of the same history gives way without a word", () => {
  const bench = new Bench("a", "b");
  bench.lead("a", 1);
  bench.request(1, add("x"));
  bench.settle();
  bench.follow("b", "a", 1);
  bench.settle();
  bench.give("a", { kind: "drop-follower", node: "b" });
  bench.request(2, add("y"));
  bench.settle();
  bench.give("a", { kind: "add-follower", node: "b" });
  bench.settle();
  assert.ok(!bench.notices("b").includes("HF4507"));
  assert.equal(bench.has("b", "y"), true);
});

test("one change too many is refused at once", () => {
  const bench = joined("a", "b");
  for (let id = 1; id <= waitingMax + 2; id++) bench.request(id, add(`x${id}`));
  assert.equal(codeOf(bench.outcome(waitingMax + 2)), "HF4503");
});

test("whatever is lost, restarted and elected: an acknowledged change is in the newest configuration", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(99), { maxLength: 60 }), (steps) => {
      const bench = joined("a", "b");
      const acknowledged = run(bench, steps);
      const newest = ["a", "b"].sort((x, y) =>
        compareGenerations(bench.sync(y).generation, bench.sync(x).generation),
      )[0];
      for (const name of acknowledged) {
        assert.ok(bench.has(present(newest, "the newest"), name), `${name} is lost`);
      }
    }),
  );
});

/** One leads, the other follows, all the time; what changes is who, and what gets through. */
function run(bench: Bench, steps: readonly number[]): readonly string[] {
  let dc = "a";
  let term = 1;
  const names = new Map<number, string>();
  steps.forEach((step, index) => {
    const other = dc === "a" ? "b" : "a";
    if (step < 25) {
      names.set(index, `x${index}`);
      bench.request(index, add(`x${index}`), dc);
    } else if (step < 45) bench.store("a");
    else if (step < 65) bench.store("b");
    else if (step < 85) bench.deliverAll();
    else if (step < 90) {
      // The connection breaks; the follower has to join again.
      bench.drop();
      rejoin(bench, dc, other, term);
    } else {
      // The better one leads from now on.
      bench.drop();
      for (const each of ["a", "b"]) bench.give(each, { kind: "be-alone" });
      if (step >= 95) bench.restart(other);
      const [a, b] = [bench.sync("a").generation, bench.sync("b").generation];
      dc = compareGenerations(a, b) >= 0 ? "a" : "b";
      term++;
      bench.lead(dc, term);
      rejoin(bench, dc, dc === "a" ? "b" : "a", term);
    }
  });
  return [...names].flatMap(([id, name]) => (bench.outcome(id)?.ok ? [name] : []));
}

function rejoin(bench: Bench, dc: string, follower: string, term: number): void {
  bench.give(dc, { kind: "drop-follower", node: follower });
  bench.follow(follower, dc, term);
}

function joined(dc: string, follower: string): Bench {
  const bench = new Bench(dc, follower);
  bench.lead(dc, 1);
  bench.follow(follower, dc, 1);
  bench.settle();
  return bench;
}

const origin = { node: "a", client: "test", user: "root", written: "0" };

function add(id: string): CibChange {
  const xml = element("primitive", { id, class: "ocf", provider: "heartbeat", type: "Dummy" });
  return { kind: "create", at: { section: "resources" }, xml };
}

function nodeState(id: string): CibChange {
  const xml = element("node_state", { id, uname: id });
  return { kind: "modify", at: { section: "status" }, xml, allowCreate: true };
}

function parsed(text: string): XmlElement {
  const xml = parseXml(text);
  assert.ok(xml.ok);
  return xml.value;
}

function codeOf(outcome: ChangeOutcome | undefined): string | undefined {
  return outcome?.ok === false ? outcome.failure.code : undefined;
}

type Sent = { readonly from: string; readonly to: string; readonly message: CibMessage };
type Write = Extract<CibSyncEffect, { kind: "write-file" }>;

class Bench {
  readonly #syncs = new Map<string, CibSync>();
  readonly #files = new Map<string, Map<string, string>>();
  readonly #writes = new Map<string, Write[]>();
  readonly #notices = new Map<string, string[]>();
  readonly #outcomes = new Map<number, ChangeOutcome>();
  #sent: Sent[] = [];
  #now: Instant = instant(0);

  constructor(...names: readonly string[]) {
    for (const name of names) {
      this.#files.set(name, new Map());
      this.#notices.set(name, []);
      this.restart(name);
    }
  }

  /** The process starts anew from what is on its disk. */
  restart(name: string): void {
    const files = this.files(name);
    const stored = files.get("cib.xml");
    const lineage = files.get("cib.lineage");
    const cib = stored === undefined ? undefined : parsed(stored);
    this.#writes.set(name, []);
    this.#syncs.set(name, new CibSync(name, { ...(cib && { cib }), ...(lineage && { lineage }) }));
  }

  lead(name: string, term: number): void {
    this.give(name, { kind: "become-dc", term });
    this.give(name, { kind: "quorum", quorate: true });
    this.give(name, { kind: "open" });
  }

  follow(name: string, dc: string, term: number): void {
    this.give(name, { kind: "follow", dc, term });
    this.give(dc, { kind: "add-follower", node: name });
  }

  request(id: number, change: CibChange, at = "a"): void {
    this.give(at, { kind: "request", id, change, origin });
  }

  give(name: string, event: CibSyncEvent): void {
    for (const effect of this.sync(name).handle(event, this.#now)) this.#perform(name, effect);
  }

  pass(ms: number): void {
    this.#now = after(this.#now, ms);
    for (const name of this.#syncs.keys()) this.give(name, { kind: "wake" });
  }

  /** All writes of a node that wait, and those that follow from them. */
  store(name: string, error?: string): void {
    const writes = this.#writes.get(name) ?? [];
    for (let write = writes.shift(); write !== undefined; write = writes.shift()) {
      if (error === undefined) this.files(name).set(write.path, write.text);
      this.give(name, {
        kind: "written",
        token: write.token,
        ...(error !== undefined && { error }),
      });
    }
  }

  deliverAll(): void {
    for (let each = this.#sent.shift(); each !== undefined; each = this.#sent.shift()) {
      this.give(each.to, { kind: "message", from: each.from, message: each.message });
    }
  }

  drop(): void {
    this.#sent = [];
  }

  settle(): void {
    for (let i = 0; i < 10; i++) {
      for (const name of this.#syncs.keys()) this.store(name);
      this.deliverAll();
    }
  }

  sync(name: string): CibSync {
    return present(this.#syncs.get(name), name);
  }

  has(name: string, id: string): boolean {
    return new RegExp(`id="${id}"`).test(this.text(name));
  }

  text(name: string): string {
    return printXml(this.sync(name).cib);
  }

  files(name: string): Map<string, string> {
    return present(this.#files.get(name), name);
  }

  file(name: string): string {
    return this.files(name).get("cib.xml") ?? "";
  }

  sentTo(to: string): readonly CibMessage[] {
    return this.#sent.filter((each) => each.to === to).map((each) => each.message);
  }

  outcome(id: number): ChangeOutcome | undefined {
    return this.#outcomes.get(id);
  }

  notices(name: string): readonly string[] {
    return this.#notices.get(name) ?? [];
  }

  #perform(from: string, effect: CibSyncEffect): void {
    if (effect.kind === "send") this.#sent.push({ from, to: effect.to, message: effect.message });
    if (effect.kind === "write-file") this.#writes.get(from)?.push(effect);
    if (effect.kind === "notice") this.#notices.get(from)?.push(effect.code);
    if (effect.kind === "answer") {
      assert.ok(!this.#outcomes.has(effect.id), "each change is answered once");
      this.#outcomes.set(effect.id, effect.outcome);
    }
  }
}
