/** id-ref: one element may stand for another of the same name, anywhere in the CIB. */
import { attribute, descendants, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { configError } from "../model/issues.ts";
import type { Cluster } from "../model/types.ts";

/** The element itself, or the one that its id-ref names; undefined (and an issue) if there is none. */
export function resolveReference(cluster: Cluster, element: XmlElement): XmlElement | undefined {
  const reference = attribute(element, "id-ref");
  if (reference === undefined) return element;
  if (cluster.elementsById.size === 0) indexElements(cluster);
  const named = cluster.elementsById.get(reference) ?? [];
  const fitting = named.filter((candidate) => candidate.name === element.name);
  if (fitting.length === 1) return fitting[0];
  const what = fitting.length === 0 ? "which does not exist" : "which exists several times";
  configError(cluster, `<${element.name}> refers to '${reference}', ${what}`);
  return undefined;
}

function indexElements(cluster: Cluster): void {
  for (const element of descendants(cluster.input)) {
    const id = attribute(element, "id");
    if (id === undefined) continue;
    const same = cluster.elementsById.get(id);
    if (same === undefined) cluster.elementsById.set(id, [element]);
    else same.push(element);
  }
}
