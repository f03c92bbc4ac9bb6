import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeUtf8 } from "../../base/utf8.ts";
import { element } from "../../formats/xml/xml-element.ts";
import type { CibChange } from "../cib/change.ts";
import { decodeMessage, encodeMessage } from "./message-codec.ts";
import type { Message } from "./messages.ts";

const dc = { name: "xen1", incarnation: 0xdead_beef_0000_0001n, term: 3 };
const generation = { adminEpoch: 0, epoch: 12, term: 2 };
const standing = {
  count: 1,
  generation,
  seasoned: true,
  settled: true,
  obeys: dc,
  members: ["xen1"],
  load: { level: 2, operationsMax: 8 },
} as const;
const xml = element("nvpair", { id: "a", value: 'x "<&>\u0001' }, [element("x")]);
const origin = { node: "xen1", client: "cibadmin", user: "root", written: "now" };
const version = { adminEpoch: 0, epoch: 1, numUpdates: 2 };
const agent = { class: "ocf", provider: "heartbeat", type: "Xen" };
const report = {
  resource: "host1",
  agent,
  action: "migrate_to",
  intervalMs: 0,
  rc: 0,
  opStatus: 0,
  callId: 4,
  transitionKey: "1:2:0:u",
  exitReason: "",
  lastRcChangeS: 1,
  execMs: 2.5,
  queueMs: 0,
  parameters: { xmfile: "/etc/xen/host1.dom" },
  migration: { source: "xen1", target: "xen2" },
};
const lineage = [{ ...generation, digest: "d" }];

const changes: readonly CibChange[] = [
  { kind: "create", at: { section: "resources" }, xml },
  { kind: "modify", at: { xpath: "//x" }, xml, allowCreate: true, everyMatch: false },
  { kind: "replace", at: { section: "all" }, xml },
  { kind: "delete", at: { section: "status" }, xml },
  { kind: "delete", at: { xpath: "//x" }, everyMatch: true },
  { kind: "erase" },
  { kind: "bump" },
  {
    kind: "patch",
    patch: {
      from: version,
      to: version,
      edits: [
        { kind: "insert", path: [0, 1], xml },
        { kind: "attributes", path: [], attributes: { a: "1" } },
        { kind: "remove", path: [2] },
        { kind: "move", path: [1], to: 0 },
      ],
    },
  },
];

const messages: readonly Message[] = [
  { kind: "offer", term: 1, standing },
  {
    kind: "refusal",
    term: 1,
    standing: {
      count: 1,
      generation,
      seasoned: false,
      settled: false,
      obeys: undefined,
      members: [],
      load: undefined,
    },
  },
  {
    kind: "join",
    term: 1,
    standing,
    configurationDigest: "d",
    history: [report],
    readiness: { host1: { ready: false, reason: "Inconsistent", drbdResources: ["r"] } },
    evidence: [{ kind: "person-copy", about: "xen2", drbdResource: "r", by: "ann", since: 1 }],
  },
  { kind: "want-cib", term: 1 },
  { kind: "own-cib", term: 1, cib: xml, lineage },
  { kind: "cib-whole", term: 1, sequence: 0, cib: xml, lineage },
  { kind: "want-whole", term: 1 },
  { kind: "cib-stored", term: 1, entry: { ...generation, digest: "d" } },
  { kind: "cib-stored", term: 1, entry: { ...generation, digest: "d" }, error: "ENOSPC" },
  {
    kind: "order",
    term: 1,
    order: {
      agent: { class: "stonith", type: "fence_lab" },
      resource: "f",
      action: "start",
      params: { a: "1" },
      meta: { timeout: "20000" },
      transitionKey: "k",
      intervalMs: 0,
      timeoutMs: 20_000,
      startDelayMs: 0,
    },
  },
  {
    kind: "cancel",
    term: 1,
    operation: { resource: "a", action: "monitor", intervalMs: 10_000 },
    transitionKey: "k",
  },
  { kind: "forget", term: 1, resource: "host1" },
  { kind: "report", term: 1, report },
  { kind: "readiness", term: 1, readiness: {} },
  { kind: "leave-request", term: 1 },
  { kind: "leave-granted", term: 1 },
  { kind: "farewell", term: 1 },
  { kind: "farewell-heard", term: 1 },
  { kind: "evidence", evidence: [] },
  ...changes.map((change): Message => ({ kind: "cib-change", term: 1, sequence: 3, change })),
  {
    kind: "cib-change",
    term: 1,
    change: { kind: "sequence", changes },
    origin,
    sequence: 4,
    entry: { ...generation, digest: "d" },
  },
  {
    kind: "client-request",
    id: 1,
    request: { kind: "change-cib", change: { kind: "bump" }, origin, expected: version },
  },
  {
    kind: "client-request",
    id: 1,
    request: {
      kind: "change-cib",
      change: { kind: "bump" },
      origin: { ...origin, access: { name: "tony", groups: ["night", "haclient"] } },
    },
  },
  {
    kind: "client-request",
    id: 1,
    request: { kind: "fence", target: "xen1", action: "off", by: "ann" },
  },
  { kind: "client-request", id: 1, request: { kind: "confirm-off", node: "xen1", by: "ann" } },
  {
    kind: "client-request",
    id: 1,
    request: { kind: "fail-resource", resource: "a", node: "xen1", remoteNode: "far", by: "ann" },
  },
  { kind: "client-request", id: 1, request: { kind: "wait-idle" } },
  {
    kind: "client-reply",
    id: 1,
    reply: { ok: true, value: { kind: "changed", version, touched: "status" } },
  },
  {
    kind: "client-reply",
    id: 1,
    reply: { ok: false, error: { code: "HF4500", message: "m", exit: 106 } },
  },
  {
    kind: "peer-agent-request",
    id: 1,
    request: { agent: "ocf:heartbeat:Xen", verb: "go", params: {} },
    timeoutMs: 1000.5,
  },
  { kind: "peer-agent-reply", id: 1, reply: { ok: true, values: { a: "b" } } },
  { kind: "peer-agent-reply", id: 1, reply: { ok: false, message: "no" } },
  { kind: "outdate", id: 1, drbdResource: "r" },
  { kind: "outdated", id: 1, ok: false, message: "Primary" },
];

test("every message comes out as it went in", () => {
  for (const message of messages) {
    assert.deepEqual(decodeMessage(encodeMessage(message)), { ok: true, value: message });
  }
});

test("what is no message is an error with its place", () => {
  for (const [text, error] of [
    ["", "this is not JSON"],
    ["[]", "message: an object"],
    ['{"kind":"constructor"}', /^message\.kind: one of offer/],
    ['{"kind":"forget","term":1}', "message(forget).resource: a text"],
    ['{"kind":"offer","term":1,"standing":{}}', /^message\(offer\)\.standing\.count/],
  ] as const) {
    const result = decodeMessage(encodeUtf8(text));
    assert.ok(!result.ok);
    if (typeof error === "string") assert.equal(result.error, error);
    else assert.match(result.error, error);
  }
});

test("a message with anything in it changed still decodes or is refused, and never throws", () => {
  const texts = messages.map((message) => new TextDecoder().decode(encodeMessage(message)));
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.nat(), fc.string(), (text, at, other) => {
      const place = at % text.length;
      const broken = text.slice(0, place) + other + text.slice(place + 1);
      assert.equal(typeof decodeMessage(encodeUtf8(broken)).ok, "boolean");
    }),
  );
});
