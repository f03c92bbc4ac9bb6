/**
 * An OCF agent with what its metadata say: which parameters need a restart when they change, which are secret, and by
 * which action it takes over the others. Read once, and again with each start; an agent without metadata works as well.
 */
import { type AgentMetaData, parseAgentMetaData } from "../../formats/ocf/agent-meta-data.ts";
import type { ParameterKinds } from "../../formats/ocf/parameter-kinds.ts";
import type { StopSignal } from "../../ports/clock.ts";
import type { AgentName, AgentRequest, ResourceAgent } from "../resource-agent.ts";

const metaDataTimeoutMs = 5000;

/** Asked of the agent itself, not of a resource. */
const bare: ReadonlySet<string> = new Set(["meta-data", "validate-all", "notify"]);

export function describedAgent(agent: ResourceAgent): ResourceAgent {
  const known = new Map<string, AgentMetaData>();
  const metaDataFor = async (
    request: AgentRequest,
    signal: StopSignal,
  ): Promise<AgentMetaData | undefined> => {
    const key = keyOf(request.agent);
    const isFresh = request.action !== "start" && known.has(key);
    const read = isFresh ? undefined : await readMetaData(agent, request, signal);
    if (read !== undefined) known.set(key, read);
    return known.get(key);
  };
  return {
    ...agent,
    run: async (request, signal) => {
      if (bare.has(request.action)) return await agent.run(request, signal);
      const reading = metaDataFor(request, signal);
      const reload = request.action === "reload-agent" ? (await reading)?.reload : undefined;
      const doing = agent.run({ ...request, action: reload ?? request.action }, signal);
      const [metaData, done] = await Promise.all([reading, doing]);
      return metaData === undefined ? done : { ...done, parameterKinds: kindsOf(metaData) };
    },
  };
}

function kindsOf({ reload, restartParameters, secretParameters }: AgentMetaData): ParameterKinds {
  return {
    restart: reload === undefined ? undefined : restartParameters,
    secret: secretParameters,
  };
}

async function readMetaData(
  agent: ResourceAgent,
  request: AgentRequest,
  signal: StopSignal,
): Promise<AgentMetaData | undefined> {
  const meta = { timeout: String(metaDataTimeoutMs) };
  const { output } = await agent.run({ ...request, action: "meta-data", meta }, signal);
  const parsed = parseAgentMetaData(output ?? "");
  return parsed.ok ? parsed.value : undefined;
}

function keyOf({ provider, type }: AgentName): string {
  return `${provider}:${type}`;
}
