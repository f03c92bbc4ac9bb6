/** What is told about a CIB or a change of it. */

/** What was understood differently from how it was written, or will surprise. */
export type CibRemark = {
  readonly code: string;
  /** Such as <op id="host1-op01">. */
  readonly element: string;
  /** How it was written; empty where something was added. */
  readonly from: string;
  /** What stands there now; empty where something was left out. */
  readonly to: string;
  /** A sentence. */
  readonly why: string;
};

/** Something that is wrong in a CIB. */
export type CibFinding = {
  readonly severity: "error" | "warning";
  /** Where it stands: "host1.xml, line 3: <op id=…>"; may be empty. */
  readonly where: string;
  readonly message: string;
};

/** What crm_verify says. */
export type CibVerdict = {
  readonly findings: readonly CibFinding[];
  /** How older forms are read, and what the configuration will do that its owner may not expect. */
  readonly remarks: readonly CibRemark[];
};
