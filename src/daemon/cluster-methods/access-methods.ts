/** The method of `cibadmin --show-access`: the CIB with what a user may do with each of its elements. */
import type { CibMethods } from "../../api/cluster-protocol.ts";
import { UserError } from "../../api/user-error.ts";
import { type AccessTree, accessTree } from "../../core/cib/acl/access.ts";
import { aclRules } from "../../core/cib/acl/acl-rules.ts";
import type { AclUser } from "../../core/cib/acl/acl-user.ts";
import { sectionPath } from "../../core/cib/sections.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import type { ControlMethod } from "../../host/control/control-server.ts";
import { userByName } from "../../host/users/users.ts";
import { accessForms, accessText } from "./access-text.ts";
import { onlyRoot } from "./acting-user.ts";
import type { CibDesk } from "./cib-desk.ts";
import { placeParam, textParam, wordParam } from "./params.ts";

export function accessMethods(
  desk: CibDesk,
): Pick<Readonly<Record<keyof CibMethods, ControlMethod>>, "cib-access"> {
  return {
    "cib-access": async (params, client) => {
      // It shows also what the user may not read.
      await onlyRoot("cib-access", client);
      const user = await userByName(textParam(params, "user"));
      const at = placeParam(params);
      const section = "section" in at ? at.section : "all";
      const tree = treeFor(desk.whole(), user);
      const path = sectionPath(desk.whole(), section);
      let part: AccessTree | undefined = path && tree;
      for (const index of path ?? []) part = part?.children[index];
      if (part !== undefined)
        return { text: accessText(part, user.name, wordParam(params, "form", accessForms)) };
      throw new UserError("HF4000", `The CIB has no section "${section}".`, { exit: 105 });
    },
  };
}

function treeFor(cib: XmlElement, user: AclUser): AccessTree {
  const rules = aclRules(cib, user);
  if (rules !== undefined) return accessTree(cib, rules);
  throw new UserError("HF4600", `Nothing restricts ${user.name}: there is no access to show.`, {
    exit: 64,
    remedy: "Access rules count when enable-acl is true, and never for root and hacluster.",
  });
}
