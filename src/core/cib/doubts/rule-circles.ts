/** Rules that stand for themselves by id-ref. */
import { attribute, descendants, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { circles } from "./circles.ts";

/** One of each circle. */
export function rulesInCircles(configuration: XmlElement): readonly XmlElement[] {
  const rules = new Map<string, XmlElement>();
  for (const each of descendants(configuration)) {
    const id = attribute(each, "id");
    if (each.name === "rule" && id !== undefined) rules.set(id, each);
  }
  const graph = new Map(
    [...rules].map(([id, rule]) => [id, rule.children.filter(isRule).map(nameOf)]),
  );
  return circles(graph).flatMap(([first = ""]) => rules.get(first) ?? []);
}

function isRule({ name }: XmlElement): boolean {
  return name === "rule";
}

function nameOf(rule: XmlElement): string {
  return attribute(rule, "id-ref") ?? attribute(rule, "id") ?? "";
}
