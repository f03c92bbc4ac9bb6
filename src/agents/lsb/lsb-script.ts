/**
 * Resources of class lsb: init scripts (Linux Standard Base, "Init Script Actions"). Their exit statuses become OCF
 * return codes: those of `status` have meanings of their own.
 */
import type { Processes, RunOutcome } from "../../ports/processes.ts";
import { systemPath } from "../ocf/ocf-environment.ts";
import { abandoned, ocf, outcome, succeeded } from "../outcome.ts";
import type { AgentOutcome, AgentRequest, ResourceAgent } from "../resource-agent.ts";
import { operationTimeoutMs } from "../script-timeout.ts";

export const initDirectory = "/etc/init.d";

const verbs: Readonly<Record<string, string>> = { start: "start", stop: "stop", monitor: "status" };

export function lsbScriptAgent(
  processes: Processes,
  directory: string = initDirectory,
): ResourceAgent {
  return {
    run: async (request, signal) => {
      const { action, agent } = request;
      const verb = verbs[action];
      if (verb === undefined)
        return outcome(ocf.unimplemented, `init scripts have no action ${action}`);
      if (!isScriptName(agent.type))
        return outcome(ocf.notConfigured, `"${agent.type}" can't be the name of an init script`);
      const program = `${directory}/${agent.type}`;
      const run = await processes.run(program, [verb], {
        env: { PATH: systemPath, LANG: "C.UTF-8", HOME: "/root" },
        timeoutMs: operationTimeoutMs(request),
        signal,
      });
      return lsbOutcome(request, program, run);
    },
  };
}

function isScriptName(type: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._+@-]*$/.test(type);
}

function lsbOutcome(
  { action, meta }: AgentRequest,
  program: string,
  run: RunOutcome,
): AgentOutcome {
  switch (run.failure) {
    case "not-started":
      return outcome(
        ocf.notInstalled,
        `the init script ${program} is not there or can't be started`,
      );
    case "timed-out":
      return outcome(
        ocf.genericError,
        `${action} did not end within ${Number(meta["timeout"]) / 1000} s`,
      );
    case "killed":
      return outcome(ocf.genericError, `${program} was killed by a signal`);
    case "stopped":
      return abandoned;
    default:
      return codeOutcome(action, run);
  }
}

/** status: 0 runs, 1 and 2 dead but a pid or lock file is left, 3 stopped, 4 and above unknown. Else: as OCF, up to 7. */
function codeOutcome(action: string, { code = 1, stderr }: RunOutcome): AgentOutcome {
  if (code === 0) return succeeded;
  const said = stderr.trim().split("\n").at(-1) ?? "";
  if (action === "monitor") {
    if (code > 3) return outcome(ocf.genericError, said || `its status ended with ${code}`);
    const left = code === 1 ? "a pid file" : "a lock file";
    return outcome(ocf.notRunning, code === 3 ? "" : `it is dead, and ${left} of it is left`);
  }
  return outcome(code <= 7 ? code : ocf.genericError, said || `${action} ended with ${code}`);
}
