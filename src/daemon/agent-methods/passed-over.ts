/**
 * Agents run past the cluster (`crm_resource --force-start` and the like, `--validate`), and what their programs said. The
 * cluster is told nothing: it finds out by its next look.
 */
import { type Agents, chooseAgent } from "../../agents/agent-choice.ts";
import { lsbScriptAgent } from "../../agents/lsb/lsb-script.ts";
import { ocfScriptAgent } from "../../agents/ocf/ocf-script.ts";
import { ocf, outcome } from "../../agents/outcome.ts";
import type { AgentOutcome, AgentRequest, ResourceAgent } from "../../agents/resource-agent.ts";
import { serviceAgent } from "../../agents/service-agent.ts";
import { systemdUnitAgent } from "../../agents/systemd/systemd-unit.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Files } from "../../ports/files.ts";
import type { Processes, RunOutcome } from "../../ports/processes.ts";

export type PassedOverPorts = {
  readonly processes: Processes;
  readonly files: Files;
  readonly clock: Clock;
  /** Where holdfastd runs, the one that knows of its guests. */
  readonly xen: ResourceAgent | undefined;
};

export type PassedOverRun = AgentOutcome & {
  /** Of the last program that was run for it; undefined where none was. */
  readonly program: RunOutcome | undefined;
};

export async function runPassedOver(
  ports: PassedOverPorts,
  request: AgentRequest,
): Promise<PassedOverRun> {
  let program: RunOutcome | undefined;
  const processes: Processes = {
    ...ports.processes,
    run: async (...call) => {
      program = await ports.processes.run(...call);
      return program;
    },
  };
  const never = new AbortController().signal;
  const done = await chooseAgent(agentsOver(processes, ports), request.agent).run(request, never);
  return { ...done, program };
}

function agentsOver(processes: Processes, { files, clock, xen }: PassedOverPorts): Agents {
  const lsb = lsbScriptAgent(processes);
  const systemd = systemdUnitAgent({ processes, clock });
  return {
    ...{ lsb, systemd },
    service: serviceAgent(files, { lsb, systemd }),
    scripts: ocfScriptAgent(processes),
    xen: xen ?? { run: async () => outcome(ocf.notInstalled, needsDaemon) },
  };
}

const needsDaemon = "the agent of guests is part of holdfastd: ask on a node where it runs";
