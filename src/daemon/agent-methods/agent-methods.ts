/**
 * The methods about this node's agents: for a running cluster, and for a CIB in a file. What does the work is imported when
 * it is asked for: most programs never ask.
 */
import type { AgentRunParams, AgentSpec } from "../../api/cluster-agents.ts";
import type { AgentMethods } from "../../api/cluster-protocol.ts";
import type { ControlMethod } from "../../host/control/control-server.ts";
import { onlyRoot } from "../cluster-methods/acting-user.ts";
import type { CibDesk } from "../cluster-methods/cib-desk.ts";
import {
  flagParam,
  objectParam,
  optionalNumber,
  optionalText,
  type Params,
  textParam,
  textsParam,
  wordParam,
} from "../cluster-methods/params.ts";
import type { PassedOverPorts } from "./passed-over.ts";

export function agentMethods(
  desk: CibDesk,
  ports: PassedOverPorts,
): Readonly<Record<keyof AgentMethods, ControlMethod>> {
  return {
    "agent-names": async (params) => ({ names: await names(params, ports) }),
    "agent-metadata": async (params) => {
      const { agentMetadata } = await import("./agent-metadata.ts");
      return { text: (await agentMetadata(agentSpec(params), ports)) ?? null };
    },
    "run-agent": async (params, client) => {
      await onlyRoot("run-agent", client);
      const { agentRun } = await import("./agent-run.ts");
      return await agentRun(runParams(params), desk, ports);
    },
  };
}

async function names(params: Params, ports: PassedOverPorts): Promise<readonly string[]> {
  const { agentNames } = await import("./agent-names.ts");
  const of = wordParam(params, "of", ["standards", "providers", "agents"]);
  if (of === "standards") return await agentNames({ of }, ports);
  if (of === "providers") {
    const type = optionalText(params, "type");
    return await agentNames({ of, ...(type === undefined ? {} : { type }) }, ports);
  }
  const provider = optionalText(params, "provider");
  const wanted = { of, class: textParam(params, "class") };
  return await agentNames({ ...wanted, ...(provider === undefined ? {} : { provider }) }, ports);
}

function agentSpec(params: Params): AgentSpec {
  const agent = objectParam(params, "agent");
  return {
    class: textParam(agent, "class"),
    provider: textParam(agent, "provider"),
    type: textParam(agent, "type"),
  };
}

const actions = ["start", "stop", "promote", "demote", "monitor", "validate-all"] as const;

function runParams(params: Params): AgentRunParams {
  const resource = optionalText(params, "resource");
  const level = optionalText(params, "level");
  const timeoutMs = optionalNumber(params, "timeoutMs");
  return {
    action: wordParam(params, "action", actions),
    force: flagParam(params, "force"),
    isDevice: flagParam(params, "isDevice"),
    values: textsParam(params, "values"),
    ...(resource === undefined ? { agent: agentSpec(params) } : { resource }),
    ...(level === undefined ? {} : { level }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}
