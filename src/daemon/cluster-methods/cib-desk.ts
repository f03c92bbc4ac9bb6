/** Where the methods find the CIB, and whom they ask to change it: the running cluster, or a file. */
import type { By } from "../../api/cluster-protocol.ts";
import { type ErrorCode, errors } from "../../api/errors.ts";
import { UserError } from "../../api/user-error.ts";
import type { WallTime } from "../../base/time.ts";
import type { AclUser } from "../../core/cib/acl/acl-user.ts";
import type { CibChange } from "../../core/cib/change.ts";
import type { CibRefusal } from "../../core/cib/refusal.ts";
import { formatFinding } from "../../core/cib/schema/finding.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";

export type CibDesk = {
  /** The newest that is known here, with its status section. */
  cib(): XmlElement;
  wallNow(): WallTime;
  /** What changes are made to: the same as cib(), but where somebody may not read all of that. Not to be shown. */
  whole(): XmlElement;
  /**
   * Resolves once the change is as durable as it will be. `access`: whose access rules it has to keep to.
   * @throws UserError when it is refused.
   */
  change(change: CibChange, by: By, access?: AclUser): Promise<CibChanged>;
};

export type CibChanged = {
  /** admin_epoch.epoch.num_updates */
  readonly version: string;
  readonly touched: "configuration" | "status" | "nothing";
};

/** @param source what the text of the change is called, for the places of findings. */
export function asUserError(refusal: CibRefusal, source?: string): UserError {
  const findings = (refusal.findings ?? []).map((finding) => {
    const line = formatFinding(finding);
    return source === undefined || finding.line === undefined ? line : `${source}, ${line}`;
  });
  const message = findings.length > 0 ? findings.join("\n  ") : refusal.message;
  return new UserError(knownCode(refusal.code), message, {
    exit: refusal.exit,
    ...(refusal.remedy === undefined ? {} : { remedy: refusal.remedy }),
  });
}

export function knownCode(code: string): ErrorCode {
  return Object.hasOwn(errors, code) ? (code as ErrorCode) : "HF9001";
}
