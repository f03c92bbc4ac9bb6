/** cibadmin --delete and --delete-all. */
import { err, ok, type Result } from "../../../base/result.ts";
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { type CibRefusal, refusal } from "../refusal.ts";
import { type CibSection, sectionPath } from "../sections.ts";
import { changeAt, elementAt, findPath, type Path } from "../tree.ts";
import { fragmentOf, matchesOf } from "./place.ts";

/** An element named like the section stands for its children, each of which is taken out. */
export function deleteObject(
  cib: XmlElement,
  section: CibSection,
  xml: XmlElement,
): Result<XmlElement, CibRefusal> {
  const fragment = fragmentOf(section, xml);
  if (!fragment.ok) return fragment;
  let left = cib;
  const wanted = fragment.value.name === section ? fragment.value.children : [fragment.value];
  for (const each of wanted) {
    const start = sectionPath(left, section);
    const path = start && findMatching(left, start, each);
    if (path !== undefined) left = changeAt(left, path, () => undefined);
  }
  return ok(left);
}

export function deleteMatches(
  cib: XmlElement,
  xpath: string,
  everyMatch: boolean,
): Result<XmlElement, CibRefusal> {
  const matches = matchesOf(cib, xpath);
  if (!matches.ok) return matches;
  const paths = everyMatch ? matches.value : matches.value.slice(0, 1);
  if (paths.some((path) => path.length === 0)) {
    return err(
      refusal("HF4005", `${xpath} stands for the whole CIB.`, {
        remedy: "To empty it, use cibadmin --erase --force.",
      }),
    );
  }
  let left = cib;
  // From the last to the first: what stands before keeps its place, and a parent goes after its children.
  for (const path of [...unique(paths)].reverse()) left = changeAt(left, path, () => undefined);
  return ok(left);
}

function unique(paths: readonly Path[]): readonly Path[] {
  const seen = new Map(paths.map((path) => [path.join("/"), path]));
  return [...seen.values()];
}

/** Below the element at `start`: name and every given attribute match, upper and lower case being the same. */
function findMatching(root: XmlElement, start: Path, wanted: XmlElement): Path | undefined {
  const top = elementAt(root, start) as XmlElement;
  const below = findPath(top, (each) => each !== top && matches(each, wanted));
  return below && [...start, ...below];
}

function matches(each: XmlElement, wanted: XmlElement): boolean {
  if (each.name !== wanted.name) return false;
  return Object.entries(wanted.attributes).every(([name, value]) => {
    const own = attribute(each, name);
    return name === "id" ? own === value : own?.toLowerCase() === value.toLowerCase();
  });
}
