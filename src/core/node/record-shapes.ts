/** Shapes of the records that messages are made of. */
import { err, type Result } from "../../base/result.ts";
import {
  finite,
  flag,
  list,
  object,
  oneOf,
  recordOf,
  type Shape,
  text,
  u64,
  whole,
} from "../../formats/json/json-shape.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import type { AclUser } from "../cib/acl/acl-user.ts";
import type { ChangeOrigin, CibChange } from "../cib/change.ts";
import { decodeChange, decodeElement } from "../cib/change-json.ts";
import type { Generation } from "../cib/generation.ts";
import type { CibVersion } from "../cib/version.ts";
import type { LineageEntry } from "../cibsync/types.ts";
import type { LoadLevel, NodeLoad } from "../controller/node-load.ts";
import type { DcId, Readiness, ReadinessTable, Standing } from "../controller/types.ts";
import type { AgentId, OperationName, OperationReport, Order } from "../executor/types.ts";
import type { Evidence } from "../fencer/types.ts";

export const xmlShape: Shape<XmlElement> = (value) => located(decodeElement(value));
export const changeShape: Shape<CibChange> = (value) => located(decodeChange(value));

export const originShape: Shape<ChangeOrigin> = object<ChangeOrigin>(
  {
    node: text,
    client: text,
    user: text,
    written: text,
    access: object<AclUser>({ name: text, groups: list(text) }),
  },
  ["access"],
);

export const versionShape: Shape<CibVersion> = object<CibVersion>({
  adminEpoch: whole,
  epoch: whole,
  numUpdates: whole,
});

const generationShape: Shape<Generation> = object<Generation>({
  adminEpoch: whole,
  epoch: whole,
  term: whole,
});

export const lineageEntryShape: Shape<LineageEntry> = object<LineageEntry>({
  adminEpoch: whole,
  epoch: whole,
  term: whole,
  digest: text,
});

const dcIdShape: Shape<DcId> = object<DcId>({ name: text, incarnation: u64, term: whole });

type StandingJson = Omit<Standing, "obeys" | "load"> & {
  readonly obeys?: DcId;
  readonly load?: NodeLoad;
};

const standingJsonShape: Shape<StandingJson> = object<StandingJson>(
  {
    count: whole,
    generation: generationShape,
    seasoned: flag,
    settled: flag,
    obeys: dcIdShape,
    members: list(text),
    load: object<NodeLoad>({ level: oneOf<LoadLevel>(0, 1, 2, 3), operationsMax: whole }),
  },
  ["obeys", "load"],
);

export const standingShape: Shape<Standing> = (value) => {
  const made = standingJsonShape(value);
  if (!made.ok) return made;
  const { obeys, load } = made.value;
  return { ok: true, value: { ...made.value, obeys, load } };
};

export function standingToJson({ obeys, ...standing }: Standing): unknown {
  const dc = obeys && { ...obeys, incarnation: obeys.incarnation.toString(16) };
  return { ...standing, ...(dc && { obeys: dc }) };
}

const agentShape: Shape<AgentId> = object<AgentId>({ class: text, provider: text, type: text }, [
  "provider",
]);

export const operationNameShape: Shape<OperationName> = object<OperationName>(
  { resource: text, action: text, intervalMs: whole, remoteNode: text },
  ["remoteNode"],
);

export const orderShape: Shape<Order> = object<Order>(
  {
    agent: agentShape,
    resource: text,
    action: text,
    params: recordOf(text),
    meta: recordOf(text),
    transitionKey: text,
    intervalMs: whole,
    timeoutMs: whole,
    startDelayMs: whole,
    remoteNode: text,
    shutdownLockS: whole,
  },
  ["remoteNode", "shutdownLockS"],
);

export const reportShape: Shape<OperationReport> = object<OperationReport>(
  {
    resource: text,
    agent: agentShape,
    action: text,
    intervalMs: whole,
    rc: whole,
    opStatus: whole,
    callId: whole,
    transitionKey: text,
    exitReason: text,
    lastRcChangeS: whole,
    execMs: finite,
    queueMs: finite,
    parameters: recordOf(text),
    restartParameters: list(text),
    secretParameters: list(text),
    migration: object<{ source: string; target: string }>({ source: text, target: text }),
    remoteNode: text,
    isFailureIgnored: flag,
    shutdownLockS: whole,
  },
  [
    "exitReason",
    "lastRcChangeS",
    "execMs",
    "queueMs",
    "restartParameters",
    "secretParameters",
    "migration",
    "remoteNode",
    "isFailureIgnored",
    "shutdownLockS",
  ],
);

const readinessShape: Shape<Readiness> = object<Readiness>({
  ready: flag,
  reason: text,
  drbdResources: list(text),
});

export const readinessTableShape: Shape<ReadinessTable> = recordOf(readinessShape);

export const evidenceShape: Shape<Evidence> = object<Evidence>(
  {
    kind: oneOf(
      "left",
      "power-off",
      "person-off",
      "silence",
      "person-copy",
      "up-to-date-at-loss",
      "newer-generation",
      "peer-outdated",
    ),
    about: text,
    drbdResource: text,
    by: text,
    since: finite,
  },
  ["drbdResource", "by"],
);

function located<T>(result: Result<T>): Result<T> {
  return result.ok ? result : err(`: ${result.error}`);
}
