/** Two CIBs -> the patch that turns the first into the second. */
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { sameXml, withoutPositions } from "../tree.ts";
import { readVersion } from "../version.ts";
import type { CibEdit, CibPatch } from "./cib-patch.ts";

export function diffCib(before: XmlElement, after: XmlElement): CibPatch {
  const edits: CibEdit[] = [];
  if (before.name === after.name) diffElement(before, after, [], edits);
  return { from: readVersion(before), to: readVersion(after), edits };
}

function diffElement(
  before: XmlElement,
  after: XmlElement,
  path: readonly number[],
  edits: CibEdit[],
): void {
  if (sameXml(before, after)) return;
  if (!sameXml({ ...before, children: [] }, { ...after, children: [] })) {
    edits.push({ kind: "attributes", path, attributes: after.attributes });
  }
  const present = withoutLost(before, after, path, edits);
  for (const [index, wanted] of after.children.entries()) {
    const at = present.findIndex((each, i) => i >= index && keyOf(each) === keyOf(wanted));
    const here = [...path, index];
    if (at < 0) {
      edits.push({ kind: "insert", path: here, xml: withoutPositions(wanted) });
      present.splice(index, 0, wanted);
      continue;
    }
    const [old] = present.splice(at, 1);
    present.splice(index, 0, wanted);
    if (at !== index) edits.push({ kind: "move", path: [...path, at], to: index });
    if (old !== undefined) diffElement(old, wanted, here, edits);
  }
}

/** Takes out the children that have no partner left in `after`, from the last on; gives those that stay. */
function withoutLost(
  before: XmlElement,
  after: XmlElement,
  path: readonly number[],
  edits: CibEdit[],
): XmlElement[] {
  const wanted = new Map<string, number>();
  for (const each of after.children) wanted.set(keyOf(each), (wanted.get(keyOf(each)) ?? 0) + 1);
  const lost: number[] = [];
  for (const [index, each] of before.children.entries()) {
    const left = wanted.get(keyOf(each)) ?? 0;
    if (left === 0) lost.push(index);
    else wanted.set(keyOf(each), left - 1);
  }
  for (const index of [...lost].reverse()) edits.push({ kind: "remove", path: [...path, index] });
  const gone = new Set(lost);
  return before.children.filter((_, index) => !gone.has(index));
}

/** What makes two siblings the same object. */
function keyOf(of: XmlElement): string {
  return `${of.name} ${attribute(of, "id") ?? ""}`;
}
