/** A desk as somebody has it whom the CIB's access rules may restrict: the CIB as far as it is readable. */
import type { AclUser } from "../../core/cib/acl/acl-user.ts";
import { readableCib } from "../../core/cib/acl/readable-cib.ts";
import { applyChange } from "../../core/cib/apply/apply-change.ts";
import { refusal } from "../../core/cib/refusal.ts";
import { asUserError, type CibDesk } from "./cib-desk.ts";

export function restrictedDesk(desk: CibDesk, user: AclUser | undefined): CibDesk {
  if (user === undefined) return desk;
  return {
    cib: () => {
      const seen = readableCib(desk.cib(), user);
      if (seen !== undefined) return seen;
      const remedy = "root gives a role in the section acls of the CIB.";
      throw asUserError(refusal("HF4014", `${user.name} may not read the CIB.`, { remedy }));
    },
    whole: () => desk.whole(),
    wallNow: () => desk.wallNow(),
    change: async (change, by) => {
      // The DC looks at the rules, too: but one of an older version would not know whom they hold for.
      const here = applyChange(desk.whole(), change, { access: user });
      if (!here.ok && here.error.code === "HF4014") throw asUserError(here.error);
      return await desk.change(change, { ...by, user: user.name }, user);
    },
  };
}
