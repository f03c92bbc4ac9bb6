/** crm_resource --set-parameter, --get-parameter and --delete-parameter, with and without --meta. */
import { err, ok, type Result } from "../../../base/result.ts";
import {
  attribute,
  childrenNamed,
  element,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import type { CibChange } from "../change.ts";
import { type CibNotice, tagOf } from "../notice.ts";
import type { ReadContext } from "../read/name-values.ts";
import type { FoundResource } from "../read/resource-lookup.ts";
import { resourcesOf } from "../read/resource-lookup.ts";
import { instanceAttributes, metaAttributes } from "../read/resource-values.ts";
import { type CibRefusal, refusal } from "../refusal.ts";
import { inOrder, knownResource, type PlannedEdit } from "./planned-edit.ts";

export type ParameterSet = "instance_attributes" | "meta_attributes" | "utilization";

export type ParameterRequest = {
  readonly resource: string;
  readonly name: string;
  readonly set: ParameterSet;
  /** The id of the set or of the pair that is meant, where there are several. */
  readonly setId?: string | undefined;
  readonly pairId?: string | undefined;
  /** Only the named resource itself, and whatever else is set under that name. */
  readonly force?: boolean;
};

/**
 * What Heartbeat's crm_resource took without --meta, and today's would give to the agent, which has no use for it.
 */
const heartbeatMeta: ReadonlySet<string> = new Set([
  "target_role",
  "is_managed",
  "resource_stickiness",
  "allow_migrate",
  "globally_unique",
  "clone_max",
  "clone_node_max",
  "master_max",
  "master_node_max",
  "multiple_active",
  "restart_type",
]);

export function setParameter(
  cib: XmlElement,
  asked: ParameterRequest,
  value: string,
): Result<PlannedEdit, CibRefusal> {
  const { request, notices } = asMeant(asked);
  const resource = knownResource(cib, request.resource);
  if (!resource.ok) return resource;
  const shadowed = shadowing(resource.value, request);
  if (shadowed !== undefined) return err(shadowed);
  const targets = affected(cib, resource.value, request);
  const changes: CibChange[] = [];
  for (const target of targets) {
    const pairs = pairsIn(target.element, request);
    if (pairs.length > 1) return err(several(request, pairs));
    changes.push(setChange(target.element, { request, value, pair: pairs[0] }));
  }
  return ok({ change: inOrder(changes), notices });
}

/** That there is nothing to delete is no error. */
export function deleteParameter(
  cib: XmlElement,
  asked: ParameterRequest,
): Result<PlannedEdit, CibRefusal> {
  const { request, notices } = asMeant(asked);
  const resource = knownResource(cib, request.resource);
  if (!resource.ok) return resource;
  const changes: CibChange[] = [];
  for (const target of affected(cib, resource.value, request)) {
    const pairs = pairsIn(target.element, request);
    if (pairs.length > 1) return err(several(request, pairs));
    for (const pair of pairs)
      changes.push({ kind: "delete", at: { section: "resources" }, xml: pairNamed(pair) });
  }
  return ok({ change: inOrder(changes), notices });
}

/** What holds for the resource, wherever it is set; undefined where nothing is. */
export function getParameter(
  context: ReadContext,
  asked: ParameterRequest,
): Result<string | undefined, CibRefusal> {
  const { request } = asMeant(asked);
  const resource = knownResource(context.cib, request.resource);
  if (!resource.ok) return resource;
  if (request.set === "meta_attributes")
    return ok(metaAttributes(context, resource.value).get(request.name));
  if (request.set === "instance_attributes") {
    return ok(instanceAttributes(context, resource.value).get(request.name));
  }
  const [pair] = pairsIn(resource.value.element, request);
  return ok(pair && attribute(pair, "value"));
}

/** `target_role` without --meta means the meta attribute target-role. */
function asMeant(asked: ParameterRequest): {
  readonly request: ParameterRequest;
  readonly notices: readonly CibNotice[];
} {
  const old = asked.set === "instance_attributes" && heartbeatMeta.has(asked.name);
  const oldMeta = asked.set === "meta_attributes" && heartbeatMeta.has(asked.name);
  if (!old && !oldMeta) return { request: asked, notices: [] };
  const name = asked.name.replaceAll("_", "-").replace(/^master-(node-)?max$/, "promoted-$1max");
  const why =
    "It is meant for the cluster. As a parameter it would go to the agent, and nothing would read it.";
  const spelled = "Names of meta attributes are spelled with -.";
  const notice: CibNotice = {
    code: "HF4130",
    element: `resource ${asked.resource}`,
    from: old ? `parameter ${asked.name}` : asked.name,
    to: old ? `meta attribute ${name}` : name,
    why: old ? why : spelled,
  };
  return { request: { ...asked, name, set: "meta_attributes" }, notices: [notice] };
}

/** A parameter that has the name of a meta attribute which is set is most likely meant to be that. */
function shadowing(resource: FoundResource, request: ParameterRequest): CibRefusal | undefined {
  if (request.set !== "instance_attributes" || request.force === true) return undefined;
  const top = resource.parents.at(-1) ?? resource.element;
  const [meta] = pairsIn(top, { ...request, set: "meta_attributes" });
  if (meta === undefined) return undefined;
  const message = `${request.name} is a meta attribute of ${attribute(top, "id")} (${tagOf(meta)}).`;
  return refusal("HF4011", message, {
    remedy: "Add --meta to change that, or --force to set a parameter of this name.",
  });
}

/**
 * The resources whose value changes: the one named; of a group, also its members that have a value of their own;
 * of a clone, its inner resource instead, where that has one, and the other way round.
 */
function affected(
  cib: XmlElement,
  resource: FoundResource,
  request: ParameterRequest,
): readonly FoundResource[] {
  if (request.force === true || request.setId !== undefined || request.pairId !== undefined)
    return [resource];
  if (request.set === "instance_attributes") return [resource];
  const has = (each: FoundResource): boolean => pairsIn(each.element, request).length > 0;
  const [parent] = resource.parents;
  const all = resourcesOf(cib);
  if (parent !== undefined && isClone(parent)) {
    const around = all.find((each) => each.element === parent);
    return has(resource) || around === undefined ? [resource] : [around];
  }
  const inner = all.filter((each) => each.parents.includes(resource.element));
  if (!isClone(resource.element)) return [...inner.filter(has), resource];
  const [first] = inner;
  return first?.element.name === "primitive" && has(first) ? [first] : [resource];
}

function isClone(of: XmlElement): boolean {
  return of.name === "clone" || of.name === "master";
}

function pairsIn(resource: XmlElement, request: ParameterRequest): readonly XmlElement[] {
  return childrenNamed(resource, request.set)
    .filter((set) => request.setId === undefined || attribute(set, "id") === request.setId)
    .flatMap((set) => childrenNamed(set, "nvpair"))
    .filter((pair) => request.pairId === undefined || attribute(pair, "id") === request.pairId)
    .filter((pair) => attribute(pair, "name") === request.name);
}

function setChange(
  resource: XmlElement,
  {
    request,
    value,
    pair,
  }: {
    readonly request: ParameterRequest;
    readonly value: string;
    readonly pair: XmlElement | undefined;
  },
): CibChange {
  const at = { section: "resources" } as const;
  if (pair !== undefined) {
    const id = attribute(pair, "id") ?? "";
    return { kind: "modify", at, xml: element("nvpair", { id, name: request.name, value }) };
  }
  const id = attribute(resource, "id") ?? "";
  const setId = request.setId ?? `${id}-${request.set}`;
  const pairId = request.pairId ?? `${setId}-${request.name}`;
  const fresh = element("nvpair", { id: pairId, name: request.name, value });
  const xml = element(resource.name, { id }, [element(request.set, { id: setId }, [fresh])]);
  return { kind: "modify", at, xml };
}

function pairNamed(pair: XmlElement): XmlElement {
  return element("nvpair", {
    id: attribute(pair, "id") ?? "",
    name: attribute(pair, "name") ?? "",
  });
}

function several(request: ParameterRequest, pairs: readonly XmlElement[]): CibRefusal {
  const list = pairs
    .map((pair) => `${attribute(pair, "value")} (${attribute(pair, "id")})`)
    .join(", ");
  const message = `${request.name} is set several times in ${request.resource}: ${list}.`;
  return refusal("HF4011", message, {
    remedy: "Say which is meant: --attr-id ID, or --set-name SET.",
  });
}
