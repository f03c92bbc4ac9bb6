/**
 * Whether a user may make a change. What the CIB was and what it would become are compared; every element that differs
 * must be writable by the rules of the CIB as it was, where it stood and where it will stand: so nobody makes an element
 * writable by writing it otherwise. Pacemaker looks only at one of the two, and not at the order of elements;
 * what it refuses is refused here too.
 */
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { tagOf } from "../notice.ts";
import { type CibRefusal, refusal } from "../refusal.ts";
import { sameXml } from "../tree.ts";
import { type AccessTree, accessTree } from "./access.ts";
import { aclRules } from "./acl-rules.ts";
import type { AclUser } from "./acl-user.ts";

/** Why the user may not turn `before` into `after`; undefined if it is allowed. */
export function refusedChange(
  before: XmlElement,
  after: XmlElement,
  user: AclUser,
): CibRefusal | undefined {
  const rules = aclRules(before, user);
  if (rules === undefined) return undefined;
  const [old, fresh] = [accessTree(before, rules), accessTree(after, rules)];
  const forbidden = firstForbidden(old, fresh);
  if (forbidden === undefined) return undefined;
  const { does, tree } = forbidden;
  // A name that the user may not read is not told.
  const isKnown = tree.access.mayRead || does === "create";
  const what = isKnown ? tagOf(tree.element) : "something that the change touches";
  return refusal("HF4014", `${user.name} may not ${does} ${what}.`, {
    remedy:
      "Access is given by the roles in the section acls: `cibadmin --query --user NAME --show-access`.",
  });
}

type Forbidden = { readonly does: "change" | "create" | "delete"; readonly tree: AccessTree };

function firstForbidden(old: AccessTree, fresh: AccessTree): Forbidden | undefined {
  if (sameXml(old.element, fresh.element)) return undefined;
  const pairs = pairsOf(old.children, fresh.children);
  const touched = !sameAttributes(old.element, fresh.element) || isReordered(old, fresh, pairs);
  if (touched && !(old.access.mayWrite && fresh.access.mayWrite))
    return { does: "change", tree: old };
  for (const tree of old.children) {
    if (!pairs.has(tree) && !tree.access.mayWrite) return { does: "delete", tree };
  }
  const stay = new Set(pairs.values());
  for (const tree of fresh.children) {
    const created = stay.has(tree) ? undefined : forbiddenCreation(tree, false);
    if (created !== undefined) return created;
  }
  for (const [was, is] of pairs) {
    const inside = firstForbidden(was, is);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** An element that has at most an id may be made as the frame of what may be created in it, but no frame of rules. */
function forbiddenCreation(tree: AccessTree, inAcls: boolean): Forbidden | undefined {
  const ofAcls = inAcls || tree.element.name === "acls";
  const names = Object.keys(tree.element.attributes).filter((name) => name !== "id");
  const isFrame = names.length === 0 && tree.children.length > 0 && !ofAcls;
  if (!tree.access.mayWrite && !isFrame) return { does: "create", tree };
  for (const each of tree.children) {
    const forbidden = forbiddenCreation(each, ofAcls);
    if (forbidden !== undefined) return forbidden;
  }
  return undefined;
}

/** Partners by name and id; of several alike the first with the first. */
function pairsOf(
  old: readonly AccessTree[],
  fresh: readonly AccessTree[],
): ReadonlyMap<AccessTree, AccessTree> {
  const waiting = new Map<string, AccessTree[]>();
  for (const each of fresh) {
    const same = waiting.get(keyOf(each));
    if (same === undefined) waiting.set(keyOf(each), [each]);
    else same.push(each);
  }
  const pairs = new Map<AccessTree, AccessTree>();
  for (const each of old) {
    const partner = waiting.get(keyOf(each))?.shift();
    if (partner !== undefined) pairs.set(each, partner);
  }
  return pairs;
}

function keyOf({ element }: AccessTree): string {
  return `${element.name} ${attribute(element, "id") ?? ""}`;
}

function sameAttributes(a: XmlElement, b: XmlElement): boolean {
  const names = Object.keys(a.attributes);
  return (
    names.length === Object.keys(b.attributes).length &&
    names.every((name) => attribute(a, name) === attribute(b, name))
  );
}

/** Those that stay stand in another order. */
function isReordered(
  old: AccessTree,
  fresh: AccessTree,
  pairs: ReadonlyMap<AccessTree, AccessTree>,
): boolean {
  const stay = new Set(pairs.values());
  const now = fresh.children.filter((each) => stay.has(each));
  const then = old.children.flatMap((each) => pairs.get(each) ?? []);
  return now.some((each, i) => each !== then[i]);
}
