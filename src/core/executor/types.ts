/** The alphabet of the executor: what the DC orders on this node, what agents answer, what is reported back. */
import type { ParameterKinds } from "../../formats/ocf/parameter-kinds.ts";
import { type OperationResult, opStatus } from "../cib/status/operation-result.ts";

export type AgentId = OperationResult["agent"];

/** What an agent is to do: OCF's action with the resource's parameters and CRM_meta_* (without the prefix). */
export type AgentCall = {
  readonly agent: AgentId;
  readonly resource: string;
  readonly action: string;
  readonly params: Readonly<Record<string, string>>;
  readonly meta: Readonly<Record<string, string>>;
  /** The remote node or guest on which it is to be run, through this node. */
  readonly remoteNode?: string;
};

/** An operation that the DC wants run here. */
export type Order = AgentCall & {
  /** ACTION:TRANSITION:TARGET_RC:UUID; the same key is never run twice. */
  readonly transitionKey: string;
  /** 0 unless it recurs. */
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** The operation begins so long after its turn has come. */
  readonly startDelayMs: number;
  /** Since when the resource is locked to the node that is shut down, or was (seconds since 1970). */
  readonly shutdownLockS?: number;
};

/** The operations of a resource are named by action and interval. */
export type OperationName = {
  readonly resource: string;
  readonly action: string;
  readonly intervalMs: number;
  /** Where it recurs, if not on the node that is told. */
  readonly remoteNode?: string;
};

/** What became of an operation, or that it is under way (op-status pending); the node is the reporter. */
export type OperationReport = Omit<OperationResult, "node"> & {
  /** Where it ran, if not on the reporter itself. */
  readonly remoteNode?: string;
  /** on-fail=ignore: a failure is shown, and not counted. */
  readonly isFailureIgnored?: boolean;
  /** Of the order. */
  readonly shutdownLockS?: number;
};

/** ocf:pacemaker:remote: the connection to a node that runs pacemaker_remoted, by whose name the resource goes. */
export function isConnectionAgent({ class: agentClass, provider, type }: AgentId): boolean {
  return agentClass === "ocf" && provider === "pacemaker" && type === "remote";
}

/** Whether the resource is where it is by this result, whatever migrations there were before. */
export function settlesMigrations({ action, opStatus: status, rc }: OperationReport): boolean {
  return (action === "start" || action === "stop") && status === opStatus.done && rc === 0;
}

export type ExecutorEvent =
  | { readonly kind: "wake" }
  | { readonly kind: "order"; readonly order: Order }
  /** Ends a recurring operation; answered by a report with op-status cancelled. */
  | { readonly kind: "cancel"; readonly operation: OperationName; readonly transitionKey: string }
  /** The resource's history is erased everywhere; its recurring operations end. */
  | { readonly kind: "forget"; readonly resource: string; readonly remoteNode?: string }
  /** Somebody says that the resource has failed: it is recorded as if an asynchronous monitor had found that. */
  | {
      readonly kind: "fail";
      readonly resource: string;
      readonly remoteNode?: string;
      /** Who says so: a clause. */
      readonly reason: string;
    }
  /**
   * This node has no connection to a remote node any more: what was under way there has failed, nothing recurs, and its
   * history is another's to tell. Where the connection was lost, its own monitor is due at once.
   */
  | { readonly kind: "remote-gone"; readonly node: string; readonly isLost: boolean }
  | AgentEnded;

/** The agent's program or function has ended, also after it was cancelled. */
export type AgentEnded = {
  readonly kind: "agent-ended";
  readonly token: number;
  /** OCF's return code. */
  readonly rc: number;
  /** Where somebody else has judged it: as Pacemaker records it; else it is done. */
  readonly opStatus?: number;
  /** One sentence; empty when all is well. */
  readonly reason: string;
  /** On a remote node: the number of the operation there, which goes on when another node has the connection. */
  readonly callId?: number;
  /** What the agent's metadata say of its parameters. */
  readonly parameterKinds?: ParameterKinds;
};

export type ExecutorEffect =
  | RunAgent
  | CancelAgent
  | { readonly kind: "report"; readonly report: OperationReport }
  | ExecutorNotice;

/** Answered by exactly one `agent-ended` with the token; on a remote node also by `remote-gone`. */
export type RunAgent = {
  readonly kind: "run-agent";
  readonly token: number;
  readonly call: AgentCall;
  /** For the agent's own planning; the executor cancels it at that time. */
  readonly timeoutMs: number;
};

/** Its outcome is not looked at any more; `agent-ended` still says when it is gone. */
export type CancelAgent = { readonly kind: "cancel-agent"; readonly token: number };

export type ExecutorNotice = {
  readonly kind: "notice";
  readonly level: "info" | "warn" | "error";
  readonly code: "HF4400" | "HF4401" | "HF4402";
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
};

/** For the status page. */
export type RunningOperation = OperationName & { readonly sinceMs: number };
