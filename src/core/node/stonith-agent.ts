/**
 * Fence devices as resources (class stonith). To start one is to see that its device answers, and to know it from then on;
 * who fences does not ask where a device is started, since every node reaches it.
 */
import type { AgentEnded, RunAgent } from "../executor/types.ts";
import type { FenceAgentEnded, RunFenceAgent } from "../fencer/types.ts";

const ocf = { success: 0, genericError: 1, unimplemented: 3, notRunning: 7 } as const;

/** Either the outcome at once, or what has to be run first. */
export type StonithStep = { readonly ended: AgentEnded } | { readonly run: RunFenceAgent };

export class StonithAgent {
  readonly #started = new Set<string>();
  /** By token, which is the executor's. */
  readonly #running = new Map<number, { readonly resource: string; readonly action: string }>();

  run({ token, call, timeoutMs }: RunAgent): StonithStep {
    const { resource, action, agent, params } = call;
    if (action === "stop") {
      this.#started.delete(resource);
      return { ended: ended(token, ocf.success) };
    }
    if (action !== "start" && action !== "monitor") {
      return { ended: ended(token, ocf.unimplemented, `a fence device has no action ${action}`) };
    }
    if (action === "monitor" && !this.#started.has(resource)) {
      return { ended: ended(token, ocf.notRunning) };
    }
    this.#running.set(token, { resource, action });
    const device = { id: resource, agent: agent.type, params };
    return {
      run: {
        kind: "run-fence-agent",
        token,
        device,
        action: "monitor",
        node: undefined,
        timeoutMs,
      },
    };
  }

  onEnded({ token, outcome, message }: FenceAgentEnded): AgentEnded {
    const running = this.#running.get(token);
    this.#running.delete(token);
    if (outcome !== "done") return ended(token, ocf.genericError, message);
    if (running?.action === "start") this.#started.add(running.resource);
    return ended(token, ocf.success);
  }
}

function ended(token: number, rc: number, reason = ""): AgentEnded {
  return { kind: "agent-ended", token, rc, reason };
}
