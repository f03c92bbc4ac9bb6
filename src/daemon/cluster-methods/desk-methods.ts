/** All methods that work on a CIB, wherever it is: the running cluster's or one in a file. */
import type { CibMethods } from "../../api/cluster-protocol.ts";
import type { ControlMethod } from "../../host/control/control-server.ts";
import type { CibDesk } from "./cib-desk.ts";
import { cibMethods } from "./cib-methods.ts";
import { diffMethods } from "./diff-methods.ts";
import { editMethods } from "./edit-methods.ts";
import { optionalText } from "./params.ts";
import { cibSnapshot } from "./snapshot/cib-snapshot.ts";
import { whyReport } from "./why-report.ts";

export function cibDeskMethods(desk: CibDesk): Readonly<Record<keyof CibMethods, ControlMethod>> {
  return {
    ...cibMethods(desk),
    ...editMethods(desk),
    ...diffMethods,
    status: () => cibSnapshot(desk.cib(), desk.wallNow()),
    why: (params) =>
      whyReport(desk.cib(), desk.wallNow(), {
        resource: optionalText(params, "resource"),
        node: optionalText(params, "node"),
      }),
  };
}
