/**
 * Ids of an old CIB, made fit for today: none twice, none with ":" or a digit in front, none missing. Deterministic,
 * so that the same piece given twice gets the same ids.
 */
import {
  attribute,
  descendants,
  withAttributes,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { setNames } from "./old-form.ts";
import { note, type Translation } from "./translation.ts";

/** Their ids are names of nodes, or of resources elsewhere: they stay as they are. */
const notOurs: ReadonlySet<string> = new Set([
  "node",
  "status",
  "obj_ref",
  "acl_target",
  "resource_ref",
]);

/** What is referred to keeps its id when another element has the same. */
const keepers: ReadonlySet<string> = new Set([
  "primitive",
  "group",
  "clone",
  "master",
  "template",
  "rsc_location",
  "rsc_order",
  "rsc_colocation",
]);

const withIds: ReadonlySet<string> = new Set([
  ...keepers,
  ...setNames,
  "nvpair",
  "op",
  "rule",
  "expression",
  "date_expression",
  "date_spec",
  "duration",
]);

/** Attributes that hold the id of a resource. */
const references = ["rsc", "with-rsc", "first", "then", "id-ref", "template"];

/**
 * @param elsewhere ids with the names of their elements in the CIB that a piece goes into: an id that another kind of
 *   element has there is taken.
 */
export function mendIds(
  on: Translation,
  root: XmlElement,
  elsewhere: ReadonlyMap<string, string> = new Map(),
): XmlElement {
  const mending: Mending = { on, elsewhere, taken: new Map(), renamed: new Map() };
  for (const each of descendants(root)) {
    const id = attribute(each, "id");
    if (!keepers.has(each.name) || id === undefined) continue;
    const sound = soundId(each, id);
    if (sound !== id) mending.renamed.set(id, sound);
    if (!mending.taken.has(sound)) mending.taken.set(sound, each);
  }
  const mended = mend(mending, root, root);
  return mending.renamed.size === 0 ? mended : withReferences(mending, mended);
}

type Mending = {
  readonly on: Translation;
  readonly elsewhere: ReadonlyMap<string, string>;
  /** Ids with the elements that have them. */
  readonly taken: Map<string, XmlElement>;
  /** Ids of what can be referred to: old -> mended. */
  readonly renamed: Map<string, string>;
};

/** `owner` is the nearest element around that has an id of its own. */
function mend(mending: Mending, of: XmlElement, owner: XmlElement): XmlElement {
  if (of.name === "status") return of;
  const mended = withFitId(mending, of, owner);
  const inner = attribute(mended, "id") === undefined ? owner : mended;
  const children = mended.children.map((child) => mend(mending, child, inner));
  const same = children.every((child, i) => child === mended.children[i]);
  return same ? mended : { ...mended, children };
}

function withFitId(mending: Mending, of: XmlElement, owner: XmlElement): XmlElement {
  if (notOurs.has(of.name) || !withIds.has(of.name)) return of;
  if (attribute(of, "id-ref") !== undefined) return of;
  const id = attribute(of, "id");
  if (id === undefined && mending.on.partial) return of;
  const fit = fitId(mending, of, owner);
  mending.taken.set(fit, mending.taken.get(fit) ?? of);
  if (fit === id) return of;
  const why =
    id === undefined
      ? "Every element has an id."
      : soundId(of, id) === id
        ? "Another element has this id, and ids are unique."
        : "An id begins with a letter and has no colon.";
  note(mending.on, "HF4111", {
    of,
    from: id === undefined ? "" : `id ${id}`,
    to: `id ${fit}`,
    why,
  });
  return withAttributes(of, { id: fit });
}

function fitId(mending: Mending, of: XmlElement, owner: XmlElement): string {
  const id = attribute(of, "id");
  if (id !== undefined) {
    const sound = soundId(of, id);
    const holder = mending.taken.get(sound);
    const isKeeper =
      keepers.has(of.name) && holder?.name === of.name && attribute(holder, "id") === id;
    if (isKeeper) return sound;
    if (holder === undefined && (mending.elsewhere.get(sound) ?? of.name) === of.name) return sound;
  }
  const what = of.name === "nvpair" || of.name === "op" ? attribute(of, "name") : of.name;
  const base = `${attribute(owner, "id") ?? owner.name}-${what ?? of.name}`;
  for (let number = 1; ; number++) {
    const free = number === 1 ? base : `${base}-${number}`;
    if (!mending.taken.has(free) && (mending.elsewhere.get(free) ?? of.name) === of.name)
      return free;
  }
}

function soundId(of: XmlElement, id: string): string {
  const plain = id.replaceAll(":", "-");
  return /^[0-9]/.test(plain) ? `${of.name}-${plain}` : plain;
}

function withReferences(mending: Mending, of: XmlElement): XmlElement {
  const changes: Record<string, string> = {};
  for (const name of references) {
    const renamed = mending.renamed.get(attribute(of, name) ?? "");
    if (renamed !== undefined) changes[name] = renamed;
  }
  return {
    ...withAttributes(of, changes),
    children: of.children.map((c) => withReferences(mending, c)),
  };
}
