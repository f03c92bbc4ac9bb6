/** cibadmin --replace. */
import { err, ok, type Result } from "../../../base/result.ts";
import { attribute, element, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { CibPlace } from "../change.ts";
import { type CibRefusal, refusal } from "../refusal.ts";
import { sectionOf, sectionPath } from "../sections.ts";
import { changeAt, elementAt, findPath, type Path } from "../tree.ts";
import { compareVersions, formatVersion, readVersion } from "../version.ts";
import { withSums } from "./merge.ts";
import { fragmentOf, matchesOf, noSuchObject } from "./place.ts";

export function replaceObject(
  cib: XmlElement,
  at: CibPlace,
  xml: XmlElement,
): Result<XmlElement, CibRefusal> {
  if ("xpath" in at) return replaceMatch(cib, at, xml);
  const fragment = fragmentOf(at.section, xml);
  if (!fragment.ok) return fragment;
  if (fragment.value.name === "cib") return replaceWhole(cib, fragment.value);
  // The search never stops at the element where it starts: a section named by itself is looked for in the whole.
  const start = fragment.value.name === at.section ? [] : sectionPath(cib, at.section);
  const path = start && findBelow(cib, start, fragment.value);
  if (path === undefined) return err(noSuchObject(at, fragment.value));
  return ok(changeAt(cib, path, () => withSums(fragment.value)));
}

function replaceMatch(
  cib: XmlElement,
  at: { readonly xpath: string },
  xml: XmlElement,
): Result<XmlElement, CibRefusal> {
  const matches = matchesOf(cib, at.xpath);
  if (!matches.ok) return matches;
  const [first] = matches.value;
  if (first === undefined) return err(noSuchObject(at));
  if (first.length === 0) return replaceWhole(cib, xml);
  const without = changeAt(cib, first, () => undefined);
  return ok(
    changeAt(without, first.slice(0, -1), (parent) => ({
      ...parent,
      children: [...parent.children, withSums(xml)],
    })),
  );
}

/** Keeps the status where the replacement has none: cibadmin would lose what the cluster knows of its resources. */
function replaceWhole(cib: XmlElement, replacement: XmlElement): Result<XmlElement, CibRefusal> {
  if (replacement.name !== "cib") {
    return err(refusal("HF4005", `<${replacement.name}> cannot take the place of the whole CIB.`));
  }
  const [old, offered] = [readVersion(cib), readVersion(replacement)];
  if (compareVersions(offered, old) < 0) {
    return err(
      refusal(
        "HF4003",
        `The given CIB is version ${formatVersion(offered)}, older than the running ${formatVersion(old)}.`,
        { remedy: "Take the present one (cibadmin --query), change that, and give it back." },
      ),
    );
  }
  if (sectionOf(replacement, "status") !== undefined) return ok(withSums(replacement));
  const status = sectionOf(cib, "status") ?? element("status");
  return ok(withSums({ ...replacement, children: [...replacement.children, status] }));
}

/** The first element of that name, and of that id if one is given, below the element at `start`. */
function findBelow(root: XmlElement, start: Path, wanted: XmlElement): Path | undefined {
  const id = attribute(wanted, "id");
  const top = elementAt(root, start) as XmlElement;
  const below = findPath(
    top,
    (each) =>
      each !== top &&
      each.name === wanted.name &&
      (id === undefined || attribute(each, "id") === id),
  );
  return below && [...start, ...below];
}
