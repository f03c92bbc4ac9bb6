/** Changes of a CIB as JSON values: what goes over links and control sockets. */

import { err, ok } from "../../base/result.ts";
import {
  either,
  flag,
  later,
  list,
  object,
  type Shape,
  tagged,
  text,
  whole,
} from "../../formats/json/json-shape.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { xmlFromJson, xmlToJson } from "../../formats/xml/xml-json.ts";
import type { ChangeOrigin, CibChange, CibPlace } from "../cib/change.ts";
import type { CibEdit, CibPatch } from "../cib/patch/cib-patch.ts";
import { type CibSection, isCibSection } from "../cib/sections.ts";
import type { CibVersion } from "../cib/version.ts";

export const xmlShape: Shape<XmlElement> = (value) => xmlFromJson(value);

export function changeToJson(change: CibChange): unknown {
  switch (change.kind) {
    case "create":
    case "modify":
    case "replace":
      return { ...change, xml: xmlToJson(change.xml) };
    case "delete":
      return "xml" in change ? { ...change, xml: xmlToJson(change.xml) } : change;
    case "patch": {
      const edits = change.patch.edits.map((edit) =>
        edit.kind === "insert" ? { ...edit, xml: xmlToJson(edit.xml) } : edit,
      );
      return { kind: "patch", patch: { ...change.patch, edits } };
    }
    case "sequence":
      return { kind: "sequence", changes: change.changes.map(changeToJson) };
    default:
      return change;
  }
}

export const originShape: Shape<ChangeOrigin> = object<ChangeOrigin>({
  node: text,
  client: text,
  user: text,
  written: text,
});

export const versionShape: Shape<CibVersion> = object<CibVersion>({
  adminEpoch: whole,
  epoch: whole,
  numUpdates: whole,
});

const sectionShape: Shape<CibSection> = (value) =>
  typeof value === "string" && isCibSection(value) ? ok(value) : err(": a section of the CIB");

const atSection: Shape<{ readonly section: CibSection }> = object({ section: sectionShape });
const atXpath: Shape<{ readonly xpath: string }> = object({ xpath: text });
const placeShape: Shape<CibPlace> = either(atSection, atXpath);

const pathShape: Shape<readonly number[]> = list(whole);

type EditBody<K extends CibEdit["kind"]> = Omit<Extract<CibEdit, { kind: K }>, "kind">;

const attributesShape: Shape<Readonly<Record<string, string>>> = (value) => {
  const made = xmlFromJson(["x", value, []]);
  return made.ok ? ok(made.value.attributes) : made;
};

const edits: { readonly [K in CibEdit["kind"]]: Shape<EditBody<K>> } = {
  attributes: object({ path: pathShape, attributes: attributesShape }),
  insert: object({ path: pathShape, xml: xmlShape }),
  remove: object({ path: pathShape }),
  move: object({ path: pathShape, to: whole }),
};

const patchShape: Shape<CibPatch> = object<CibPatch>({
  from: versionShape,
  to: versionShape,
  edits: list(
    tagged<CibEdit>("kind", edits as unknown as Readonly<Record<string, Shape<CibEdit>>>),
  ),
});

type Modify = Omit<Extract<CibChange, { kind: "modify" }>, "kind">;
type DeleteMatches = { readonly at: { readonly xpath: string }; readonly everyMatch?: boolean };
type DeleteObject = { readonly at: { readonly section: CibSection }; readonly xml: XmlElement };

const deleteShape: Shape<DeleteMatches | DeleteObject> = either(
  object<DeleteMatches>({ at: atXpath, everyMatch: flag }, ["everyMatch"]),
  object<DeleteObject>({ at: atSection, xml: xmlShape }),
);

const changes = {
  create: object({ at: placeShape, xml: xmlShape }),
  modify: object<Modify>({ at: placeShape, xml: xmlShape, allowCreate: flag, everyMatch: flag }, [
    "allowCreate",
    "everyMatch",
  ]),
  replace: object({ at: placeShape, xml: xmlShape }),
  delete: deleteShape,
  erase: object({}),
  bump: object({}),
  patch: object({ patch: patchShape }),
  sequence: object({ changes: list(later((): Shape<CibChange> => changeShape)) }),
};

export const changeShape: Shape<CibChange> = tagged<CibChange>(
  "kind",
  changes as unknown as Readonly<Record<CibChange["kind"], Shape<CibChange>>>,
);
