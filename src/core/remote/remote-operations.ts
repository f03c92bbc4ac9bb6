/** What agents are asked to do on one remote node, over one stream: each is answered once. */
import type { OperationEnded } from "../../formats/pacemaker-remote/remote-message.ts";
import type { RemoteRequest } from "../../formats/pacemaker-remote/remote-request.ts";
import { opStatus } from "../cib/status/operation-result.ts";
import type { AgentCall } from "../executor/types.ts";

type Ended = {
  readonly token: number;
  readonly rc: number;
  readonly opStatus: number;
  readonly reason: string;
  readonly callId?: number;
};

const genericError = 1;

export class RemoteOperations {
  readonly #ask: (request: RemoteRequest) => number;
  /** Tokens by the number of the request; it is its mark, too. */
  readonly #running = new Map<number, number>();
  /** What the daemon knows of resources: their agents. */
  readonly #described = new Map<string, string>();

  /** @param ask sends a request. @returns its number. */
  constructor(ask: (request: RemoteRequest) => number) {
    this.#ask = ask;
  }

  run(token: number, call: AgentCall, timeoutMs: number): void {
    const { resource, agent, action } = call;
    const described = JSON.stringify(agent);
    if (this.#described.get(resource) !== described) {
      this.#described.set(resource, described);
      this.#ask({ kind: "describe-resource", resource, agent });
    }
    const attributes = attributesOf(call);
    const mark = String(token);
    const id = this.#ask({ kind: "operation", resource, action, mark, timeoutMs, attributes });
    this.#running.set(id, token);
  }

  /** That it was taken says nothing yet; that it was not is the end of it. */
  onReply(id: number, rc: number): Ended | undefined {
    const token = this.#running.get(id);
    if (token === undefined || rc >= 0) return undefined;
    this.#running.delete(id);
    const reason = `pacemaker_remoted did not take it (error ${-rc})`;
    return { token, rc: genericError, opStatus: opStatus.error, reason };
  }

  onEnded({ mark, rc, opStatus: status, reason, callId }: OperationEnded): Ended | undefined {
    const [id, token] = [...this.#running].find(([, each]) => String(each) === mark) ?? [];
    if (id === undefined || token === undefined) return undefined;
    this.#running.delete(id);
    return { token, rc, opStatus: status, reason, callId };
  }

  /** The stream has ended, and who waits is told so. */
  clear(): void {
    this.#running.clear();
    this.#described.clear();
  }
}

function attributesOf({ params, meta }: AgentCall): Readonly<Record<string, string>> {
  const named = Object.entries(meta).map(([name, value]) => [`CRM_meta_${name}`, value] as const);
  return { ...params, ...Object.fromEntries(named) };
}
