/** What is reported where somebody says that a resource has failed. Recorded as Pacemaker 2.1 does for crm_resource --fail. */
import { formatTransitionKey } from "../../formats/cib/operation-key.ts";
import { opStatus, saidToFail } from "../cib/status/operation-result.ts";
import type { AgentId, OperationReport } from "./types.ts";

/** Where no transition asked for what is recorded. */
const noTransition = { transitionId: -1, uuid: "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" };

const genericError = 1;

export function failureByWord(said: {
  readonly resource: string;
  readonly remoteNode?: string;
  readonly agent: AgentId;
  readonly reason: string;
  readonly callId: number;
  readonly lastRcChangeS: number;
}): OperationReport {
  const { resource, remoteNode, agent, callId, lastRcChangeS } = said;
  return {
    ...{ resource, agent, action: saidToFail, intervalMs: 0, parameters: {} },
    ...{ rc: genericError, opStatus: opStatus.done, exitReason: said.reason },
    ...{ callId, lastRcChangeS, execMs: 0, queueMs: 0 },
    transitionKey: formatTransitionKey({ ...noTransition, actionId: callId, targetRc: 0 }),
    ...(remoteNode !== undefined && { remoteNode }),
  };
}
