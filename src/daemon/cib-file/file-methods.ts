/** All that can be asked about a CIB in a file, and about the agents of the host it is on. */
import { hostClock } from "../../host/clock.ts";
import type { ControlMethod } from "../../host/control/control-server.ts";
import { hostFiles } from "../../host/files/files.ts";
import { hostProcesses } from "../../host/processes/processes.ts";
import { agentMethods } from "../agent-methods/agent-methods.ts";
import type { CibDesk } from "../cluster-methods/cib-desk.ts";
import { cibDeskMethods, guardedMethods } from "../cluster-methods/desk-methods.ts";

export function fileMethods(desk: CibDesk): Readonly<Record<string, ControlMethod>> {
  const ports = { processes: hostProcesses(), files: hostFiles(), clock: hostClock() };
  return {
    ...guardedMethods(desk, cibDeskMethods),
    ...agentMethods(desk, { ...ports, xen: undefined }),
  };
}
