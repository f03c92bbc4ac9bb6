import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { jsonMember, parseQmpMessage, printQmpCommand } from "./qmp-message.ts";
import { QmpSession, unansweredMax } from "./qmp-session.ts";

const greeting =
  '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "Debian"}, "capabilities": ["oob"]}}';

function readySession(): QmpSession {
  const session = new QmpSession();
  session.receive(greeting);
  session.receive('{"return": {}, "id": 0}');
  return session;
}

test("the greeting is answered by qmp_capabilities, and commands given before follow it in order", () => {
  const session = new QmpSession();
  assert.deepEqual(session.execute("query-status"), { id: 1, effects: [] });
  assert.deepEqual(session.execute("cont"), { id: 2, effects: [] });
  assert.deepEqual(session.receive(greeting), [
    { kind: "send", line: '{"execute":"qmp_capabilities","arguments":{"enable":["oob"]},"id":0}' },
  ]);
  assert.deepEqual(session.receive('{"return": {}, "id": 0}'), [
    { kind: "ready", version: { major: 7, minor: 2, micro: 22 } },
    { kind: "send", line: '{"execute":"query-status","id":1}' },
    { kind: "send", line: '{"execute":"cont","id":2}' },
  ]);
});

test("answers reach their commands in whatever order, refusals with class and description", () => {
  const session = readySession();
  const first = session.execute("migrate", { uri: "tcp:10.0.0.2:49152" });
  const second = session.execute("query-status");
  assert.deepEqual(first.effects, [
    {
      kind: "send",
      line: '{"execute":"migrate","arguments":{"uri":"tcp:10.0.0.2:49152"},"id":1}',
    },
  ]);
  assert.deepEqual(session.receive(`{"return": {"running": true}, "id": ${second.id}}`), [
    { kind: "answer", id: second.id, answer: { ok: true, value: { running: true } } },
  ]);
  const refusal = '"error": {"class": "GenericError", "desc": "no"}';
  assert.deepEqual(session.receive(`{"id": ${first.id}, ${refusal}}`), [
    {
      kind: "answer",
      id: first.id,
      answer: { ok: false, error: { errorClass: "GenericError", description: "no" } },
    },
  ]);
});

test("a command goes out of band where QEMU can execute so, else in its turn", () => {
  const old = new QmpSession();
  old.receive('{"QMP": {"version": {"qemu": {"micro": 0, "minor": 1, "major": 2}}}}');
  old.receive('{"return": {}, "id": 0}');
  const yank = { instances: [{ type: "migration" }] };
  const lineOf = (session: QmpSession): unknown =>
    session.execute("yank", yank, { outOfBand: true }).effects[0];
  const rest = '"yank","arguments":{"instances":[{"type":"migration"}]},"id":1}';
  assert.deepEqual(lineOf(readySession()), { kind: "send", line: `{"exec-oob":${rest}` });
  assert.deepEqual(lineOf(old), { kind: "send", line: `{"execute":${rest}` });
});

test("events come with their data, also while capabilities are negotiated", () => {
  const session = new QmpSession();
  session.receive(greeting);
  const stop =
    '{"timestamp": {"seconds": 1, "microseconds": 2}, "event": "MIGRATION", "data": {"status": "active"}}';
  assert.deepEqual(session.receive(stop), [
    { kind: "event", event: { name: "MIGRATION", data: { status: "active" } } },
  ]);
  session.receive('{"return": {}, "id": 0}');
  assert.deepEqual(session.receive('{"event": "STOP"}'), [
    { kind: "event", event: { name: "STOP", data: {} } },
  ]);
});

test("what is no QMP, or answers no command of ours, ends the session and names who waits", () => {
  for (const line of [
    "rubbish",
    "[]",
    "{}",
    '{"return": {}, "id": 99}',
    '{"return": {}}',
    greeting,
    '{"error": {"class": "GenericError", "desc": "JSON parse error"}}',
    '{"error": "no"}',
    '{"event": 1}',
  ]) {
    const session = readySession();
    const { id } = session.execute("stop");
    const effects = session.receive(line);
    assert.equal(effects.length, 1, line);
    assert.ok(effects[0]?.kind === "broken", line);
    assert.deepEqual(effects[0].unanswered, [id]);
    assert.deepEqual(session.receive('{"event": "STOP"}'), []);
    assert.deepEqual(session.end("again"), []);
    const late = session.execute("stop");
    assert.deepEqual(late.effects, [
      { kind: "broken", reason: "the session is over", unanswered: [late.id] },
    ]);
  }
});

test("an answer before the greeting, and a refused negotiation, end the session", () => {
  assert.equal(new QmpSession().receive('{"return": {}, "id": 0}')[0]?.kind, "broken");
  assert.equal(new QmpSession().receive('{"QMP": {}}')[0]?.kind, "broken");
  const session = new QmpSession();
  session.receive(greeting);
  const [effect] = session.receive('{"error": {"class": "C", "desc": "busy"}, "id": 0}');
  assert.ok(effect?.kind === "broken");
  assert.match(effect.reason, /busy/);
});

test("a QEMU that answers nothing is given up after a limit of commands", () => {
  const session = readySession();
  for (let i = 0; i < unansweredMax; i++)
    assert.equal(session.execute("query-status").effects[0]?.kind, "send");
  const effect = session.execute("query-status").effects[0];
  assert.ok(effect?.kind === "broken");
  assert.equal(effect.unanswered.length, unansweredMax + 1);
});

test("every command is answered once or named unanswered, whatever QEMU says", () => {
  const line = fc.oneof(
    fc.integer({ min: 0, max: 6 }).map((id) => `{"return": {}, "id": ${id}}`),
    fc.constant('{"event": "STOP"}'),
    fc.constant("execute"),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const session = readySession();
      const open = new Set<number>();
      const settle = (effects: readonly ReturnType<QmpSession["receive"]>[number][]): void => {
        for (const effect of effects) {
          if (effect.kind === "answer") assert.ok(open.delete(effect.id));
          if (effect.kind === "broken")
            for (const id of effect.unanswered) assert.ok(open.delete(id));
        }
      };
      for (const text of lines) {
        if (text === "execute") {
          const { id, effects } = session.execute("query-status");
          open.add(id);
          settle(effects);
        } else settle(session.receive(text));
      }
      settle(session.end("done"));
      assert.equal(open.size, 0);
    }),
  );
});

test("a printed command parses as JSON with its arguments", () => {
  fc.assert(
    fc.property(fc.nat(), fc.dictionary(fc.string(), fc.string()), (id, args) => {
      const line = printQmpCommand({ id, command: "blockdev-add", args });
      assert.ok(!line.includes("\n"));
      const json = JSON.parse(line) as unknown;
      assert.equal(jsonMember(json, "id"), id);
      assert.deepEqual({ ...(jsonMember(json, "arguments") as object) }, { ...args });
    }),
  );
});

test("decoding is total", () => {
  fc.assert(fc.property(fc.string(), (text) => typeof parseQmpMessage(text).ok === "boolean"));
  fc.assert(
    fc.property(
      fc.json(),
      (text) => typeof parseQmpMessage(text.replace(/\n/g, "")).ok === "boolean",
    ),
  );
});
