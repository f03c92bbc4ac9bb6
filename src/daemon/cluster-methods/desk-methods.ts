/**
 * All methods that work on a CIB, wherever it is: the running cluster's or one in a file. Each keeps to who asks. What
 * needs the scheduler is imported when it is asked for: a program that changes a file once is done before it were loaded.
 */
import type { CibMethods } from "../../api/cluster-protocol.ts";
import { printXml } from "../../formats/xml/print-xml.ts";
import type { ControlMethod } from "../../host/control/control-server.ts";
import { accessMethods } from "./access-methods.ts";
import { actingUser } from "./acting-user.ts";
import type { CibDesk } from "./cib-desk.ts";
import { cibMethods } from "./cib-methods.ts";
import { diffMethods } from "./diff-methods.ts";
import { editMethods } from "./edit-methods.ts";
import { flagParam, optionalText, textParam, textsParam } from "./params.ts";
import { restrictedDesk } from "./restricted-desk.ts";
import { ruleMethods } from "./rule-methods.ts";

export type DeskMethods = (desk: CibDesk) => Readonly<Record<keyof CibMethods, ControlMethod>>;

export const cibDeskMethods: DeskMethods = (desk) => ({
  ...cibMethods(desk),
  ...editMethods(desk),
  ...diffMethods,
  ...ruleMethods(desk),
  ...accessMethods(desk),
  "scheduler-input": () => ({ text: printXml(desk.cib()), isWhole: true, dc: null }),
  status: async () => {
    const { cibSnapshot } = await import("./snapshot/cib-snapshot.ts");
    return cibSnapshot(desk.cib(), desk.wallNow());
  },
  "resource-constraints": async (params) => {
    const { resourceConstraints } = await import("./resource-constraints.ts");
    return resourceConstraints(desk.cib(), desk.wallNow(), {
      resource: textParam(params, "resource"),
      itself: flagParam(params, "itself"),
    });
  },
  "resource-digests": async (params) => {
    const { resourceDigests } = await import("./resource-digests.ts");
    return resourceDigests(desk.cib(), desk.wallNow(), {
      resource: textParam(params, "resource"),
      node: textParam(params, "node"),
      overrides: new Map(Object.entries(textsParam(params, "overrides"))),
    });
  },
  "fence-devices": async (params) => {
    const { devicesFor } = await import("../../core/fencer/fence-devices.ts");
    return { devices: devicesFor(desk.cib(), textParam(params, "node")).map(({ id }) => id) };
  },
  why: async (params) => {
    const { whyReport } = await import("./why-report.ts");
    return whyReport(desk.cib(), desk.wallNow(), {
      resource: optionalText(params, "resource"),
      node: optionalText(params, "node"),
    });
  },
});

/** The same methods, each on the desk as the one who asks has it. */
export function guardedMethods(desk: CibDesk, methods: DeskMethods): ReturnType<DeskMethods> {
  const names = Object.keys(methods(desk)) as (keyof CibMethods)[];
  const guarded = names.map((name): [keyof CibMethods, ControlMethod] => [
    name,
    async (params, client) => {
      const user = await actingUser(params, client);
      return await methods(restrictedDesk(desk, user))[name](params, client);
    },
  ]);
  return Object.fromEntries(guarded) as ReturnType<DeskMethods>;
}
