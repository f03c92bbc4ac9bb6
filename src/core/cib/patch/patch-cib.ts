/** A CIB and a patch -> the patched CIB. */
import { err, ok, type Result } from "../../../base/result.ts";
import type { XmlElement } from "../../../formats/xml/xml-element.ts";
import { type CibRefusal, refusal } from "../refusal.ts";
import { changeAt, elementAt } from "../tree.ts";
import { compareVersions, formatVersion, readVersion } from "../version.ts";
import type { CibEdit, CibPatch } from "./cib-patch.ts";

/** Refused when the CIB is not the version that the patch was made from (HF4003), or an edit does not fit (HF4007). */
export function patchCib(cib: XmlElement, patch: CibPatch): Result<XmlElement, CibRefusal> {
  const version = readVersion(cib);
  if (compareVersions(version, patch.from) !== 0) {
    const message = `The patch was made for version ${formatVersion(patch.from)} of the CIB; this is ${formatVersion(version)}.`;
    return err(refusal("HF4003", message, { remedy: "Make it again from the present CIB." }));
  }
  let patched = cib;
  for (const edit of patch.edits) {
    const next = edited(patched, edit);
    if (next === undefined) {
      return err(refusal("HF4007", `The patch has no place /${edit.path.join("/")} in this CIB.`));
    }
    patched = next;
  }
  const reached = readVersion(patched);
  if (compareVersions(reached, patch.to) === 0) return ok(patched);
  const message = `The patch leads to version ${formatVersion(reached)}, not to ${formatVersion(patch.to)} as it says.`;
  return err(refusal("HF4007", message));
}

function edited(root: XmlElement, edit: CibEdit): XmlElement | undefined {
  if (edit.kind === "attributes") {
    if (elementAt(root, edit.path) === undefined) return undefined;
    return changeAt(root, edit.path, (of) => ({ ...of, attributes: edit.attributes }));
  }
  const parentPath = edit.path.slice(0, -1);
  const index = edit.path.at(-1);
  const parent = elementAt(root, parentPath);
  if (index === undefined || index < 0 || parent === undefined) return undefined;
  const children = [...parent.children];
  if (edit.kind === "insert") {
    if (index > children.length) return undefined;
    children.splice(index, 0, edit.xml);
  } else {
    const [taken] = children.splice(index, 1);
    if (taken === undefined) return undefined;
    if (edit.kind === "move") {
      if (edit.to < 0 || edit.to > children.length) return undefined;
      children.splice(edit.to, 0, taken);
    }
  }
  return changeAt(root, parentPath, (of) => ({ ...of, children }));
}
