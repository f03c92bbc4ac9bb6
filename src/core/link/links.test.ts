import assert from "node:assert/strict";
import { test } from "node:test";
import { authkeysKeyring } from "../../../sim/membership/cluster.ts";
import { concatBytes } from "../../base/bytes.ts";
import { Prng } from "../../base/prng.ts";
import { instant } from "../../base/time.ts";
import { decodeUtf8, encodeUtf8 } from "../../base/utf8.ts";
import {
  failuresToTell,
  Links,
  openingMsMax,
  pingEveryMs,
  silentMsMax,
  strangersMax,
} from "./links.ts";
import type { Keyring, LinkEffect, LinkEvent } from "./types.ts";

const key = authkeysKeyring("auth 1\n1 sha1 0123456789abcdef");
const otherKey = authkeysKeyring("auth 1\n1 sha1 another-random-key");
const incarnations: Readonly<Record<string, bigint>> = { xen1: 11n, xen2: 22n };

test("the node whose name comes first dials, and both sides have a link", () => {
  const net = connected();
  assert.deepEqual(net.said("xen1"), ["link-up xen2"]);
  assert.deepEqual(net.said("xen2"), ["link-up xen1"]);
  assert.equal(net.dials("xen2"), 0);
});

test("messages arrive once, whole and in order, in both directions, however the stream is cut", () => {
  const net = connected({ pieceBytes: 7 });
  const texts = Array.from({ length: 50 }, (_, i) => `${i} ${"x".repeat(i * 3)}`);
  for (const text of texts) {
    net.give("xen1", { kind: "send-message", to: "xen2", bytes: encodeUtf8(text) });
    net.give("xen2", { kind: "send-message", to: "xen1", bytes: encodeUtf8(text) });
  }
  const received = texts.map((text) => `message ${text}`);
  assert.deepEqual(net.said("xen1").slice(1), received);
  assert.deepEqual(net.said("xen2").slice(1), received);
});

test("a message of a megabyte, and an empty one, go through", () => {
  const net = connected({ pieceBytes: 65_536 });
  const bytes = new Prng(1n).bytes(1_000_000);
  net.give("xen1", { kind: "send-message", to: "xen2", bytes });
  net.give("xen1", { kind: "send-message", to: "xen2", bytes: new Uint8Array(0) });
  const messages = net.effects("xen2").filter((effect) => effect.kind === "message");
  assert.deepEqual(messages[0]?.bytes, bytes);
  assert.equal(messages[1]?.bytes.length, 0);
});

test("without a link a message is dropped, and says so", () => {
  const net = new Network();
  net.give("xen1", { kind: "send-message", to: "xen2", bytes: encodeUtf8("hello") });
  assert.deepEqual(net.said("xen1"), ["message-dropped hello"]);
});

test("a connection that breaks is a link down on both sides, and is made again", () => {
  const net = connected();
  net.breakAll("ECONNRESET");
  assert.deepEqual(net.said("xen1").slice(1), ["link-down xen2 ECONNRESET"]);
  assert.deepEqual(net.said("xen2").slice(1), ["link-down xen1 ECONNRESET"]);
  net.pass(1000);
  assert.equal(net.said("xen1").at(-1), "link-up xen2");
  assert.equal(net.said("xen2").at(-1), "link-up xen1");
});

test("a peer that is no member any more has no link; a restarted one has a new one", () => {
  const net = connected();
  net.give("xen2", { kind: "peer-down", peer: "xen1" });
  assert.equal(net.said("xen2").at(-1), "link-down xen1 the peer is no member any more");
  assert.match(net.said("xen1").at(-1) ?? "", /^link-down xen2/);
  net.pass(3000);
  assert.equal(net.state("xen1"), false);
  net.restart("xen2", 23n);
  net.give("xen1", { kind: "peer-up", peer: "xen2", incarnation: 23n, addresses: ["xen2"] });
  net.give("xen2", { kind: "peer-up", peer: "xen1", incarnation: 11n, addresses: ["xen1"] });
  net.pass(3000);
  assert.equal(net.said("xen1").at(-1), "link-up xen2");
});

test("a peer that is told as restarted has no link of its earlier incarnation left", () => {
  const net = connected();
  net.restart("xen2", 23n);
  net.give("xen1", { kind: "peer-up", peer: "xen2", incarnation: 23n, addresses: ["xen2"] });
  assert.equal(net.said("xen1").at(-1), "link-down xen2 the peer is no member any more");
  assert.equal(net.state("xen1"), false);
  net.give("xen2", { kind: "peer-up", peer: "xen1", incarnation: 11n, addresses: ["xen1"] });
  assert.equal(net.said("xen1").at(-1), "link-up xen2");
});

test("a dialer that lost its end dials again, and its old stream is closed on the other side", () => {
  const net = connected();
  net.breakEnd("xen1", "ETIMEDOUT");
  net.pass(1000);
  assert.deepEqual(net.said("xen2").slice(1), [
    "link-down xen1 the peer dialled again",
    "link-up xen1",
  ]);
  assert.equal(net.open("xen2"), 1);
});

test("a dialer that is a member sooner than it knows us is admitted when we know it", () => {
  const net = new Network();
  net.give("xen1", { kind: "peer-up", peer: "xen2", incarnation: 22n, addresses: ["xen2"] });
  net.pass(500);
  assert.deepEqual(net.said("xen1"), []);
  net.give("xen2", { kind: "peer-up", peer: "xen1", incarnation: 11n, addresses: ["xen1"] });
  assert.deepEqual(net.said("xen1"), ["link-up xen2"]);
  assert.deepEqual(net.said("xen2"), ["link-up xen1"]);
});

test("an incarnation that the membership does not know gets no link", () => {
  const net = new Network();
  net.give("xen2", { kind: "peer-up", peer: "xen1", incarnation: 99n, addresses: ["xen1"] });
  net.give("xen1", { kind: "peer-up", peer: "xen2", incarnation: 22n, addresses: ["xen2"] });
  net.pass(10_000);
  assert.deepEqual(net.said("xen2"), []);
  assert.ok(net.dials("xen1") > 2);
});

test("a node with another key gets no link, and people hear why", () => {
  const net = new Network({ keys: { xen1: key, xen2: otherKey } });
  net.introduce();
  net.pass(10_000);
  assert.deepEqual(net.said("xen1").slice(0, 1), ["notice HF3030 bad-signature"]);
  assert.ok(!net.said("xen1").some((each) => each.startsWith("link-up")));
});

test("the key is changed on both ends of a living link", () => {
  const net = connected();
  const both = "1 sha1 0123456789abcdef\n2 sha256 fedcba9876543210";
  for (const keys of [`auth 1\n${both}`, `auth 2\n${both}`, "auth 2\n2 sha256 fedcba9876543210"]) {
    for (const node of ["xen1", "xen2"]) {
      net.give(node, { kind: "keys-changed", keyring: authkeysKeyring(keys) });
      net.give(node, { kind: "send-message", to: other(node), bytes: encodeUtf8("hello") });
    }
  }
  assert.deepEqual(net.said("xen1").slice(1), Array(3).fill("message hello"));
  assert.deepEqual(net.said("xen2").slice(1), Array(3).fill("message hello"));
});

test("a replayed, a moved, a turned back and a changed frame end the connection, unheard", () => {
  const tamperings: readonly ((net: Network, frames: readonly Uint8Array[]) => void)[] = [
    (net, [first = nothing]) => net.put("xen1", "xen2", first),
    (net, [, second = nothing]) => net.put("xen1", "xen2", second),
    (net, [first = nothing]) => net.put("xen2", "xen1", first),
    (net, [first = nothing]) => net.put("xen1", "xen2", changed(first)),
  ];
  for (const tamper of tamperings) {
    const net = connected();
    const frames: Uint8Array[] = [];
    net.tap = (from, bytes) => {
      if (from === "xen1") frames.push(bytes);
    };
    for (const text of ["one", "two"]) {
      net.give("xen1", { kind: "send-message", to: "xen2", bytes: encodeUtf8(text) });
    }
    const before = net.messages();
    tamper(net, frames);
    assert.deepEqual(net.messages(), before);
    const all = [...net.said("xen1"), ...net.said("xen2")];
    assert.ok(all.includes("notice HF3030 bad-signature"), all.join());
  }
});

test("a recorded conversation opens no link", () => {
  const net = connected();
  const recorded: Uint8Array[] = [];
  net.tap = (from, bytes) => {
    if (from === "xen1") recorded.push(bytes);
  };
  net.breakAll("ECONNRESET");
  net.pass(1000);
  net.give("xen1", { kind: "send-message", to: "xen2", bytes: encodeUtf8("pay") });
  net.tap = undefined;
  const before = net.said("xen2");
  const connection = net.accept("xen2");
  for (const bytes of recorded) net.give("xen2", { kind: "bytes", connection, bytes });
  assert.deepEqual(net.said("xen2"), [...before, "notice HF3030 bad-signature"]);
});

test("strangers who say nothing, too much or rubbish are shut out, and there is never a crowd of them", () => {
  const net = connected();
  for (let i = 0; i < 3 * strangersMax; i++) net.accept("xen2");
  assert.ok(net.open("xen2") <= strangersMax + 1);
  net.pass(openingMsMax + 1);
  assert.equal(net.open("xen2"), 1);
  const prng = new Prng(5n);
  for (let i = 0; i < 200; i++) {
    const connection = net.accept("xen2");
    net.give("xen2", { kind: "bytes", connection, bytes: prng.bytes(prng.below(100)) });
  }
  net.give("xen1", { kind: "send-message", to: "xen2", bytes: encodeUtf8("still here") });
  assert.equal(net.messages().at(-1), "still here");
});

test("a link that says nothing pings; one that is deaf is given up", () => {
  const net = connected();
  net.pass(10 * pingEveryMs);
  assert.deepEqual(net.said("xen1"), ["link-up xen2"]);
  net.deaf = true;
  net.pass(silentMsMax + pingEveryMs);
  assert.match(net.said("xen1")[1] ?? "", /^link-down xen2 nothing came/);
  assert.match(net.said("xen2")[1] ?? "", /^link-down xen1/);
});

test("a member that cannot be reached by TCP is told after some tries, once; other addresses are tried", () => {
  const net = new Network();
  net.refuseDials = "ECONNREFUSED";
  const addresses = ["a", "b"];
  net.give("xen1", { kind: "peer-up", peer: "xen2", incarnation: 22n, addresses });
  net.pass(60_000);
  assert.deepEqual(net.said("xen1"), ["notice HF3031 ECONNREFUSED"]);
  assert.ok(net.dials("xen1") > failuresToTell);
  assert.ok(net.dials("xen1") < 60);
  assert.deepEqual(new Set(net.dialled), new Set(addresses));
});

test("a member that is silent, or restarts, is not told as one that cannot be reached", () => {
  const net = new Network();
  net.refuseDials = "ECONNREFUSED";
  net.give("xen1", { kind: "peer-up", peer: "xen2", incarnation: 22n, addresses: ["a"] });
  net.pass(500);
  net.give("xen1", { kind: "peer-quiet", peer: "xen2", quiet: true });
  net.pass(60_000);
  assert.deepEqual(net.said("xen1"), []);
  net.give("xen1", { kind: "peer-quiet", peer: "xen2", quiet: false });
  net.pass(60_000);
  assert.deepEqual(net.said("xen1"), ["notice HF3031 ECONNREFUSED"]);
});

const nothing = new Uint8Array(0);

function other(node: string): string {
  return node === "xen1" ? "xen2" : "xen1";
}

function changed(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
}

function connected(options: NetworkOptions = {}): Network {
  const net = new Network(options);
  net.introduce();
  return net;
}

type NetworkOptions = {
  readonly pieceBytes?: number;
  readonly keys?: Readonly<Record<string, Keyring>>;
};

type End = { readonly node: string; readonly connection: number };

/** Two nodes and the streams between them; everything arrives at once. */
class Network {
  tap: ((from: string, bytes: Uint8Array) => void) | undefined;
  deaf = false;
  refuseDials: string | undefined;
  readonly dialled: string[] = [];
  readonly #options: NetworkOptions;
  readonly #links = new Map<string, Links>();
  readonly #effects = new Map<string, LinkEffect[]>();
  /** The other end of each end, by "node connection". */
  readonly #wires = new Map<string, End>();
  readonly #queue: (() => void)[] = [];
  #now = 1000;
  #accepted = 2;
  #isRunning = false;

  constructor(options: NetworkOptions = {}) {
    this.#options = options;
    for (const [node, incarnation] of Object.entries(incarnations)) {
      this.#effects.set(node, []);
      this.restart(node, incarnation);
    }
  }

  restart(node: string, incarnation: bigint): void {
    const keyring = this.#options.keys?.[node] ?? key;
    const self = { name: node, incarnation };
    const options = { self, nodes: ["xen1", "xen2"], keyring, warntimeMs: 1000 };
    this.#links.set(node, new Links(options, new Prng(incarnation)));
  }

  introduce(): void {
    for (const node of ["xen2", "xen1"]) {
      const peer = other(node);
      const incarnation = incarnations[peer] ?? 0n;
      this.give(node, { kind: "peer-up", peer, incarnation, addresses: [peer] });
    }
  }

  give(node: string, event: LinkEvent): void {
    this.#queue.push(() => {
      const effects = this.#links.get(node)?.handle(event, instant(this.#now)) ?? [];
      for (const effect of effects) this.#perform(node, effect);
    });
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) next();
    this.#isRunning = false;
  }

  /** Lets time pass, waking whoever wants to be woken. */
  pass(durationMs: number): void {
    const end = this.#now + durationMs;
    for (;;) {
      const due = [...this.#links]
        .map(([node, links]) => ({ node, at: links.nextDeadline() ?? Infinity }))
        .sort((a, b) => a.at - b.at)[0];
      if (due === undefined || due.at > end) break;
      this.#now = Math.max(this.#now, due.at);
      this.give(due.node, { kind: "wake" });
    }
    this.#now = end;
  }

  breakAll(why: string): void {
    for (const end of [...this.#wires.values()]) {
      this.#wires.delete(wire(end));
      this.give(end.node, { kind: "closed", connection: end.connection, why });
    }
  }

  /** This node's ends are gone, and the other side has not heard of it. */
  breakEnd(node: string, why: string): void {
    for (const [key, far] of [...this.#wires]) {
      const near = this.#wires.get(wire(far));
      if (near === undefined || near.node !== node) continue;
      this.#wires.delete(key);
      this.give(node, { kind: "closed", connection: near.connection, why });
    }
  }

  /** A stream that somebody else opened to this node. */
  accept(node: string): number {
    const connection = this.#accepted;
    this.#accepted += 2;
    this.#wires.set(`${node} ${connection}`, { node: "nobody", connection });
    this.give(node, { kind: "accepted", connection, address: "203.0.113.7" });
    return connection;
  }

  /** Bytes that appear on the link from one to the other. */
  put(from: string, to: string, bytes: Uint8Array): void {
    const end = [...this.#wires]
      .filter(([key]) => key.startsWith(`${from} `))
      .map(([, target]) => target)
      .find((target) => target.node === to);
    if (end !== undefined) this.give(to, { kind: "bytes", connection: end.connection, bytes });
  }

  effects(node: string): readonly LinkEffect[] {
    return this.#effects.get(node) ?? [];
  }

  said(node: string): readonly string[] {
    return this.effects(node).flatMap(line);
  }

  messages(): readonly string[] {
    return this.said("xen2")
      .filter((each) => each.startsWith("message "))
      .map((each) => each.slice("message ".length));
  }

  dials(node: string): number {
    return this.effects(node).filter((effect) => effect.kind === "dial").length;
  }

  open(node: string): number {
    return [...this.#wires.keys()].filter((each) => each.startsWith(`${node} `)).length;
  }

  state(node: string): boolean {
    return this.#links.get(node)?.state()[0]?.up ?? false;
  }

  #perform(node: string, effect: LinkEffect): void {
    this.#effects.get(node)?.push(effect);
    if (effect.kind === "dial") this.#dial({ node, connection: effect.connection }, effect.address);
    if (effect.kind === "write") this.#write({ node, connection: effect.connection }, effect.parts);
    if (effect.kind === "close") this.#close({ node, connection: effect.connection });
  }

  #dial(end: End, address: string): void {
    this.dialled.push(address);
    if (this.refuseDials !== undefined) {
      this.give(end.node, { kind: "closed", connection: end.connection, why: this.refuseDials });
      return;
    }
    const far: End = { node: address, connection: this.#accepted };
    this.#accepted += 2;
    this.#wires.set(wire(end), far);
    this.#wires.set(wire(far), end);
    this.give(far.node, { kind: "accepted", connection: far.connection, address: end.node });
    this.give(end.node, { kind: "connected", connection: end.connection });
  }

  #write(end: End, parts: readonly Uint8Array[]): void {
    const bytes = concatBytes(parts);
    this.tap?.(end.node, bytes);
    const far = this.#wires.get(wire(end));
    if (far === undefined || this.deaf) return;
    const pieceBytes = this.#options.pieceBytes ?? bytes.length;
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.slice(at, at + pieceBytes);
      this.give(far.node, { kind: "bytes", connection: far.connection, bytes: piece });
    }
  }

  #close(end: End): void {
    const far = this.#wires.get(wire(end));
    this.#wires.delete(wire(end));
    if (far === undefined || !this.#wires.delete(wire(far))) return;
    this.give(far.node, { kind: "closed", connection: far.connection, why: "closed" });
  }
}

function wire(end: End): string {
  return `${end.node} ${end.connection}`;
}

function line(effect: LinkEffect): readonly string[] {
  switch (effect.kind) {
    case "link-up":
      return [`link-up ${effect.peer}`];
    case "link-down":
      return [`link-down ${effect.peer} ${effect.why}`];
    case "message":
      return [`message ${decodeUtf8(effect.bytes)}`];
    case "message-dropped":
      return [`message-dropped ${decodeUtf8(effect.bytes)}`];
    case "notice":
      return [`notice ${effect.code} ${effect.fields.why}`];
    default:
      return [];
  }
}
