/** What an agent says of itself. */
import { findProgram } from "../../agents/fence/fence-program.ts";
import { systemPath } from "../../agents/ocf/ocf-environment.ts";
import { xenMetaData } from "../../agents/xen/xen-meta-data.ts";
import type { AgentSpec } from "../../api/cluster-agents.ts";
import { type PassedOverPorts, runPassedOver } from "./passed-over.ts";

const timeoutMs = 30_000;

/** Undefined where it is not there, or says nothing: init scripts and units have no metadata. */
export async function agentMetadata(
  agent: AgentSpec,
  ports: PassedOverPorts,
): Promise<string | undefined> {
  if (agent.class === "stonith") return await fenceMetadata(agent.type, ports);
  if (agent.class !== "ocf") return undefined;
  if (agent.provider === "heartbeat" && agent.type === "Xen") return xenMetaData;
  const { rc, output } = await runPassedOver(ports, {
    agent,
    resource: agent.type,
    action: "meta-data",
    params: {},
    meta: { timeout: String(timeoutMs) },
  });
  return rc === 0 ? output : undefined;
}

async function fenceMetadata(type: string, ports: PassedOverPorts): Promise<string | undefined> {
  const program = await findProgram(ports.files, type);
  if (!program.ok) return undefined;
  const run = await ports.processes.run(program.value, [], {
    env: { PATH: systemPath, LANG: "C.UTF-8" },
    stdin: "action=metadata\n",
    timeoutMs,
  });
  return run.code === 0 && run.stdout !== "" ? run.stdout : undefined;
}
