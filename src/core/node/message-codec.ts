/** Messages as UTF-8 JSON. The decoder is total: what is no message is an error with its place, never a throw. */
import { err, type Result } from "../../base/result.ts";
import { decodeUtf8, encodeUtf8 } from "../../base/utf8.ts";
import {
  either,
  exactly,
  finite,
  flag,
  list,
  object,
  oneOf,
  parseJson,
  recordOf,
  type Shape,
  tagged,
  text,
  whole,
} from "../../formats/json/json-shape.ts";
import { clientReplyShape, clientRequestShape } from "./client-json.ts";
import type { Message } from "./messages.ts";
import type { PeerAgentReply } from "./peer-agents.ts";
import {
  changeShape,
  evidenceShape,
  lineageEntryShape,
  operationNameShape,
  orderShape,
  originShape,
  readinessTableShape,
  reportShape,
  standingShape,
  standingToJson,
  xmlShape,
} from "./record-shapes.ts";

export function encodeMessage(message: Message): Uint8Array {
  return encodeUtf8(JSON.stringify(messageToJson(message)));
}

export function decodeMessage(bytes: Uint8Array): Result<Message> {
  const json = parseJson(decodeUtf8(bytes));
  if (!json.ok) return json;
  const message = messageShape(json.value);
  return message.ok ? message : err(`message${message.error}`);
}

function messageToJson(message: Message): unknown {
  switch (message.kind) {
    case "offer":
    case "refusal":
    case "join":
      return { ...message, standing: standingToJson(message.standing) };
    default:
      return message;
  }
}

type Of<K extends Message["kind"]> = Omit<Extract<Message, { kind: K }>, "kind">;

const peerAgentReplyShape: Shape<PeerAgentReply> = either(
  object<Extract<PeerAgentReply, { ok: true }>>({ ok: exactly(true), values: recordOf(text) }),
  object<Extract<PeerAgentReply, { ok: false }>>({ ok: exactly(false), message: text }),
);

const bodies: { readonly [K in Message["kind"]]: Shape<Of<K>> } = {
  offer: object({ term: whole, standing: standingShape }),
  refusal: object({ term: whole, standing: standingShape }),
  join: object({
    term: whole,
    standing: standingShape,
    configurationDigest: text,
    history: list(reportShape),
    readiness: readinessTableShape,
    evidence: list(evidenceShape),
  }),
  "want-cib": object({ term: whole }),
  "own-cib": object({ term: whole, cib: xmlShape, lineage: list(lineageEntryShape) }),
  "cib-whole": object({
    term: whole,
    sequence: whole,
    cib: xmlShape,
    lineage: list(lineageEntryShape),
  }),
  "cib-change": object<Of<"cib-change">>(
    {
      term: whole,
      sequence: whole,
      change: changeShape,
      origin: originShape,
      entry: lineageEntryShape,
    },
    ["origin", "entry"],
  ),
  "want-whole": object({ term: whole }),
  "cib-stored": object<Of<"cib-stored">>({ term: whole, entry: lineageEntryShape, error: text }, [
    "error",
  ]),
  order: object({ term: whole, order: orderShape }),
  cancel: object({ term: whole, operation: operationNameShape, transitionKey: text }),
  forget: object<Of<"forget">>({ term: whole, resource: text, remoteNode: text }, ["remoteNode"]),
  report: object({ term: whole, report: reportShape }),
  readiness: object({ term: whole, readiness: readinessTableShape }),
  "leave-request": object<Of<"leave-request">>({ term: whole, remoteNode: text }, ["remoteNode"]),
  "leave-granted": object({ term: whole }),
  farewell: object({ term: whole }),
  "farewell-heard": object({ term: whole }),
  evidence: object({ evidence: list(evidenceShape) }),
  "client-request": object({ id: whole, request: clientRequestShape }),
  "client-reply": object({ id: whole, reply: clientReplyShape }),
  "peer-agent-request": object({
    id: whole,
    request: object({ agent: text, verb: text, params: recordOf(text) }),
    timeoutMs: finite,
  }),
  "peer-agent-reply": object({ id: whole, reply: peerAgentReplyShape }),
  "fence-me": object({ action: oneOf("off", "reboot", "on") }),
  "fence-me-reply": object({ isDone: flag, why: text }),
  outdate: object({ id: whole, drbdResource: text }),
  outdated: object({ id: whole, ok: flag, message: text }),
};

const messageShape: Shape<Message> = tagged<Message>(
  "kind",
  bodies as unknown as Readonly<Record<string, Shape<Message>>>,
);
