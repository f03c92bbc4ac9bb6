import assert from "node:assert/strict";
import { test } from "node:test";
import { concatBytes } from "../../base/bytes.ts";
import { type Instant, instant } from "../../base/time.ts";
import {
  RemoteFrameReader,
  remoteFrameParts,
} from "../../formats/pacemaker-remote/remote-frame.ts";
import {
  attribute,
  descendants,
  element,
  type XmlAttributes,
  type XmlElement,
} from "../../formats/xml/xml-element.ts";
import { opStatus } from "../cib/status/operation-result.ts";
import type { AgentEnded } from "../executor/types.ts";
import { RemoteNodes } from "./remote-nodes.ts";
import type { RemoteEffect, RemoteEvent } from "./types.ts";

test("a connection is started: a stream, a greeting, and its answer", () => {
  const bench = new Bench();
  bench.run(1, "start", { addr: "10.0.0.7", port: "3122" });
  assert.deepEqual(bench.take(), [
    { kind: "remote-dial", connection: 1, address: "10.0.0.7", port: 3122 },
  ]);
  bench.give({ kind: "remote-connected", connection: 1 });
  const hello = bench.asked();
  assert.equal(attribute(hello, "lrmd_op"), "register");
  assert.equal(attribute(hello, "lrmd_clientname"), "xen1");
  bench.reply(hello, 0);
  assert.deepEqual(bench.ended(), { token: 1, rc: 0, opStatus: opStatus.done, reason: "" });
});

test("without an address the node's name is dialled, and what is no port is said", () => {
  const bench = new Bench();
  bench.run(1, "start");
  const [dial] = bench.take();
  assert.deepEqual(dial, { kind: "remote-dial", connection: 1, address: "far", port: 3121 });
  const other = new Bench();
  other.run(1, "start", { port: "ssh" });
  assert.deepEqual([other.ended().rc, other.take()], [2, []]);
});

test("a refused connection is tried again each second, and the end says why", () => {
  const bench = new Bench();
  bench.run(1, "start", {}, 5000);
  bench.take();
  const closed = { kind: "remote-closed", why: "ECONNREFUSED", isKeyWrong: false } as const;
  bench.give({ ...closed, connection: 1 });
  bench.take();
  bench.wake();
  assert.equal(bench.now, 1000);
  assert.deepEqual(
    bench.take().map((each) => each.kind),
    ["remote-dial"],
  );
  bench.now = instant(2500);
  bench.give({ ...closed, connection: 2 });
  const { rc, opStatus: status, reason } = bench.ended();
  assert.deepEqual([rc, status], [1, opStatus.timeout]);
  assert.match(reason, /far at far:3121: ECONNREFUSED/);
});

test("with a wrong key nothing is tried again", () => {
  const bench = new Bench();
  bench.run(1, "start");
  bench.take();
  bench.give({ kind: "remote-closed", connection: 1, why: "no key", isKeyWrong: true });
  assert.deepEqual([bench.ended().rc, bench.nodes.nextDeadline()], [2, undefined]);
});

test("an operation there: the resource is described once, and the result is the agent's", () => {
  const bench = connected();
  bench.runThere(5, "monitor");
  const [described, monitor] = bench.askedAll();
  assert.equal(attribute(present(described), "lrmd_op"), "lrmd_rsc_register");
  bench.reply(present(monitor), 3);
  assert.deepEqual(bench.take(), []);
  bench.result(present(monitor), {
    ...{ lrmd_exec_rc: "7", lrmd_exec_op_status: "0", lrmd_callid: "3" },
  });
  const outcome = { rc: 7, opStatus: opStatus.done, reason: "", callId: 3 };
  assert.deepEqual(bench.ended(), { token: 5, ...outcome });
  bench.runThere(6, "start");
  const start = bench.asked();
  const given = [...descendants(start)].find((each) => each.name === "attributes");
  assert.deepEqual({ ...given?.attributes }, { fake: "x", CRM_meta_timeout: "20000" });
  bench.reply(start, -19);
  assert.deepEqual([bench.ended().rc, bench.take()], [1, []]);
});

test("a connection that a new daemon does not know is made again by its monitor, and what came before waits", () => {
  const bench = new Bench();
  bench.runThere(5, "monitor");
  bench.run(6, "monitor", {}, 30_000, { interval: "10000" });
  assert.deepEqual(
    bench.take().map((each) => each.kind),
    ["remote-dial"],
  );
  bench.give({ kind: "remote-connected", connection: 1 });
  bench.reply(bench.asked(), 0);
  const told = bench.take();
  const [described, monitor] = messagesIn(told);
  assert.deepEqual(
    told.map((each) => each.kind),
    ["agent-ended", "remote-write", "remote-write"],
  );
  assert.equal(attribute(present(described), "lrmd_op"), "lrmd_rsc_register");
  assert.equal(attribute(present(monitor), "lrmd_op"), "lrmd_rsc_exec");
});

test("where it cannot be made again it is lost, and a probe of it makes none", () => {
  const probed = new Bench();
  probed.run(1, "monitor");
  assert.equal(probed.ended().rc, 7);
  const bench = new Bench();
  bench.runThere(5, "stop");
  bench.run(6, "monitor", {}, 4000, { interval: "10000" });
  bench.take();
  bench.wake();
  const ends = bench.take().filter((each) => each.kind === "agent-ended");
  assert.deepEqual(
    ends.map(({ token, opStatus: status }) => [token, status]),
    [
      [5, opStatus.notConnected],
      [6, opStatus.timeout],
    ],
  );
  bench.run(7, "monitor", {}, 4000, { interval: "10000" });
  assert.equal(bench.ended().rc, 1);
});

test("a node that was fenced is lost at once, and not again by what was written of it before", () => {
  const bench = connected();
  bench.give({ kind: "fenced", nodes: ["far"] });
  assert.deepEqual(lost(bench.take()), [true]);
  bench.run(7, "start");
  bench.give({ kind: "remote-connected", connection: 2 });
  bench.reply(bench.asked(), 0, 2);
  bench.give({ kind: "fenced", nodes: ["far"] });
  bench.give({ kind: "fenced", nodes: [] });
  assert.deepEqual(lost(bench.take()), []);
  bench.give({ kind: "fenced", nodes: ["far"] });
  assert.deepEqual(lost(bench.take()), [true]);
});

test("without a connection nothing runs there", () => {
  const bench = connected();
  bench.run(2, "stop");
  bench.take();
  bench.runThere(5, "monitor");
  assert.equal(bench.ended().opStatus, opStatus.notConnected);
});

test("the monitor of a connection is a poke", () => {
  const bench = connected();
  bench.run(2, "monitor");
  bench.reply(bench.asked(), 0);
  assert.equal(bench.ended().rc, 0);
});

test("a connection that was lost fails its recurring monitor and says why; a probe finds it not running", () => {
  const bench = connected();
  bench.give({ kind: "remote-closed", connection: 1, why: "ECONNRESET", isKeyWrong: false });
  const told = bench.take();
  assert.deepEqual(
    told.map((each) => each.kind),
    ["remote-gone", "remote-close", "notice"],
  );
  bench.run(2, "monitor", {}, 30_000, { interval: "60000" });
  const { rc, opStatus: status, reason } = bench.ended();
  assert.deepEqual([rc, status], [1, opStatus.error]);
  assert.match(reason, /lost: ECONNRESET/);
  bench.run(3, "monitor");
  assert.equal(bench.ended().rc, 7);
});

test("two pokes in a row without an answer end the connection, one does not", () => {
  const bench = connected();
  for (const token of [2, 3]) {
    bench.run(token, "monitor");
    bench.take();
    bench.give({ kind: "cancel", token });
    const kinds = bench.take().map((each) => each.kind);
    assert.equal(kinds.includes("remote-gone"), token === 3);
  }
});

test("another node that connects ends the connection, unless it was being moved there", () => {
  const surprised = connected();
  surprised.say(element("lrmd_notify", { ...notify, lrmd_op: "lrmd_rsc_new_client" }));
  assert.deepEqual(lost(surprised.take()), [true]);
  const moving = connected();
  moving.run(2, "migrate_to");
  assert.equal(moving.ended().rc, 0);
  moving.say(element("lrmd_notify", { ...notify, lrmd_op: "lrmd_rsc_new_client" }));
  assert.deepEqual(lost(moving.take()), [false]);
  moving.run(3, "stop");
  assert.equal(moving.ended().rc, 0);
});

test("a stop waits a while for the node that takes the connection over", () => {
  const bench = connected();
  bench.run(2, "migrate_to");
  bench.take();
  bench.run(3, "stop", {}, 10_000);
  assert.deepEqual(bench.take(), []);
  bench.wake();
  assert.equal(bench.now, 5000);
  const kinds = bench.take().map((each) => each.kind);
  assert.deepEqual(kinds, ["remote-gone", "remote-close", "agent-ended"]);
});

test("who stops pacemaker_remoted is told to wait, and the cluster hears of it", () => {
  const bench = connected();
  bench.say(element("lrmd_ipc_proxy", { ...notify, lrmd_ipc_op: "shutdown_req" }));
  const told = bench.take();
  const [accepted] = messagesIn(told);
  assert.equal(attribute(present(accepted), "lrmd_ipc_op"), "shutdown_ack");
  assert.deepEqual(told.at(-1), { kind: "remote-leaves", node: "far" });
});

test("a program there that looks for a daemon of the cluster is sent away", () => {
  const bench = connected();
  const session = { lrmd_ipc_op: "new", lrmd_ipc_session: "s1", lrmd_ipc_server: "cib_ro" };
  bench.say(element("lrmd_ipc_proxy", { ...notify, ...session }));
  const answer = bench.asked();
  assert.equal(attribute(answer, "lrmd_ipc_op"), "destroy");
  assert.equal(attribute(answer, "lrmd_ipc_session"), "s1");
});

test("what is no message of pacemaker_remoted ends the stream", () => {
  const bench = connected();
  bench.give({ kind: "remote-bytes", connection: 1, bytes: new Uint8Array(40) });
  assert.deepEqual(lost(bench.take()), [true]);
});

const notify: XmlAttributes = { lrmd_remote_msg_type: "notify" };

function connected(): Bench {
  const bench = new Bench();
  bench.run(1, "start");
  bench.give({ kind: "remote-connected", connection: 1 });
  const [hello] = messagesIn(bench.take());
  bench.reply(present(hello), 0);
  bench.take();
  return bench;
}

function lost(effects: readonly RemoteEffect[]): readonly boolean[] {
  return effects.flatMap((each) => (each.kind === "remote-gone" ? [each.isLost] : []));
}

function messagesIn(effects: readonly RemoteEffect[]): readonly XmlElement[] {
  return effects.flatMap((each) => {
    if (each.kind !== "remote-write") return [];
    const reader = new RemoteFrameReader();
    for (const part of each.parts) reader.push(part);
    const taken = reader.take();
    return taken.ok && taken.value !== undefined ? [taken.value] : [];
  });
}

function present<T>(value: T | undefined): T {
  assert.ok(value !== undefined);
  return value;
}

class Bench {
  readonly nodes = new RemoteNodes("xen1");
  now: Instant = instant(0);
  #effects: RemoteEffect[] = [];

  give(event: RemoteEvent): void {
    this.#effects.push(...this.nodes.handle(event, this.now));
  }

  run(
    token: number,
    action: string,
    params: Readonly<Record<string, string>> = {},
    timeoutMs = 60_000,
    meta: Readonly<Record<string, string>> = {},
  ): void {
    const agent = { class: "ocf", provider: "pacemaker", type: "remote" };
    this.give({
      kind: "run",
      token,
      timeoutMs,
      call: { agent, resource: "far", action, params, meta },
    });
  }

  runThere(token: number, action: string): void {
    const agent = { class: "ocf", provider: "heartbeat", type: "Dummy" };
    const given = { params: { fake: "x" }, meta: { timeout: "20000" }, remoteNode: "far" };
    const call = { agent, resource: "web", action, ...given };
    this.give({ kind: "run", token, timeoutMs: 20_000, call });
  }

  wake(): void {
    this.now = present(this.nodes.nextDeadline());
    this.give({ kind: "wake" });
  }

  say(message: XmlElement, connection = 1): void {
    const bytes = concatBytes(remoteFrameParts(message, 1));
    this.give({ kind: "remote-bytes", connection, bytes });
  }

  reply(to: XmlElement, rc: number, connection = 1): void {
    const id = attribute(to, "lrmd_remote_msg_id") ?? "";
    const reply = { lrmd_rc: String(rc), lrmd_remote_msg_id: id, lrmd_remote_msg_type: "reply" };
    this.say(element("lrmd_reply", reply), connection);
  }

  result(of: XmlElement, outcome: XmlAttributes): void {
    const asked = [...descendants(of)].find((each) => each.name === "lrmd_rsc");
    const mark = attribute(present(asked), "lrmd_rsc_userdata_str") ?? "";
    const told = { lrmd_op: "lrmd_rsc_exec", lrmd_rsc_userdata_str: mark, ...outcome };
    this.say(element("lrmd_notify", { ...notify, ...told }));
  }

  take(): readonly RemoteEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  askedAll(): readonly XmlElement[] {
    return messagesIn(this.take());
  }

  asked(): XmlElement {
    const [message, ...more] = this.askedAll();
    assert.equal(more.length, 0);
    return present(message);
  }

  /** The only operation that has ended. */
  ended(): Omit<AgentEnded, "kind"> {
    const ends = this.take().filter((each) => each.kind === "agent-ended");
    const [end] = ends;
    assert.ok(end !== undefined && ends.length === 1);
    const { kind: _, ...rest } = end;
    return rest;
  }
}
