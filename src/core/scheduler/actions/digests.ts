/**
 * Digests of the parameters an operation ran with: when the definition changes, they no longer match, and the resource
 * is restarted or reloaded.
 */
import { compareDottedVersions } from "../../../formats/cib/feature-set.ts";
import { digestOf, notParameters } from "../../../formats/cib/parameters-digest.ts";
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { agentTraits } from "../model/agents.ts";
import type { ClusterNode, DigestVerdict, ParameterDigests, Resource } from "../model/types.ts";
import { readBlocks } from "../unpack/nvpairs.ts";
import { paramsOn } from "../unpack/resource-meta.ts";
import { scanInteger } from "../values/number.ts";
import { opKey } from "../values/op-key.ts";
import { bundleHostName } from "./bundle-address.ts";
import { operationTemplate } from "./operation-template.ts";

/** The first feature set whose recorded digests leave out secret parameters only. */
const secureDigestVersion = "3.16.0";

export type DigestQuery = {
  readonly resource: Resource;
  readonly node: ClusterNode;
  readonly task: string;
  readonly intervalMs: number;
  /** The recorded operation that the digests are compared with. */
  readonly recorded: XmlElement | undefined;
  readonly secure: boolean;
  /** Values in the place of those that are configured. */
  readonly overrides?: ReadonlyMap<string, string>;
};

/** What is hashed. */
export type DigestedParameters = {
  readonly all: ReadonlyMap<string, string>;
  /** Without those that are secret. */
  readonly secure: ReadonlyMap<string, string> | undefined;
  /** Those whose change needs a restart; undefined where none was recorded. */
  readonly restart: ReadonlyMap<string, string> | undefined;
  /** The operation has values of its own. */
  readonly hasOwn: boolean;
};

/** Compares a recorded operation with the present definition; the verdict is in the result. */
export function compareDigests(
  resource: Resource,
  node: ClusterNode,
  recorded: XmlElement,
): ParameterDigests {
  const intervalMs = scanInteger(attribute(recorded, "interval")) ?? 0;
  const task = attribute(recorded, "operation") ?? "";
  const secure = resource.cluster.sanitized;
  const digests = cachedDigests({ resource, node, task, intervalMs, recorded, secure });
  digests.verdict = verdictOf(resource, recorded, digests, intervalMs);
  return digests;
}

/** Computed once for an operation and node; what is recorded the first time decides about its restart digest. */
export function cachedDigests(query: DigestQuery): ParameterDigests {
  const key = opKey(query.resource.id, query.task, query.intervalMs);
  const known = query.node.digests.get(key);
  if (known !== undefined) return known;
  const digests = computeDigests(query);
  query.node.digests.set(key, digests);
  return digests;
}

function verdictOf(
  resource: Resource,
  recorded: XmlElement,
  digests: ParameterDigests,
  intervalMs: number,
): DigestVerdict {
  const restart = recordedRestart(resource, recorded);
  const known = digests.restart !== undefined && restart !== undefined;
  if (known && digests.restart !== restart) return "restart";
  const all = attribute(recorded, "op-digest");
  if (all === undefined) return "unknown";
  if (all === digests.all) return "match";
  return intervalMs === 0 && digests.verdict === "restart" ? "restart" : "mismatch";
}

function computeDigests(query: DigestQuery): ParameterDigests {
  const { all, secure, restart, hasOwn } = digestedParameters(query);
  const ofAll = parametersHash(all);
  return {
    // Parameters of a one-off operation itself take effect only when it is run again.
    verdict: query.intervalMs === 0 && hasOwn ? "restart" : "match",
    all: ofAll,
    secure: secure && parametersHash(secure),
    restart: restart === all ? ofAll : restart && parametersHash(restart),
  };
}

export function digestedParameters(query: DigestQuery): DigestedParameters {
  const { resource, node, task, intervalMs, recorded } = query;
  const { cluster } = resource;
  const instance = paramsOn(resource, node);
  const all = new Map<string, string>(query.overrides);
  const host = bundleHostName(resource);
  if (host !== undefined) all.set("addr", host);
  addMissing(all, instance);
  const name = { task, intervalMs, notifies: false };
  const { config, meta } = operationTemplate(resource, node, name);
  const own = new Map<string, string>();
  const input = { now: cluster.now, nodeAttributes: node.attributes };
  readBlocks(cluster, { from: config, blocks: "instance_attributes", input }, own);
  addMissing(all, own);
  if (intervalMs !== 0) all.set("CRM_meta_timeout", meta.get("timeout") ?? "");
  const counted = onlyParameters(all, intervalMs !== 0);
  return {
    all: counted,
    secure: query.secure ? secureParameters(query, instance, counted) : undefined,
    restart: recorded === undefined ? undefined : restartParameters(resource, recorded, counted),
    hasOwn: own.size > 0,
  };
}

function addMissing(into: Map<string, string>, from: ReadonlyMap<string, string>): void {
  for (const [name, value] of from) if (!into.has(name)) into.set(name, value);
}

function onlyParameters(all: ReadonlyMap<string, string>, timeout: boolean): Map<string, string> {
  const kept = new Map<string, string>();
  for (const [name, value] of all) {
    if (notParameters.has(name)) continue;
    if (name.startsWith("CRM_meta_") && !(timeout && name === "CRM_meta_timeout")) continue;
    kept.set(name, value);
  }
  return kept;
}

/** Older versions hashed only what the agent declares, so the cluster's own parameters are left out for them. */
function secureParameters(
  { resource, recorded }: DigestQuery,
  instance: ReadonlyMap<string, string>,
  counted: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const { input } = resource.cluster;
  const version =
    (recorded === undefined ? undefined : attribute(recorded, "crm_feature_set")) ??
    attribute(input, "crm_feature_set") ??
    secureDigestVersion;
  const old = compareDottedVersions(version, secureDigestVersion) < 0;
  const secret =
    recorded === undefined
      ? ["passwd", "password", "user"]
      : (attribute(recorded, "op-secure-params") ?? "").split(" ");
  const fence = old && agentTraits(attribute(resource.xml, "class")).fenceParams;
  const kept = new Map<string, string>();
  const from = old ? onlyParameters(instance, false) : counted;
  for (const [name, value] of from) {
    if (secret.includes(name) || (fence && isFenceParameter(name))) continue;
    // Left out though executors record it: a monitor that changed is never taken for one whose secrets did.
    if (name === "CRM_meta_timeout") continue;
    kept.set(name, value);
  }
  return kept;
}

/** The digest of what an operation was run with, as it is recorded. */
export function operationDigest(
  attributes: ReadonlyMap<string, string>,
  recurring: boolean,
): string {
  return parametersHash(onlyParameters(attributes, recurring));
}

function isFenceParameter(name: string): boolean {
  return name.startsWith("pcmk_") || name === "provides" || name === "stonith-timeout";
}

/** Only the parameters that need a restart, where the agent says which; undefined if none was recorded. */
function restartParameters(
  resource: Resource,
  recorded: XmlElement,
  counted: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> | undefined {
  if (recordedRestart(resource, recorded) === undefined) return undefined;
  const list = attribute(recorded, "op-force-restart");
  if (list === undefined) return counted;
  const names = new Set(list.split(" "));
  return new Map([...counted].filter(([name]) => names.has(name)));
}

/** A failure that expired must not match, so that its operation is run again. */
function recordedRestart(resource: Resource, recorded: XmlElement): string | undefined {
  if (resource.cluster.spoiledDigests.has(recorded)) return "expired";
  return attribute(recorded, "op-restart-digest");
}

export function parametersHash(parameters: ReadonlyMap<string, string>): string {
  return digestOf([...parameters]);
}
