/** Which resources there are, and what they are part of. */
import type { Prng } from "../../../../src/base/prng.ts";
import {
  attribute,
  element,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../../src/formats/xml/xml-element.ts";
import {
  changeOne,
  elementsNamed,
  freshId,
  idOf,
  inSection,
  type Mutation,
  pair,
  pickFrom,
  pickNamed,
  replaceElement,
  sectionOf,
  setInBlock,
  topResources,
} from "./change-tree.ts";

export const structureMutations: readonly Mutation[] = [
  { feature: "removed resource", change: removeResource },
  { feature: "removed resource", change: removeResource },
  { feature: "wrapped", change: wrap },
  { feature: "wrapped", change: wrap },
  { feature: "unwrapped", change: unwrap },
  { feature: "group", change: joinGroup },
  { feature: "order of resources", change: shuffleSection },
  { feature: "template or tag", change: makeTemplate },
  { feature: "template or tag", change: makeTag },
  { feature: "rule in a block", change: ruleInBlock },
  { feature: "guest node", change: makeGuest },
  { feature: "new resource", change: copyResource },
];

/** It stays in the status section: a removed resource that may still run. */
function removeResource(cib: XmlElement, prng: Prng): XmlElement {
  const kinds = ["primitive", "primitive", "group", "clone"];
  return withoutEmptyParents(changeOne(cib, kinds, prng, () => "removed"));
}

/** Takes out what refers to nothing that is there: no schema allows it. */
export function withoutDangling(cib: XmlElement): XmlElement {
  const kinds = ["primitive", "group", "clone", "master", "bundle", "template", "tag"];
  const known = new Set(elementsNamed(cib, ...kinds).map(idOf));
  const ends = ["rsc", "with-rsc", "first", "then", "devices"];
  const dangles = (each: XmlElement): boolean =>
    ends.some(
      (name) =>
        attribute(each, name)
          ?.split(",")
          .some((id) => !known.has(id)) === true,
    );
  const cleaned = (section: XmlElement): XmlElement =>
    withChildren(
      section,
      section.children.flatMap((each) => {
        if (dangles(each)) return [];
        if (["resource_ref", "obj_ref"].includes(each.name))
          return known.has(idOf(each)) ? [each] : [];
        const inner = cleaned(each);
        return inner.children.length === 0 && each.children.length > 0 ? [] : [inner];
      }),
    );
  const sections = ["constraints", "fencing-topology", "tags"];
  return sections.reduce(
    (made, name) => (sectionOf(made, name).length === 0 ? made : inSection(made, name, cleaned)),
    cib,
  );
}

/** An empty group or clone is not a configuration that Pacemaker takes. */
function withoutEmptyParents(cib: XmlElement): XmlElement {
  for (const each of elementsNamed(cib, "group", "clone", "master")) {
    const members = each.children.some(({ name }) => ["primitive", "group"].includes(name));
    if (!members) return withoutEmptyParents(replaceElement(cib, each, () => "removed"));
  }
  return cib;
}

function wrap(cib: XmlElement, prng: Prng): XmlElement {
  const target = pickFrom(
    topResources(cib).filter(({ name }) => name === "primitive" || name === "group"),
    prng,
  );
  if (target === undefined || attribute(target, "class") === "stonith") return cib;
  const kind = target.name === "primitive" && prng.chance(0.4) ? "group" : "clone";
  // Constraints on it are constraints on the whole from now on.
  const id = prng.chance(0.5) ? idOf(target) : freshId(cib, `fuzz-${kind}`);
  const inner =
    id === idOf(target) ? withAttributes(target, { id: freshId(cib, `${id}-inner`) }) : target;
  const meta =
    kind === "group"
      ? []
      : [
          element(
            "meta_attributes",
            { id: `${id}-fuzz-wrap` },
            ["promotable", "interleave", "notify", "ordered", "globally-unique"].flatMap((name) =>
              prng.chance(0.35) ? [pair(`${id}-wrap-${name}`, name, "true")] : [],
            ),
          ),
        ];
  return replaceElement(cib, target, () => element(kind, { id }, [...meta, inner]));
}

function unwrap(cib: XmlElement, prng: Prng): XmlElement {
  return changeOne(cib, ["group", "clone", "master"], prng, (old) =>
    old.children.filter(({ name }) => ["primitive", "group"].includes(name)),
  );
}

/** A primitive of the top becomes a group's member. */
function joinGroup(cib: XmlElement, prng: Prng): XmlElement {
  const target = pickFrom(
    topResources(cib).filter(({ name }) => name === "primitive"),
    prng,
  );
  const group = pickNamed(cib, ["group"], prng);
  if (target === undefined || group === undefined) return cib;
  const without = replaceElement(cib, target, () => "removed");
  const at = prng.chance(0.5);
  return replaceElement(without, group, (old) => {
    const first = old.children.findIndex(({ name }) => name === "primitive");
    const place = at || first < 0 ? old.children.length : first;
    return withChildren(old, [
      ...old.children.slice(0, place),
      target,
      ...old.children.slice(place),
    ]);
  });
}

function shuffleSection(cib: XmlElement, prng: Prng): XmlElement {
  const name = prng.pick(["resources", "constraints", "nodes"]);
  return inSection(cib, name, (section) => {
    const left = [...section.children];
    const children: XmlElement[] = [];
    while (left.length > 0) children.push(...left.splice(prng.below(left.length), 1));
    return withChildren(section, children);
  });
}

function makeTemplate(cib: XmlElement, prng: Prng): XmlElement {
  const target = pickFrom(
    elementsNamed(cib, "primitive").filter((each) => attribute(each, "template") === undefined),
    prng,
  );
  if (target === undefined) return cib;
  const id = freshId(cib, "fuzz-template");
  const agent: Record<string, string> = {};
  for (const name of ["class", "provider", "type"]) {
    const value = attribute(target, name);
    if (value !== undefined) agent[name] = value;
  }
  const made = replaceElement(cib, target, (old) =>
    element("primitive", { id: idOf(old), template: id }, prng.chance(0.5) ? [] : old.children),
  );
  const inner = target.children.map((each) => withSuffix(each, id));
  return inSection(made, "resources", (old) =>
    withChildren(old, [element("template", { id, ...agent }, inner), ...old.children]),
  );
}

function makeTag(cib: XmlElement, prng: Prng): XmlElement {
  const ids = [pickFrom(topResources(cib), prng), pickFrom(topResources(cib), prng)].flatMap(
    (each) => (each === undefined ? [] : [idOf(each)]),
  );
  const constraint = pickNamed(
    cib,
    ["rsc_location", "rsc_order", "rsc_colocation", "rsc_ticket"],
    prng,
  );
  if (ids.length === 0 || constraint === undefined) return cib;
  const id = freshId(cib, "fuzz-tag");
  const name = constraint.name === "rsc_order" ? "first" : "rsc";
  if (attribute(constraint, name) === undefined) return cib;
  const tag = element(
    "tag",
    { id },
    [...new Set(ids)].map((each) => element("obj_ref", { id: each })),
  );
  const tagged = inSection(cib, "tags", (old) => withChildren(old, [...old.children, tag]));
  const target = elementsNamed(tagged, constraint.name).find(
    (each) => idOf(each) === idOf(constraint),
  );
  return target === undefined
    ? tagged
    : replaceElement(tagged, target, (old) => withAttributes(old, { [name]: id }));
}

function ruleInBlock(cib: XmlElement, prng: Prng): XmlElement {
  const blocks = elementsNamed(cib, "meta_attributes", "instance_attributes").filter((each) =>
    each.children.every(({ name }) => name === "nvpair"),
  );
  const target = pickFrom(blocks, prng);
  if (target === undefined) return cib;
  const id = `${idOf(target)}-fuzz-rule`;
  const bound = prng.pick(["2001-01-01", "2037-01-01"]);
  const node = prng.pick(["node1", "nowhere"]);
  const condition = prng.pick([
    element("date_expression", { id: `${id}-date`, operation: "gt", start: bound }),
    element("date_expression", { id: `${id}-date`, operation: "lt", end: bound }),
    element("expression", { id: `${id}-node`, attribute: "#uname", operation: "eq", value: node }),
  ]);
  return replaceElement(cib, target, (old) =>
    withChildren(old, [element("rule", { id, score: "INFINITY" }, [condition]), ...old.children]),
  );
}

/** A primitive becomes a machine that is a node itself. */
function makeGuest(cib: XmlElement, prng: Prng): XmlElement {
  return changeOne(cib, ["primitive"], prng, (old) =>
    attribute(old, "class") === "stonith"
      ? old
      : setInBlock(old, "meta_attributes", ["remote-node", `guest-${idOf(old)}`]),
  );
}

/** Like one that is there, with a new name and no history. */
function copyResource(cib: XmlElement, prng: Prng): XmlElement {
  const target = pickFrom(topResources(cib), prng);
  if (target === undefined) return cib;
  const suffix = freshId(cib, "copy");
  return inSection(cib, "resources", (old) =>
    withChildren(old, [...old.children, withSuffix(target, suffix)]),
  );
}

function withSuffix(each: XmlElement, suffix: string): XmlElement {
  const id = attribute(each, "id");
  const named = id === undefined ? each : withAttributes(each, { id: `${id}-${suffix}` });
  const guest = attribute(named, "name") === "remote-node" ? attribute(named, "value") : undefined;
  // Two machines cannot be one node.
  const renamed =
    guest === undefined ? named : withAttributes(named, { value: `${guest}-${suffix}` });
  return withChildren(
    renamed,
    each.children.map((part) => withSuffix(part, suffix)),
  );
}
