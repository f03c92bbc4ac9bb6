/** Where the pairs stand that an attribute's request is about: options, defaults, attributes and utilization of nodes. */
import { ok, type Result } from "../../../base/result.ts";
import { compilePattern } from "../../../formats/cib/pattern/pattern.ts";
import {
  attribute,
  childrenNamed,
  element,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { declaredSets } from "../empty-cib.ts";
import { optionNamed } from "../read/cluster-options.ts";
import type { CibRefusal } from "../refusal.ts";
import { sectionChildren } from "../sections.ts";
import type { StatusNode } from "../status/operation-result.ts";
import { knownNode } from "./planned-edit.ts";

/** Options and defaults, attributes of a node for good ("nodes") or until it leaves ("status"). */
export type AttributeScope =
  | { readonly section: "crm_config" | "rsc_defaults" | "op_defaults" }
  | {
      readonly section: "nodes" | "status";
      readonly node: string;
      /** What it offers, not what it is: in the section nodes. */
      readonly utilization?: boolean | undefined;
    };

/** Which pairs are meant: all that fit everything that is given. */
export type AttributeRequest = {
  readonly scope: AttributeScope;
  readonly name?: string | undefined;
  /** An extended regular expression over names. */
  readonly pattern?: string | undefined;
  readonly setId?: string | undefined;
  readonly pairId?: string | undefined;
};

/** Where the pairs stand, and how a new one is wrapped. */
export type AttributePlace = {
  readonly sets: readonly XmlElement[];
  readonly setId: string;
  wrap(set: XmlElement): XmlElement;
  readonly setName: string;
};

export function attributePlace(
  cib: XmlElement,
  request: AttributeRequest,
): Result<AttributePlace, CibRefusal> {
  const { scope } = request;
  if (!("node" in scope)) return ok(plainPlace(cib, scope.section, request));
  const node = knownNode(cib, scope.node);
  return node.ok ? ok(nodePlace(cib, scope, node.value)) : node;
}

function plainPlace(
  cib: XmlElement,
  section: "crm_config" | "rsc_defaults" | "op_defaults",
  request: AttributeRequest,
): AttributePlace {
  const options = section === "crm_config";
  const setName = options ? "cluster_property_set" : "meta_attributes";
  const sets = sectionChildren(cib, section).filter((each) => each.name === setName);
  const setId = options ? "cib-bootstrap-options" : `${section}-options`;
  const own = sets.filter((set) => !declaredSets.includes(attribute(set, "id") ?? ""));
  const inOwn = own.some((set) => pairsOf(set, request).length > 0);
  // What a person has set counts before what a new cluster was given.
  return { sets: inOwn ? own : sets, setId, setName, wrap: (set) => set };
}

function nodePlace(
  cib: XmlElement,
  { section, utilization }: Extract<AttributeScope, { readonly node: string }>,
  node: StatusNode,
): AttributePlace {
  const mine = sectionChildren(cib, section).filter((each) => attribute(each, "id") === node.id);
  const setName = utilization === true ? "utilization" : "instance_attributes";
  const setId = `${section}-${node.id}${utilization === true ? "-utilization" : ""}`;
  const id = node.id;
  if (section === "nodes") {
    const sets = mine.flatMap((each) => childrenNamed(each, setName));
    // Only a remote node needs no entry of its own before.
    const entry = mine.length === 0 ? { id, uname: node.uname, type: "remote" } : { id };
    return { sets, setId, setName, wrap: (set) => element("node", entry, [set]) };
  }
  const outer = mine.flatMap((each) => childrenNamed(each, "transient_attributes"));
  const wrap = (set: XmlElement): XmlElement =>
    element("node_state", { id, uname: node.uname }, [
      element("transient_attributes", { id }, [set]),
    ]);
  return { sets: outer.flatMap((each) => each.children), setId, setName, wrap };
}

/** In the order in which they stand there. */
export function meantPairs(
  place: AttributePlace,
  request: AttributeRequest,
): readonly XmlElement[] {
  return place.sets
    .filter((set) => request.setId === undefined || attribute(set, "id") === request.setId)
    .flatMap((set) => pairsOf(set, request));
}

function pairsOf(set: XmlElement, request: AttributeRequest): readonly XmlElement[] {
  const isOption = request.scope.section === "crm_config";
  const today = isOption && request.name !== undefined ? optionNamed(request.name) : undefined;
  const pattern = request.pattern === undefined ? undefined : compilePattern(request.pattern);
  return childrenNamed(set, "nvpair").filter((pair) => {
    if (request.pairId !== undefined && attribute(pair, "id") !== request.pairId) return false;
    const name = attribute(pair, "name") ?? "";
    if (pattern !== undefined && !(pattern.ok && pattern.value.find(name) !== undefined))
      return false;
    if (request.name === undefined) return true;
    // An option may stand there under another of its names.
    return name === request.name || (today !== undefined && optionNamed(name) === today);
  });
}
