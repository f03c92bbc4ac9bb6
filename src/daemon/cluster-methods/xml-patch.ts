/**
 * A patch as crm_diff writes it (`<diff format="2">`) -> the edits of a CibPatch. Addresses are XPath expressions of the
 * CIB as it was; what is added or moved is put in its place after everything else, by ascending places.
 */
import { UserError } from "../../api/user-error.ts";
import { cibDigest } from "../../core/cib/cib-digest.ts";
import type { CibEdit, CibPatch } from "../../core/cib/patch/cib-patch.ts";
import { changeAt, elementAt } from "../../core/cib/tree.ts";
import { readVersion } from "../../core/cib/version.ts";
import { selectXPath } from "../../formats/cib/xpath/xpath.ts";
import { attribute, child, childrenNamed, type XmlElement } from "../../formats/xml/xml-element.ts";

/** @throws UserError HF4007 when it is no patch, or does not fit the CIB. */
export function patchFromXml(cib: XmlElement, diff: XmlElement): CibPatch {
  if (diff.name !== "diff" || attribute(diff, "format") !== "2") {
    throw misfit(
      `<${diff.name} format="${attribute(diff, "format") ?? "1"}"> is no patch of format 2`,
      "Make it with crm_diff from CIBs whose crm_feature_set is 3.0.9 or later.",
    );
  }
  const version = child(diff, "version");
  const source = version && child(version, "source");
  const target = version && child(version, "target");
  const draft: Draft = { cib, edits: [] };
  const changes = childrenNamed(diff, "change");
  const placing = (change: XmlElement): boolean =>
    ["create", "move"].includes(attribute(change, "operation") ?? "");
  for (const change of changes.filter((each) => !placing(each))) addEdit(draft, change);
  const placed = changes.filter(placing).sort((a, b) => positionOf(a) - positionOf(b));
  for (const change of placed) addEdit(draft, change);
  checkDigest(draft.cib, attribute(diff, "digest"));
  return {
    from: readVersion(source ?? cib),
    to: readVersion(target ?? draft.cib),
    edits: draft.edits,
  };
}

/** What the patch was made from can differ from this CIB where the patch does not look. */
function checkDigest(patched: XmlElement, digest: string | undefined): void {
  if (digest === undefined || digest === cibDigest(patched)) return;
  throw misfit("the patch does not lead to the CIB that it was made for: another one was changed");
}

/** The CIB as the edits so far have left it. */
type Draft = { cib: XmlElement; readonly edits: CibEdit[] };

function addEdit(draft: Draft, change: XmlElement): void {
  const edit = editOf(draft.cib, change);
  draft.edits.push(edit);
  draft.cib = edited(draft.cib, edit);
}

function editOf(cib: XmlElement, change: XmlElement): CibEdit {
  const path = pathOf(cib, attribute(change, "path") ?? "");
  const operation = attribute(change, "operation");
  switch (operation) {
    case "modify": {
      const result = child(change, "change-result")?.children[0];
      if (result === undefined) throw misfit("a <change> has no <change-result>");
      return { kind: "attributes", path, attributes: result.attributes };
    }
    case "delete":
      return { kind: "remove", path };
    case "create": {
      const [xml] = change.children;
      if (xml === undefined) throw misfit("a <change operation=create> has nothing in it");
      const siblings = elementAt(cib, path)?.children.length ?? 0;
      return { kind: "insert", path: [...path, Math.min(positionOf(change), siblings)], xml };
    }
    case "move":
      return { kind: "move", path, to: positionOf(change) };
    default:
      throw misfit(`a <change> has the unknown operation "${operation ?? ""}"`);
  }
}

function edited(cib: XmlElement, edit: CibEdit): XmlElement {
  switch (edit.kind) {
    case "attributes":
      return changeAt(cib, edit.path, (of) => ({ ...of, attributes: edit.attributes }));
    case "remove":
      return withChildrenAt(cib, edit.path, (children, index) => children.toSpliced(index, 1));
    case "insert":
      return withChildrenAt(cib, edit.path, (children, index) =>
        children.toSpliced(index, 0, edit.xml),
      );
    case "move":
      return withChildrenAt(cib, edit.path, (children, index) => {
        const moved = children[index] as XmlElement;
        return children.toSpliced(index, 1).toSpliced(edit.to, 0, moved);
      });
  }
}

function withChildrenAt(
  cib: XmlElement,
  path: readonly number[],
  change: (children: readonly XmlElement[], index: number) => readonly XmlElement[],
): XmlElement {
  const index = path.at(-1);
  if (index === undefined) throw misfit("the whole CIB cannot be taken out or moved");
  return changeAt(cib, path.slice(0, -1), (of) => ({
    ...of,
    children: change(of.children, index),
  }));
}

function pathOf(cib: XmlElement, address: string): readonly number[] {
  const selected = selectXPath(cib, address);
  const [match] = selected.ok ? selected.value : [];
  if (match !== undefined) return match.path;
  throw misfit(`the CIB has nothing at ${address}`);
}

function positionOf(change: XmlElement): number {
  const position = Number(attribute(change, "position") ?? Number.POSITIVE_INFINITY);
  return Number.isInteger(position) && position >= 0 ? position : Number.MAX_SAFE_INTEGER;
}

function misfit(
  message: string,
  remedy = "Make the patch again from the CIB as it is.",
): UserError {
  return new UserError("HF4007", message, { exit: 65, remedy });
}
