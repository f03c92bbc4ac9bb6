/** An agent that asks the same agent on another node, as ports/peer-agents.ts has it: passed on over the link. */

export type PeerAgentRequest = {
  readonly agent: string;
  readonly verb: string;
  readonly params: Readonly<Record<string, string>>;
};

export type PeerAgentReply =
  | { readonly ok: true; readonly values: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly message: string };
