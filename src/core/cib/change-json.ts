/** Changes that come as JSON, from a command or from another node: taken apart with care, never trusted. */
import { err, ok, type Result } from "../../base/result.ts";
import { element, type XmlElement } from "../../formats/xml/xml-element.ts";
import type { CibChange, CibPlace } from "./change.ts";
import type { CibEdit, CibPatch } from "./patch/cib-patch.ts";
import { type CibSection, isCibSection } from "./sections.ts";
import type { CibVersion } from "./version.ts";

/** Deeper nesting is no change of ours. */
const depthMax = 250;

/** The change that a JSON value is, with nothing in it that does not belong there; or what is wrong. */
export function decodeChange(value: unknown): Result<CibChange> {
  const on: Decoding = { problem: undefined };
  const change = toChange(on, value, 0);
  return on.problem === undefined ? ok(change) : err(on.problem);
}

/** An element that came as JSON. */
export function decodeElement(value: unknown): Result<XmlElement> {
  const on: Decoding = { problem: undefined };
  const decoded = toElement(on, value, 0);
  return on.problem === undefined ? ok(decoded) : err(on.problem);
}

/** The first problem that is found; what a function gives after it is of no meaning. */
type Decoding = { problem: string | undefined };

const nothing: CibChange = { kind: "sequence", changes: [] };

function toChange(on: Decoding, value: unknown, depth: number): CibChange {
  const given = toRecord(on, value, "a change");
  const { kind } = given;
  switch (kind) {
    case "create":
    case "replace":
      return { kind, at: toPlace(on, given["at"]), xml: toElement(on, given["xml"], 0) };
    case "modify":
      return {
        kind,
        at: toPlace(on, given["at"]),
        xml: toElement(on, given["xml"], 0),
        allowCreate: given["allowCreate"] === true,
        everyMatch: given["everyMatch"] === true,
      };
    case "delete": {
      const at = toPlace(on, given["at"]);
      if ("section" in at) return { kind, at, xml: toElement(on, given["xml"], 0) };
      return { kind, at, everyMatch: given["everyMatch"] === true };
    }
    case "erase":
    case "bump":
      return { kind };
    case "patch":
      return { kind, patch: toPatch(on, given["patch"]) };
    case "sequence": {
      if (depth >= depthMax) return fail(on, "changes are nested too deep", nothing);
      const changes = toList(on, given["changes"], "changes");
      return { kind, changes: changes.map((each) => toChange(on, each, depth + 1)) };
    }
    default:
      return fail(on, `"${String(kind)}" is no kind of change`, nothing);
  }
}

function toPlace(on: Decoding, value: unknown): CibPlace {
  const given = toRecord(on, value, "a place");
  if (given["xpath"] !== undefined) return { xpath: toText(on, given["xpath"], "xpath") };
  return { section: toSection(on, toText(on, given["section"], "section")) };
}

function toSection(on: Decoding, name: string): CibSection {
  return isCibSection(name) ? name : fail(on, `"${name}" is no section of a CIB`, "all");
}

function toPatch(on: Decoding, value: unknown): CibPatch {
  const given = toRecord(on, value, "a patch");
  const edits = toList(on, given["edits"], "edits").map((each) => toEdit(on, each));
  return { from: toVersion(on, given["from"]), to: toVersion(on, given["to"]), edits };
}

function toEdit(on: Decoding, value: unknown): CibEdit {
  const given = toRecord(on, value, "an edit");
  const { kind } = given;
  const path = toList(on, given["path"], "path").map((each) => toCount(on, each, "path"));
  switch (kind) {
    case "attributes":
      return { kind, path, attributes: toAttributes(on, given["attributes"]) };
    case "insert":
      return { kind, path, xml: toElement(on, given["xml"], 0) };
    case "remove":
      return { kind, path };
    case "move":
      return { kind, path, to: toCount(on, given["to"], "to") };
    default:
      return fail(on, `"${String(kind)}" is no kind of edit`, { kind: "remove", path });
  }
}

function toVersion(on: Decoding, value: unknown): CibVersion {
  const given = toRecord(on, value, "a version");
  return {
    adminEpoch: toCount(on, given["adminEpoch"], "adminEpoch"),
    epoch: toCount(on, given["epoch"], "epoch"),
    numUpdates: toCount(on, given["numUpdates"], "numUpdates"),
  };
}

const xmlName = /^[\p{L}_:][\p{L}\p{N}\p{M}_:.·-]*$/u;

function toElement(on: Decoding, value: unknown, depth: number): XmlElement {
  if (depth >= depthMax) return fail(on, "elements are nested too deep", element("x"));
  const given = toRecord(on, value, "an element");
  const name = toText(on, given["name"], "name");
  if (!xmlName.test(name)) fail(on, `"${name}" is no name of an element`, name);
  const attributes = toAttributes(on, given["attributes"]);
  const children = toList(on, given["children"], "children").map((each) =>
    toElement(on, each, depth + 1),
  );
  if (given["position"] === undefined) return { name, attributes, children };
  const place = toRecord(on, given["position"], "a position");
  const line = toCount(on, place["line"], "line");
  return {
    name,
    attributes,
    children,
    position: { line, column: toCount(on, place["column"], "column") },
  };
}

function toAttributes(on: Decoding, value: unknown): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [name, text] of Object.entries(toRecord(on, value, "attributes"))) {
    if (!xmlName.test(name) || name === "__proto__") {
      fail(on, `"${name}" is no name of an attribute`, name);
    } else attributes[name] = toText(on, text, name);
  }
  return attributes;
}

function toRecord(on: Decoding, value: unknown, what: string): Readonly<Record<string, unknown>> {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord ? (value as Record<string, unknown>) : fail(on, `${what} must be an object`, {});
}

function toList(on: Decoding, value: unknown, what: string): readonly unknown[] {
  return Array.isArray(value) ? value : fail(on, `${what} must be a list`, []);
}

function toText(on: Decoding, value: unknown, what: string): string {
  return typeof value === "string" ? value : fail(on, `${what} must be text`, "");
}

function toCount(on: Decoding, value: unknown, what: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  return fail(on, `${what} must be a whole number, 0 or more`, 0);
}

function fail<T>(on: Decoding, problem: string, instead: T): T {
  on.problem ??= problem;
  return instead;
}
