/** OCF return codes (Open Cluster Framework resource agent API 1.1, "Return codes") and outcomes made of them. */
import type { AgentOutcome } from "./resource-agent.ts";

export const ocf = {
  success: 0,
  genericError: 1,
  badArguments: 2,
  unimplemented: 3,
  noPermission: 4,
  notInstalled: 5,
  notConfigured: 6,
  notRunning: 7,
} as const;

export const succeeded: AgentOutcome = { rc: ocf.success, reason: "" };

/** @param reason one sentence, without its full stop: what happened, where, and what can be done. */
export function outcome(rc: number, reason: string): AgentOutcome {
  return { rc, reason };
}

/** Nobody looks at it: the executor's time was over. */
export const abandoned: AgentOutcome = {
  rc: ocf.genericError,
  reason: "stopped before it was done",
};
