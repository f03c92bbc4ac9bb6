/** crm_attribute and crm_standby: options, defaults and node attributes. */
import { err, ok, type Result } from "../../../base/result.ts";
import { sanitizedId } from "../../../formats/cib/sanitized-id.ts";
import {
  attribute,
  childrenNamed,
  element,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import type { CibChange } from "../change.ts";
import { declaredSets } from "../empty-cib.ts";
import { optionNamed } from "../read/cluster-options.ts";
import { type CibRefusal, refusal } from "../refusal.ts";
import { sectionChildren } from "../sections.ts";
import type { StatusNode } from "../status/operation-result.ts";
import { translateChange } from "../upgrade/translate-change.ts";
import { inOrder, knownNode, type PlannedEdit } from "./planned-edit.ts";

/** Options and defaults, attributes of a node for good ("nodes") or until it leaves ("status"). */
export type AttributeScope =
  | { readonly section: "crm_config" | "rsc_defaults" | "op_defaults" }
  | { readonly section: "nodes" | "status"; readonly node: string };

export type AttributeRequest = {
  readonly scope: AttributeScope;
  readonly name: string;
  readonly setId?: string | undefined;
  readonly pairId?: string | undefined;
};

export function setAttribute(
  cib: XmlElement,
  request: AttributeRequest,
  value: string,
): Result<PlannedEdit, CibRefusal> {
  const place = placeOf(cib, request);
  if (!place.ok) return place;
  const pairs = meantPairs(place.value, request);
  if (pairs.length > 1) return err(several(request, pairs));
  const [pair] = pairs;
  const name = pair ? (attribute(pair, "name") ?? request.name) : request.name;
  const change =
    pair === undefined
      ? added(place.value, request, value)
      : modified(request, element("nvpair", { id: attribute(pair, "id") ?? "", name, value }));
  return ok(translateChange(cib, change));
}

/** That there is nothing to delete is no error. */
export function deleteAttribute(
  cib: XmlElement,
  request: AttributeRequest,
): Result<PlannedEdit, CibRefusal> {
  const place = placeOf(cib, request);
  if (!place.ok) return place;
  const pairs = meantPairs(place.value, request);
  if (pairs.length > 1) return err(several(request, pairs));
  const { section } = request.scope;
  const changes = pairs.map((pair): CibChange => {
    const xml = element("nvpair", { id: attribute(pair, "id") ?? "" });
    return { kind: "delete", at: { section }, xml };
  });
  return ok({ change: inOrder(changes), notices: [] });
}

/** The value that is set there; undefined where none is. Refused where several are. */
export function getAttribute(
  cib: XmlElement,
  request: AttributeRequest,
): Result<string | undefined, CibRefusal> {
  const place = placeOf(cib, request);
  if (!place.ok) return place;
  const pairs = meantPairs(place.value, request);
  if (pairs.length > 1) return err(several(request, pairs));
  return ok(pairs[0] && attribute(pairs[0], "value"));
}

export type StandbyRequest = {
  readonly node: string;
  /** "reboot": until the node leaves the cluster. */
  readonly lifetime: "reboot" | "forever";
};

export function setStandby(
  cib: XmlElement,
  request: StandbyRequest,
  on: boolean,
): Result<PlannedEdit, CibRefusal> {
  return setAttribute(cib, standbyAttribute(request), on ? "on" : "off");
}

/** Takes out both kinds where no lifetime is given. */
export function deleteStandby(
  cib: XmlElement,
  node: string,
  lifetime?: StandbyRequest["lifetime"],
): Result<PlannedEdit, CibRefusal> {
  const lifetimes = lifetime === undefined ? (["forever", "reboot"] as const) : [lifetime];
  const changes: CibChange[] = [];
  for (const each of lifetimes) {
    const one = deleteAttribute(cib, standbyAttribute({ node, lifetime: each }));
    if (!one.ok) return one;
    changes.push(one.value.change);
  }
  return ok({ change: inOrder(changes), notices: [] });
}

/** Standby for good counts first, then standby until the node leaves; off where neither is set. */
export function getStandby(
  cib: XmlElement,
  node: string,
): Result<{ readonly value: string; readonly lifetime: StandbyRequest["lifetime"] }, CibRefusal> {
  for (const lifetime of ["forever", "reboot"] as const) {
    const value = getAttribute(cib, standbyAttribute({ node, lifetime }));
    if (!value.ok) return value;
    if (value.value !== undefined) return ok({ value: value.value, lifetime });
  }
  return ok({ value: "off", lifetime: "reboot" });
}

function standbyAttribute({ node, lifetime }: StandbyRequest): AttributeRequest {
  const section = lifetime === "forever" ? "nodes" : "status";
  return { scope: { section, node }, name: "standby" };
}

/** Where the pairs stand, and how a new one is wrapped. */
type Place = {
  readonly sets: readonly XmlElement[];
  readonly setId: string;
  wrap(set: XmlElement): XmlElement;
  readonly setName: string;
};

function placeOf(cib: XmlElement, request: AttributeRequest): Result<Place, CibRefusal> {
  const { scope } = request;
  if (!("node" in scope)) return ok(plainPlace(cib, scope.section, request));
  const node = knownNode(cib, scope.node);
  return node.ok ? ok(nodePlace(cib, scope.section, node.value)) : node;
}

function plainPlace(
  cib: XmlElement,
  section: "crm_config" | "rsc_defaults" | "op_defaults",
  request: AttributeRequest,
): Place {
  const options = section === "crm_config";
  const setName = options ? "cluster_property_set" : "meta_attributes";
  const sets = sectionChildren(cib, section).filter((each) => each.name === setName);
  const setId = options ? "cib-bootstrap-options" : `${section}-options`;
  const own = sets.filter((set) => !declaredSets.includes(attribute(set, "id") ?? ""));
  const inOwn = own.some((set) => pairsOf(set, request).length > 0);
  // What a person has set counts before what a new cluster was given.
  return { sets: inOwn ? own : sets, setId, setName, wrap: (set) => set };
}

function nodePlace(cib: XmlElement, section: "nodes" | "status", node: StatusNode): Place {
  const mine = sectionChildren(cib, section).filter((each) => attribute(each, "id") === node.id);
  const setName = "instance_attributes";
  const setId = `${section}-${node.id}`;
  const id = node.id;
  if (section === "nodes") {
    const sets = mine.flatMap((each) => childrenNamed(each, setName));
    return { sets, setId, setName, wrap: (set) => element("node", { id }, [set]) };
  }
  const outer = mine.flatMap((each) => childrenNamed(each, "transient_attributes"));
  const wrap = (set: XmlElement): XmlElement =>
    element("node_state", { id, uname: node.uname }, [
      element("transient_attributes", { id }, [set]),
    ]);
  return { sets: outer.flatMap((each) => each.children), setId, setName, wrap };
}

function meantPairs(place: Place, request: AttributeRequest): readonly XmlElement[] {
  return place.sets
    .filter((set) => request.setId === undefined || attribute(set, "id") === request.setId)
    .flatMap((set) => pairsOf(set, request));
}

function pairsOf(set: XmlElement, request: AttributeRequest): readonly XmlElement[] {
  const isOption = request.scope.section === "crm_config";
  const today = isOption ? optionNamed(request.name) : undefined;
  return childrenNamed(set, "nvpair").filter((pair) => {
    if (request.pairId !== undefined && attribute(pair, "id") !== request.pairId) return false;
    const name = attribute(pair, "name") ?? "";
    // An option may stand there under another of its names.
    return name === request.name || (today !== undefined && optionNamed(name) === today);
  });
}

function added(place: Place, request: AttributeRequest, value: string): CibChange {
  const setId = request.setId ?? place.setId;
  const id = request.pairId ?? `${setId}-${sanitizedId(request.name)}`;
  const pair = element("nvpair", { id, name: request.name, value });
  return modified(request, place.wrap(element(place.setName, { id: setId }, [pair])));
}

function modified(request: AttributeRequest, xml: XmlElement): CibChange {
  return { kind: "modify", at: { section: request.scope.section }, xml, allowCreate: true };
}

function several(request: AttributeRequest, pairs: readonly XmlElement[]): CibRefusal {
  const list = pairs
    .map((pair) => `${attribute(pair, "value")} (${attribute(pair, "id")})`)
    .join(", ");
  const message = `${request.name} is set several times in <${request.scope.section}>: ${list}.`;
  return refusal("HF4011", message, { remedy: "Say which is meant: --id ID, or --set-name SET." });
}
