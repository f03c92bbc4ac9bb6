/** Makes a CIB smaller while something stays true of it: what is left is what matters. */
import { descendants, type XmlElement } from "../../../src/formats/xml/xml-element.ts";
import { replaceElement } from "./mutations/change-tree.ts";

/** Without these the text is not a CIB. */
const kept = new Set([
  "cib",
  "configuration",
  "crm_config",
  "nodes",
  "resources",
  "constraints",
  "status",
]);

/** @param limit how often `holds` may be asked. */
export function shrinkCib(
  cib: XmlElement,
  holds: (candidate: XmlElement) => boolean,
  limit: number,
): XmlElement {
  let smallest = cib;
  let asked = 0;
  let shrunk = true;
  while (shrunk && asked < limit) {
    shrunk = false;
    for (const each of [...descendants(smallest)]) {
      if (kept.has(each.name) || asked >= limit) continue;
      const candidate = replaceElement(smallest, each, () => "removed");
      if (candidate === smallest) continue;
      asked++;
      if (!holds(candidate)) continue;
      smallest = candidate;
      shrunk = true;
    }
  }
  return smallest;
}
