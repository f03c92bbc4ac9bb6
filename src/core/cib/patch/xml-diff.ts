/**
 * The difference of two CIBs as Pacemaker writes it (`<diff format="2">`): what crm_diff prints and `cibadmin --patch`
 * takes. Elements are the same if name and id are; addresses are those of the CIB as it was.
 */
import { xpathLiteral } from "../../../formats/cib/xpath/literal.ts";
import { printXmlCompact } from "../../../formats/xml/print-xml.ts";
import { attribute, element, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { cibDigest } from "../cib-digest.ts";
import { readVersion, withVersion } from "../version.ts";

export type XmlDiffOptions = {
  /** With the versions from which and to which it leads. */
  readonly versions: boolean;
  /** With a digest of where it leads, by which whoever applies it can see that it fits. */
  readonly digest: boolean;
};

/** Undefined when there is no difference. */
export function xmlDiff(
  before: XmlElement,
  after: XmlElement,
  { versions, digest }: XmlDiffOptions,
): XmlElement | undefined {
  const found: Found = { deletes: [], changes: [] };
  // A patch without versions fits CIBs of any.
  const goal = versions ? after : withVersion(after, readVersion(before));
  compare(found, `/${step(before)}`, before, goal);
  const changes = [...found.deletes, ...found.changes];
  if (changes.length === 0) return undefined;
  const attributes = { format: "2", ...(digest && { digest: cibDigest(after) }) };
  const header = element("version", {}, [versionOf("source", before), versionOf("target", after)]);
  return element("diff", attributes, [...(versions ? [header] : []), ...changes]);
}

type Found = { readonly deletes: XmlElement[]; readonly changes: XmlElement[] };

function versionOf(name: "source" | "target", cib: XmlElement): XmlElement {
  const { adminEpoch, epoch, numUpdates } = readVersion(cib);
  return element(name, {
    admin_epoch: String(adminEpoch),
    epoch: String(epoch),
    num_updates: String(numUpdates),
  });
}

function compare(found: Found, path: string, before: XmlElement, after: XmlElement): void {
  compareAttributes(found, path, before, after);
  const fresh = new Map(after.children.map((child) => [step(child), child]));
  const stays = (child: XmlElement): boolean => {
    const partner = fresh.get(step(child));
    return partner !== undefined && isComparable(child, partner);
  };
  const now = before.children.filter(stays).map(step);
  for (const child of before.children) {
    if (stays(child)) continue;
    const address = `${path}/${step(child)}`;
    found.deletes.push(element("change", { operation: "delete", path: address }));
  }
  const known = new Map(before.children.map((child) => [step(child), child]));
  // Everything before `position` is in its place: so applied one after another, all will be.
  for (const [position, child] of after.children.entries()) {
    const from = now.indexOf(step(child));
    const place = { path, position: String(position) };
    if (from < 0) {
      found.changes.push(element("change", { operation: "create", ...place }, [child]));
      now.splice(position, 0, step(child));
      continue;
    }
    const address = `${path}/${step(child)}`;
    if (from !== position) {
      found.changes.push(element("change", { operation: "move", ...place, path: address }));
      now.splice(position, 0, ...now.splice(from, 1));
    }
    compare(found, address, known.get(step(child)) ?? child, child);
  }
}

/** Its own children can be told apart by name and id; if not, and they differ, it is made anew as a whole. */
function isComparable(before: XmlElement, after: XmlElement): boolean {
  if (areDistinct(before.children) && areDistinct(after.children)) return true;
  return printXmlCompact(before) === printXmlCompact(after);
}

/** A name without an id would mean brothers that have one, too. */
function areDistinct(children: readonly XmlElement[]): boolean {
  const names = new Map<string, number>();
  for (const { name } of children) names.set(name, (names.get(name) ?? 0) + 1);
  const isAlone = (child: XmlElement): boolean =>
    attribute(child, "id") !== undefined || names.get(child.name) === 1;
  return new Set(children.map(step)).size === children.length && children.every(isAlone);
}

function compareAttributes(
  found: Found,
  path: string,
  before: XmlElement,
  after: XmlElement,
): void {
  const names = new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)]);
  const list = [...names].sort().flatMap((name) => {
    const [old, fresh] = [attribute(before, name), attribute(after, name)];
    if (old === fresh) return [];
    return fresh === undefined
      ? [element("change-attr", { name, operation: "unset" })]
      : [element("change-attr", { name, operation: "set", value: fresh })];
  });
  if (list.length === 0) return;
  found.changes.push(
    element("change", { operation: "modify", path }, [
      element("change-list", {}, list),
      element("change-result", {}, [element(after.name, after.attributes)]),
    ]),
  );
}

function step(of: XmlElement): string {
  const id = attribute(of, "id");
  return id === undefined ? of.name : `${of.name}[@id=${xpathLiteral(id)}]`;
}
