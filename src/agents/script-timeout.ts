/** How long an agent's program may take. */
import type { AgentRequest } from "./resource-agent.ts";

/** What the cluster gives an operation that says nothing of its timeout. */
const defaultTimeoutMs = 20_000;

export function operationTimeoutMs({ meta }: Pick<AgentRequest, "meta">): number {
  return Number(meta["timeout"] ?? defaultTimeoutMs);
}
