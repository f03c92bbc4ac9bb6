/**
 * The connections of this node to remote nodes and guests, by their names. The executor has connections and what is on
 * the other side of them run here; the shell makes the streams.
 */
import { unreachable } from "../../base/assert.ts";
import { earliest, type Instant } from "../../base/time.ts";
import { type AgentCall, isConnectionAgent } from "../executor/types.ts";
import { RemoteConnection } from "./connection.ts";
import type { RemoteEffect, RemoteEvent } from "./types.ts";

export class RemoteNodes {
  readonly #self: string;
  readonly #connections = new Map<string, RemoteConnection>();
  #lastConnection = 0;
  #fenced: ReadonlySet<string> = new Set();
  #effects: RemoteEffect[] = [];

  constructor(self: string) {
    this.#self = self;
  }

  handle(event: RemoteEvent, now: Instant): readonly RemoteEffect[] {
    this.#onEvent(event, now);
    for (const connection of this.#connections.values()) connection.onTime(now);
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  nextDeadline(): Instant | undefined {
    return earliest(...[...this.#connections.values()].map((each) => each.nextDeadline()));
  }

  #onEvent(event: RemoteEvent, now: Instant): void {
    switch (event.kind) {
      case "wake":
        return;
      case "run":
        this.#onRun(event, now);
        return;
      case "cancel":
        for (const connection of this.#connections.values()) connection.cancel(event.token);
        return;
      case "fenced":
        this.#onFenced(event.nodes);
        return;
      case "remote-connected":
        this.#of(event.connection)?.onConnected();
        return;
      case "remote-bytes":
        this.#of(event.connection)?.onBytes(event.bytes, now);
        return;
      case "remote-closed":
        this.#of(event.connection)?.onClosed(event.why, event.isKeyWrong, now);
        return;
      default:
        unreachable(event);
    }
  }

  #onRun({ token, call, timeoutMs }: Extract<RemoteEvent, { kind: "run" }>, now: Instant): void {
    if (call.remoteNode !== undefined) {
      this.#named(call.remoteNode).runThere(token, call, timeoutMs);
    } else this.#named(call.resource).run(token, call, { now, timeoutMs });
  }

  /** What was fenced before stays so until the DC has written down that it is connected to again. */
  #onFenced(nodes: readonly string[]): void {
    for (const node of nodes) {
      if (!this.#fenced.has(node)) this.#connections.get(node)?.onFenced();
    }
    this.#fenced = new Set(nodes);
  }

  #of(connection: number): RemoteConnection | undefined {
    return [...this.#connections.values()].find((each) => each.connection === connection);
  }

  #named(node: string): RemoteConnection {
    const known = this.#connections.get(node);
    if (known !== undefined) return known;
    const made = new RemoteConnection({
      ...{ node, self: this.#self },
      newConnection: () => ++this.#lastConnection,
      emit: (effect) => this.#effects.push(effect),
    });
    this.#connections.set(node, made);
    return made;
  }
}

/** Whether an operation is of a connection or goes over one: then it is no matter of this node's own agents. */
export function isForRemote(call: AgentCall): boolean {
  return call.remoteNode !== undefined || isConnectionAgent(call.agent);
}
