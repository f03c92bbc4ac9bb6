/**
 * Access rules as Pacemaker 1.1 had them (schemas 1.2 and 1.3): users with permissions of their own or references to roles,
 * and an element for each kind of permission. The same result as the stock upgrade's, but that a permission to read or
 * write one attribute of an object does not become one for the whole object.
 */
import { xpathLiteral } from "../../../formats/cib/xpath/literal.ts";
import { attribute, element, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { note, type Translation } from "./translation.ts";

const kinds: ReadonlySet<string> = new Set(["read", "write", "deny"]);

/** What the elements in <acls> are today. */
export function translateAcls(on: Translation, acls: XmlElement): XmlElement {
  if (!acls.children.some(isOldAcl)) return acls;
  return { ...acls, children: acls.children.flatMap((each) => translateAcl(on, each)) };
}

function isOldAcl(of: XmlElement): boolean {
  if (of.name === "acl_user") return true;
  return of.name === "acl_role" && of.children.some(({ name }) => kinds.has(name));
}

/** A user with permissions of its own becomes a target and a role. */
function translateAcl(on: Translation, of: XmlElement): readonly XmlElement[] {
  if (!isOldAcl(of)) return [of];
  const permissions = of.children.filter(({ name }) => kinds.has(name));
  const translated = permissions.map((each) => permissionToday(on, each));
  if (of.name === "acl_role") {
    const rest = of.children.filter(({ name }) => !kinds.has(name));
    return [{ ...of, children: [...rest, ...translated] }];
  }
  const id = attribute(of, "id") ?? "";
  const own =
    permissions.length === 0 ? [] : [element("acl_role", { id: `auto-${id}` }, translated)];
  const roles = [
    ...of.children
      .filter(({ name }) => name === "role_ref")
      .map((each) => attribute(each, "id") ?? ""),
    ...own.map(() => `auto-${id}`),
  ];
  const target = element(
    "acl_target",
    { id },
    roles.map((role) => element("role", { id: role })),
  );
  const to = own.length === 0 ? "<acl_target>" : `<acl_target> with the role auto-${id}`;
  note(on, "HF4110", {
    of,
    from: "<acl_user>",
    to,
    why: "Users have roles, and roles permissions.",
  });
  return [target, ...own];
}

function permissionToday(on: Translation, of: XmlElement): XmlElement {
  const { name: kind } = of;
  const why = "What a permission is about has other names today.";
  const today = element("acl_permission", {
    id: attribute(of, "id") ?? "",
    kind,
    ...aboutToday(of),
  });
  const [from, to] = [`<${kind}${words(of)}>`, `<acl_permission${words(today)}>`];
  note(on, "HF4110", { of, from, to, why });
  return today;
}

function aboutToday(of: XmlElement): Readonly<Record<string, string>> {
  const [xpath, ref, tag] = ["xpath", "ref", "tag"].map((name) => attribute(of, name));
  const named = attribute(of, "attribute");
  if (xpath !== undefined) return { xpath: named === undefined ? xpath : `${xpath}[@${named}]` };
  if (ref === undefined) {
    return { "object-type": tag ?? "*", ...(named !== undefined && { attribute: named }) };
  }
  // Safety: what was open for one attribute alone is not open as a whole; what was closed for one is closed as a whole.
  if (named === undefined || of.name === "deny") return { reference: ref };
  return { xpath: `//${tag ?? "*"}[@id=${xpathLiteral(ref)}][@${named}]` };
}

function words(of: XmlElement): string {
  return Object.entries(of.attributes)
    .filter(([name]) => name !== "id")
    .map(([name, value]) => ` ${name}=${value}`)
    .join("");
}
