/** crm_attribute and crm_standby: options, defaults and node attributes. */
import { err, ok, type Result } from "../../../base/result.ts";
import { sanitizedId } from "../../../formats/cib/sanitized-id.ts";
import { attribute, element, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { CibChange } from "../change.ts";
import { type CibRefusal, refusal } from "../refusal.ts";
import { translateChange } from "../upgrade/translate-change.ts";
import {
  type AttributePlace,
  type AttributeRequest,
  attributePlace,
  meantPairs,
} from "./attribute-place.ts";
import { inOrder, type PlannedEdit } from "./planned-edit.ts";

/** One pair is set, or made where there is none of the name; by a pattern all that are there. */
export function setAttribute(
  cib: XmlElement,
  request: AttributeRequest,
  value: string,
): Result<PlannedEdit, CibRefusal> {
  const place = attributePlace(cib, request);
  if (!place.ok) return place;
  const pairs = meantPairs(place.value, request);
  if (pairs.length > 1 && request.pattern === undefined) return err(several(request, pairs));
  if (pairs.length > 0 || request.pattern !== undefined) {
    const changes = pairs.map((pair) => {
      const name = attribute(pair, "name") ?? request.name ?? "";
      return modified(request, element("nvpair", { id: attribute(pair, "id") ?? "", name, value }));
    });
    return ok(translateChange(cib, inOrder(changes)));
  }
  const { name } = request;
  if (name === undefined) {
    const remedy = "Name the attribute: --name NAME.";
    return err(refusal("HF4000", `There is no pair "${request.pairId}" to set.`, { remedy }));
  }
  return ok(translateChange(cib, added(place.value, { ...request, name }, value)));
}

/** That there is nothing to delete is no error. */
export function deleteAttribute(
  cib: XmlElement,
  request: AttributeRequest,
): Result<PlannedEdit, CibRefusal> {
  const place = attributePlace(cib, request);
  if (!place.ok) return place;
  const pairs = meantPairs(place.value, request);
  if (pairs.length > 1 && request.pattern === undefined) return err(several(request, pairs));
  const { section } = request.scope;
  const changes = pairs.map((pair): CibChange => {
    const xml = element("nvpair", { id: attribute(pair, "id") ?? "" });
    return { kind: "delete", at: { section }, xml };
  });
  return ok({ change: inOrder(changes), notices: [] });
}

export type FoundAttribute = { readonly id: string; readonly name: string; readonly value: string };

/** Everything that is set there and meant. */
export function findAttributes(
  cib: XmlElement,
  request: AttributeRequest,
): Result<readonly FoundAttribute[], CibRefusal> {
  const place = attributePlace(cib, request);
  if (!place.ok) return place;
  const found = meantPairs(place.value, request).map((pair) => ({
    id: attribute(pair, "id") ?? "",
    name: attribute(pair, "name") ?? "",
    value: attribute(pair, "value") ?? "",
  }));
  return ok(found);
}

/** The value that is set there; undefined where none is. Refused where several are. */
export function getAttribute(
  cib: XmlElement,
  request: AttributeRequest,
): Result<string | undefined, CibRefusal> {
  const place = attributePlace(cib, request);
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

function added(
  place: AttributePlace,
  request: AttributeRequest & { readonly name: string },
  value: string,
): CibChange {
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
  const message = `${request.name ?? request.pairId} is set several times in <${request.scope.section}>: ${list}.`;
  return refusal("HF4011", message, { remedy: "Say which is meant: --id ID, or --set-name SET." });
}
