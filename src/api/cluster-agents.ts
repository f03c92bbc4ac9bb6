/** Agents as commands ask about them: which there are on this node, what they say of themselves, and runs of them past the cluster. */

export type AgentSpec = {
  /** The standard: ocf, lsb, systemd, service, stonith. */
  readonly class: string;
  /** Empty where the class has none. */
  readonly provider: string;
  readonly type: string;
};

export type AgentNamesQuery =
  | { readonly of: "standards" }
  /** Of OCF agents; with a type, only those who have an agent of it. */
  | { readonly of: "providers"; readonly type?: string }
  | { readonly of: "agents"; readonly class: string; readonly provider?: string };

export type AgentRunParams = {
  /** One of the CIB's, or an agent with the values that it is given. */
  readonly resource?: string;
  readonly agent?: AgentSpec;
  /** The resource is a fence device; without it, it may not be one. */
  readonly isDevice?: boolean;
  readonly values?: Readonly<Record<string, string>>;
  readonly action: "start" | "stop" | "promote" | "demote" | "monitor" | "validate-all";
  /** How thorough a check is (OCF_CHECK_LEVEL). */
  readonly level?: string;
  readonly timeoutMs?: number;
  /** Also where the cluster has an instance running on this node. */
  readonly force?: boolean;
};

export type AgentRun = {
  readonly agent: AgentSpec;
  /** An OCF return code. */
  readonly rc: number;
  /** A sentence, or empty. */
  readonly reason: string;
  /** Its program was not run at all. */
  readonly notRun: boolean;
  readonly stdout: string;
  readonly stderr: string;
};
