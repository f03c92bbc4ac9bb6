/**
 * What every resource agent is: built in (ocf:heartbeat:Xen) or a program (OCF scripts). Outcomes are OCF return
 * codes; an agent never throws for what the world does.
 */
import type { ParameterKinds } from "../formats/ocf/parameter-kinds.ts";
import type { StopSignal } from "../ports/clock.ts";
import type { PeerAgentReply } from "../ports/peer-agents.ts";

export type AgentName = {
  readonly class: string;
  readonly provider: string;
  readonly type: string;
};

export type AgentAction =
  | "start"
  | "stop"
  | "monitor"
  | "migrate_to"
  | "migrate_from"
  | "promote"
  | "demote"
  | "notify"
  | "reload"
  | "reload-agent"
  | "meta-data"
  | "validate-all";

export type AgentRequest = {
  readonly agent: AgentName;
  readonly resource: string;
  readonly action: AgentAction;
  /** The resource's instance attributes. */
  readonly params: Readonly<Record<string, string>>;
  /** CRM_meta_* without the prefix: timeout (ms), interval (ms), migrate_source, migrate_target, on_node … */
  readonly meta: Readonly<Record<string, string>>;
};

/** OCF return codes (0 ok, 1 generic, 2 args, 3 unimplemented, 4 perm, 5 installed, 6 configured, 7 not running …). */
export type AgentOutcome = {
  readonly rc: number;
  /** One sentence for crm_mon's exit-reason; empty when all is well. */
  readonly reason: string;
  /** What the agent printed on stdout (meta-data). */
  readonly output?: string;
  readonly parameterKinds?: ParameterKinds;
};

export type ResourceAgent = {
  /** Runs until done or until the signal is aborted (the executor's timeout); then the outcome is not looked at. */
  run(request: AgentRequest, signal: StopSignal): Promise<AgentOutcome>;
  /** Answers a request of the same agent on another node (ports/peer-agents.ts). */
  answerPeer?(
    verb: string,
    params: Readonly<Record<string, string>>,
    from: string,
  ): Promise<PeerAgentReply>;
  /** The DRBD resources that this resource's guest uses, found from its parameters; none if unknown. */
  drbdResources?(params: Readonly<Record<string, string>>): Promise<readonly string[]>;
};
