/**
 * Runs resource agents for the node's executor: each run ends with exactly one event, also when it was cancelled. And what
 * else the node asks agents: which disks a resource uses, and what a peer's agent wants of ours.
 */
import { type Agents, chooseAgent } from "../../agents/agent-choice.ts";
import type { AgentAction, AgentName, AgentRequest } from "../../agents/resource-agent.ts";
import type { AgentId, RunAgent } from "../../core/executor/types.ts";
import type { FindDisks, PeerAgentEffect } from "../../core/node/effects.ts";
import type { NodeEvent } from "../../core/node/events.ts";

const unimplemented = 3;

const actions: ReadonlySet<string> = new Set<AgentAction>([
  ...(["start", "stop", "monitor", "migrate_to", "migrate_from"] as const),
  ...(["promote", "demote", "notify", "reload", "reload-agent"] as const),
  ...(["meta-data", "validate-all"] as const),
]);

export class AgentDesk {
  readonly #agents: Agents;
  readonly #post: (event: NodeEvent) => void;
  readonly #onDone: (request: AgentRequest, rc: number) => void;
  readonly #running = new Map<number, AbortController>();

  /** @param onDone told of each run that was not cancelled. */
  constructor(options: {
    readonly agents: Agents;
    readonly post: (event: NodeEvent) => void;
    readonly onDone: (request: AgentRequest, rc: number) => void;
  }) {
    this.#agents = options.agents;
    this.#post = options.post;
    this.#onDone = options.onDone;
  }

  run({ token, call, timeoutMs }: RunAgent): void {
    const { resource, action, params } = call;
    if (!isAction(action)) {
      const reason = `no agent has an action "${action}"`;
      this.#post({ kind: "agent-ended", token, rc: unimplemented, reason });
      return;
    }
    const agent = agentName(call.agent);
    const meta = { ...call.meta, timeout: String(timeoutMs) };
    const stop = new AbortController();
    this.#running.set(token, stop);
    void this.#run(token, { agent, resource, action, params, meta }, stop);
  }

  cancel(token: number): void {
    this.#running.get(token)?.abort();
  }

  async findDisks({ token, agent, params }: FindDisks): Promise<void> {
    const found = await chooseAgent(this.#agents, agentName(agent)).drbdResources?.(params);
    this.#post({ kind: "disks-found", token, drbdResources: found ?? [] });
  }

  async answerPeer({
    token,
    from,
    request,
  }: Extract<PeerAgentEffect, { kind: "answer-peer-agent" }>): Promise<void> {
    const [agentClass = "", provider = "", type = ""] = request.agent.split(":");
    const agent = chooseAgent(this.#agents, { class: agentClass, provider, type });
    const message = `this node's ${request.agent} answers no other nodes`;
    const reply = await (agent.answerPeer?.(request.verb, request.params, from) ??
      Promise.resolve({ ok: false as const, message }));
    this.#post({ kind: "peer-agent-answer", token, reply });
  }

  async #run(token: number, request: AgentRequest, stop: AbortController): Promise<void> {
    const agent = chooseAgent(this.#agents, request.agent);
    const { rc, reason, parameterKinds } = await agent.run(request, stop.signal);
    this.#running.delete(token);
    if (!stop.signal.aborted) this.#onDone(request, rc);
    const kinds = parameterKinds && { parameterKinds };
    this.#post({ kind: "agent-ended", token, rc, reason, ...kinds });
  }
}

function agentName({ class: agentClass, provider = "", type }: AgentId): AgentName {
  return { class: agentClass, provider, type };
}

function isAction(action: string): action is AgentAction {
  return actions.has(action);
}
