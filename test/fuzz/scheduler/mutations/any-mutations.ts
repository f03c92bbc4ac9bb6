/** Changes that know nothing of what an element means: something is left out, or has the value of another. */
import type { Prng } from "../../../../src/base/prng.ts";
import {
  attribute,
  descendants,
  withAttributes,
  type XmlElement,
} from "../../../../src/formats/xml/xml-element.ts";
import { type Mutation, pickFrom, replaceElement } from "./change-tree.ts";

export const anyMutations: readonly Mutation[] = [
  { feature: "any element left out", change: leaveOut },
  { feature: "any attribute left out", change: leaveAttributeOut },
  { feature: "any attribute changed", change: changeAttribute },
  { feature: "any attribute changed", change: changeAttribute },
];

const sections = [
  "cib",
  "configuration",
  "crm_config",
  "nodes",
  "resources",
  "constraints",
  "status",
];
/** What names things: without it nothing can be read. */
const names = new Set([
  "id",
  "uname",
  "class",
  "provider",
  "type",
  "name",
  "attribute",
  "rsc",
  "first",
  "then",
  "with-rsc",
  "ticket",
  "operation",
  "index",
  "devices",
]);
const usual = ["true", "false", "0", "1", "2", "INFINITY", "-INFINITY"];

/** Kinds first: else operations would nearly always be it. */
function pickElement(cib: XmlElement, prng: Prng): XmlElement | undefined {
  const all = [...descendants(cib)].filter((each) => !sections.includes(each.name));
  const kind = pickFrom([...new Set(all.map((each) => each.name))].sort(), prng);
  return pickFrom(
    all.filter((each) => each.name === kind),
    prng,
  );
}

function pickAttribute(of: XmlElement, prng: Prng): string | undefined {
  const candidates = Object.keys(of.attributes).filter((name) => !names.has(name));
  return pickFrom(candidates, prng);
}

function leaveOut(cib: XmlElement, prng: Prng): XmlElement {
  const target = pickElement(cib, prng);
  return target === undefined ? cib : replaceElement(cib, target, () => "removed");
}

function leaveAttributeOut(cib: XmlElement, prng: Prng): XmlElement {
  const target = pickElement(cib, prng);
  const name = target && pickAttribute(target, prng);
  if (target === undefined || name === undefined) return cib;
  return replaceElement(cib, target, (old) => withAttributes(old, { [name]: undefined }));
}

function changeAttribute(cib: XmlElement, prng: Prng): XmlElement {
  const target = pickElement(cib, prng);
  const name = target && pickAttribute(target, prng);
  if (target === undefined || name === undefined) return cib;
  const alike = [...descendants(cib)].filter(
    (each) => each.name === target.name && attribute(each, "name") === attribute(target, "name"),
  );
  const values = [...new Set(alike.flatMap((each) => attribute(each, name) ?? []))];
  const value = values.length > 1 && prng.chance(0.6) ? prng.pick(values) : prng.pick(usual);
  return replaceElement(cib, target, (old) => withAttributes(old, { [name]: value }));
}
