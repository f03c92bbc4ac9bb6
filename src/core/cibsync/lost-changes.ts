/** What a configuration has that another, which takes its place, has not: for the person whose changes they were. */
import { compareText } from "../../base/compare.ts";
import { printXmlCompact } from "../../formats/xml/print-xml.ts";
import { attribute, child, type XmlElement } from "../../formats/xml/xml-element.ts";
import { tagOf } from "../cib/notice.ts";

/** More are only counted. */
const namedMax = 5;

/** Such as `added or changed: <primitive id="web1">; removed: <node id="x">`; empty when there is nothing. */
export function describeLost(lost: XmlElement, winner: XmlElement): string {
  const [before, after] = [objects(lost), objects(winner)];
  const own = [...before].filter(([tag, text]) => after.get(tag) !== text).map(([tag]) => tag);
  const removed = [...after.keys()].filter((tag) => !before.has(tag));
  return [named("added or changed", own), named("removed", removed)]
    .filter((part) => part !== "")
    .join("; ");
}

function named(what: string, tags: readonly string[]): string {
  if (tags.length === 0) return "";
  const shown = [...tags].sort(compareText).slice(0, namedMax).join(", ");
  const more = tags.length > namedMax ? ` and ${tags.length - namedMax} more` : "";
  return `${what}: ${shown}${more}`;
}

function objects(cib: XmlElement): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const configuration = child(cib, "configuration");
  for (const section of configuration?.children ?? []) {
    for (const each of section.children) {
      const isSet = attribute(each, "id") !== undefined && each.name === "cluster_property_set";
      for (const object of isSet ? each.children : [each]) {
        found.set(tagOf(object), printXmlCompact(object));
      }
    }
  }
  return found;
}
