/**
 * The access rules that a CIB has for a user: the permissions of the roles that its <acl_target> and the <acl_group>s of
 * the user's groups name. They count when the option enable-acl is on; root and hacluster are never restricted.
 */
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import { xpathLiteral } from "../../../formats/cib/xpath/literal.ts";
import { attribute, childrenNamed, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { clusterOptionValues, noRuleHolds, readContext } from "../read/name-values.ts";
import { sectionChildren } from "../sections.ts";
import { type AclUser, isUnrestrictedName } from "./acl-user.ts";

export type AclKind = "read" | "write" | "deny";

export type AclRule = {
  readonly kind: AclKind;
  /** What it is about. */
  readonly xpath: string;
};

/** Undefined where nothing restricts the user. An empty list lets the user do nothing. */
export function aclRules(cib: XmlElement, user: AclUser): readonly AclRule[] | undefined {
  if (isUnrestrictedName(user.name) || !isAclEnabled(cib)) return undefined;
  const acls = sectionChildren(cib, "acls");
  return acls
    .filter((each) => isFor(each, user))
    .flatMap((each) => childrenNamed(each, "role"))
    .flatMap((role) => {
      const id = attribute(role, "id");
      return acls.filter((each) => each.name === "acl_role" && attribute(each, "id") === id);
    })
    .flatMap((role) => childrenNamed(role, "acl_permission"))
    .flatMap(ruleOf);
}

function isAclEnabled(cib: XmlElement): boolean {
  const value = clusterOptionValues(readContext(cib, noRuleHolds)).get("enable-acl");
  return booleanOr(value, false);
}

/** A target has its name in `name` since schema 3.8, where it differs from the id. */
function isFor(of: XmlElement, user: AclUser): boolean {
  const name = attribute(of, "name") ?? attribute(of, "id");
  if (name === undefined) return false;
  if (of.name === "acl_target") return name === user.name;
  return of.name === "acl_group" && user.groups.includes(name);
}

function ruleOf(permission: XmlElement): readonly AclRule[] {
  const kind = attribute(permission, "kind");
  if (kind !== "read" && kind !== "write" && kind !== "deny") return [];
  return [{ kind, xpath: attribute(permission, "xpath") ?? expressionOf(permission) }];
}

/** For a permission by object-type, reference or attribute. */
function expressionOf(permission: XmlElement): string {
  const reference = attribute(permission, "reference");
  const named = attribute(permission, "attribute");
  const conditions = [
    ...(reference === undefined ? [] : [`[@id=${xpathLiteral(reference)}]`]),
    ...(named === undefined ? [] : [`[@${named}]`]),
  ];
  return `//${attribute(permission, "object-type") ?? "*"}${conditions.join("")}`;
}
