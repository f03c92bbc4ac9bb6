/**
 * What access rules say of each element. The nearest element upwards that a rule is about decides, an element's own rules
 * first; of several about the same element "deny" wins, then "write". Who may write may read. Where no rule is met on
 * the way up, nothing is allowed.
 */
import { selectXPath } from "../../../formats/cib/xpath/xpath.ts";
import type { XmlElement } from "../../../formats/xml/xml-element.ts";
import type { AclKind, AclRule } from "./acl-rules.ts";

export type Access = {
  readonly mayRead: boolean;
  readonly mayWrite: boolean;
};

/** One element of the CIB with what is allowed of it; `children` are those of the element, in the same order. */
export type AccessTree = {
  readonly element: XmlElement;
  readonly access: Access;
  readonly children: readonly AccessTree[];
};

export function accessTree(cib: XmlElement, rules: readonly AclRule[]): AccessTree {
  const found: Found = new Map();
  for (const rule of rules) {
    const selected = selectXPath(cib, rule.xpath);
    if (selected.ok) for (const { path } of selected.value) add(found, path, rule.kind);
    // Safety: a prohibition that is not understood prohibits everything, a permission permits nothing.
    else if (rule.kind === "deny") add(found, [], "deny");
  }
  return treeOf(cib, [], { found, above: nothing });
}

type Found = Map<string, Set<AclKind>>;

const nothing: Access = { mayRead: false, mayWrite: false };

function add(found: Found, path: readonly number[], kind: AclKind): void {
  const key = path.join("/");
  const kinds = found.get(key);
  if (kinds === undefined) found.set(key, new Set([kind]));
  else kinds.add(kind);
}

function treeOf(
  element: XmlElement,
  path: readonly number[],
  { found, above }: { readonly found: Found; readonly above: Access },
): AccessTree {
  const access = accessAt(found.get(path.join("/")), above);
  const children = element.children.map((each, i) =>
    treeOf(each, [...path, i], { found, above: access }),
  );
  return { element, access, children };
}

/** A permission to read does not take away one to write that comes from further up. */
function accessAt(kinds: ReadonlySet<AclKind> | undefined, above: Access): Access {
  if (kinds === undefined) return above;
  if (kinds.has("deny")) return nothing;
  return { mayRead: true, mayWrite: kinds.has("write") || above.mayWrite };
}
