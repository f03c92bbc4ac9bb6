/**
 * Resources of class systemd: units, through systemctl. It waits for systemd's job, and then looks at the unit: the exit
 * status of systemctl says whether the job was done, not what became of the service.
 */
import { elapsedMs } from "../../base/time.ts";
import { parseUnitState, unitProperties } from "../../formats/systemd/unit-state.ts";
import type { Clock, StopSignal } from "../../ports/clock.ts";
import type { Processes } from "../../ports/processes.ts";
import { ocf, outcome } from "../outcome.ts";
import type { AgentOutcome, AgentRequest, ResourceAgent } from "../resource-agent.ts";
import { operationTimeoutMs } from "../script-timeout.ts";
import { poll } from "../time-limit.ts";
import { type UnitAction, unitName, unitOutcome } from "./unit-outcome.ts";

/** As long as the unit comes or goes, it is looked at so often. */
const lookEveryMs = 500;

type Ports = { readonly processes: Processes; readonly clock: Clock };

export function systemdUnitAgent(ports: Ports): ResourceAgent {
  return {
    run: async (request, signal) => {
      const { action, agent } = request;
      if (!isUnitAction(action))
        return outcome(ocf.unimplemented, `units of systemd have no action ${action}`);
      const unit = unitName(agent.type);
      if (!/^[A-Za-z0-9][A-Za-z0-9:_.@\\-]*$/.test(unit))
        return outcome(ocf.notConfigured, `"${agent.type}" can't be the name of a unit`);
      return await act(ports, unit, { action, request, signal });
    },
  };
}

type Call = {
  readonly action: UnitAction;
  readonly request: AgentRequest;
  readonly signal: StopSignal;
};

async function act(
  { processes, clock }: Ports,
  unit: string,
  { action, request, signal }: Call,
): Promise<AgentOutcome> {
  const began = clock.now();
  const timeoutMs = operationTimeoutMs(request);
  const leftMs = (): number => Math.max(0, timeoutMs - elapsedMs(began, clock.now()));
  const systemctl = (...args: readonly string[]) =>
    processes.run("systemctl", args, { timeoutMs: leftMs(), signal });
  let said = "";
  if (action !== "monitor") {
    const job = await systemctl(action, unit);
    said = job.stderr.trim().split("\n").at(-1) ?? "";
  }
  const seen = await poll(
    clock,
    { limitMs: leftMs(), stop: signal, everyMs: lookEveryMs },
    async () => {
      const shown = await systemctl("show", `--property=${unitProperties}`, unit);
      const state = parseUnitState(shown.stdout);
      if (state !== undefined) return unitOutcome(unit, action, state);
      const why = shown.stderr.trim().split("\n")[0] ?? "";
      return outcome(ocf.notInstalled, `systemd does not answer for ${unit}: ${why}`);
    },
  );
  if (seen === undefined) {
    return outcome(
      ocf.genericError,
      `${unit} neither runs nor is stopped within ${timeoutMs / 1000} s`,
    );
  }
  return seen.rc === ocf.genericError && said !== ""
    ? outcome(seen.rc, `${seen.reason}: ${said}`)
    : seen;
}

function isUnitAction(action: string): action is UnitAction {
  return action === "start" || action === "stop" || action === "monitor";
}
