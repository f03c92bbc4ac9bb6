/**
 * A resource agent asking the same agent on another node, over the cluster's authenticated link: how the
 * source of a live migration has the target prepare.
 */
export type PeerAgents = {
  /** Rejects with an Error when the node is no member, or the link is lost before the answer. */
  request(node: string, request: PeerAgentRequest, timeoutMs: number): Promise<PeerAgentReply>;
};

export type PeerAgentRequest = {
  /** The agent's full name, for example "ocf:heartbeat:Xen". */
  readonly agent: string;
  readonly verb: string;
  readonly params: Readonly<Record<string, string>>;
};

export type PeerAgentReply =
  | { readonly ok: true; readonly values: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly message: string };
