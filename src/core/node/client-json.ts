/** Requests of people's commands, and their answers, as JSON values. */
import {
  either,
  exactly,
  finite,
  flag,
  object,
  oneOf,
  type Shape,
  tagged,
  text,
  whole,
} from "../../formats/json/json-shape.ts";
import type { ClientError, ClientReply, ClientRequest, ClientValue } from "./client-requests.ts";
import { changeShape, originShape, versionShape } from "./record-shapes.ts";

type Body<K extends ClientRequest["kind"]> = Omit<Extract<ClientRequest, { kind: K }>, "kind">;

const requests: { readonly [K in ClientRequest["kind"]]: Shape<Body<K>> } = {
  "change-cib": object<Body<"change-cib">>(
    { change: changeShape, origin: originShape, expected: versionShape, force: flag },
    ["expected", "force"],
  ),
  fence: object({ target: text, action: oneOf("off", "reboot", "on"), by: text }),
  "confirm-off": object({ node: text, by: text }),
  "use-copy": object({ node: text, drbdResource: text, by: text }),
  "fail-resource": object<Body<"fail-resource">>(
    { resource: text, node: text, remoteNode: text, by: text },
    ["remoteNode"],
  ),
  leave: object({ by: text }),
  restart: object({ holdMs: finite }),
  "wait-idle": object({}),
};

export const clientRequestShape: Shape<ClientRequest> = tagged<ClientRequest>(
  "kind",
  requests as unknown as Readonly<Record<string, Shape<ClientRequest>>>,
);

const values = {
  changed: object({ version: versionShape, touched: text }),
  noted: object({ message: text }),
  idle: object({}),
};

const valueShape: Shape<ClientValue> = tagged<ClientValue>(
  "kind",
  values as unknown as Readonly<Record<string, Shape<ClientValue>>>,
);

const errorShape: Shape<ClientError> = object<ClientError>(
  { code: text, message: text, remedy: text, exit: whole },
  ["remedy", "exit"],
);

export const clientReplyShape: Shape<ClientReply> = either(
  object<Extract<ClientReply, { ok: true }>>({ ok: exactly(true), value: valueShape }),
  object<Extract<ClientReply, { ok: false }>>({ ok: exactly(false), error: errorShape }),
);
