/**
 * The connection to one remote node: a TLS stream to its pacemaker_remoted, and what is asked over it. It is a resource
 * (ocf:pacemaker:remote) whose agent this is. Invariants:
 *
 * - Operations run on the remote node only while the connection stands; each is answered once, or all by `remote-gone`.
 * - Another cluster node that connects without being expected ends it: two nodes must not order about one.
 * - A connection that ended by itself is lost until it is started or stopped: its recurring monitor fails, and says why.
 *
 * Follows what Pacemaker's controller does with ocf:pacemaker:remote. Deviations: recurring operations are repeated by this
 * node's executor and not by the daemon there; so a new host of the connection orders them anew.
 */
import { assert } from "../../base/assert.ts";
import { after, earliest, type Instant } from "../../base/time.ts";
import {
  RemoteFrameReader,
  remoteFrameParts,
} from "../../formats/pacemaker-remote/remote-frame.ts";
import { readRemoteMessage } from "../../formats/pacemaker-remote/remote-message.ts";
import {
  type RemoteRequest,
  remoteRequest,
} from "../../formats/pacemaker-remote/remote-request.ts";
import { opStatus } from "../cib/status/operation-result.ts";
import type { AgentCall } from "../executor/types.ts";
import { RemoteOperations } from "./remote-operations.ts";
import type { RemoteEffect } from "./types.ts";

/** A refused connection is tried again after so long. */
const retryMs = 1000;
/** So much of a start's time is left unused, so that its end says why. */
const reserveMs = 2000;
export const defaultRemotePort = 3121;

const rcOf = { ok: 0, generic: 1, arguments: 2, unimplemented: 3, notRunning: 7 } as const;

type Start = {
  readonly token: number;
  readonly giveUpAt: Instant;
  /** Why it was not connected to so far. */
  readonly why: string;
  /** It is the monitor of a connection that this daemon does not know. */
  readonly isMonitor: boolean;
};

type State =
  /** This daemon has not had it yet; another one may have, before this node's daemon was started anew. */
  | { readonly kind: "unknown" }
  | { readonly kind: "down" }
  /** @property retryAt undefined while a stream is being made or greeted. */
  | { readonly kind: "starting"; readonly start: Start; readonly retryAt: Instant | undefined }
  | { readonly kind: "up" }
  /** Another node has taken it over, as was expected. */
  | { readonly kind: "taken over" }
  | { readonly kind: "lost"; readonly why: string };

export type ConnectionParts = {
  readonly node: string;
  /** How the daemon there calls us in its log. */
  readonly self: string;
  newConnection(): number;
  emit(effect: RemoteEffect): void;
};

type Waiting = { readonly token: number; readonly call: AgentCall; readonly timeoutMs: number };
type Stop = { readonly token: number; readonly until: Instant };

export class RemoteConnection {
  readonly #parts: ConnectionParts;
  #state: State = { kind: "unknown" };
  #stream: { readonly connection: number; readonly reader: RemoteFrameReader } | undefined;
  #target = { address: "", port: defaultRemotePort };
  #nextId = 1;
  #helloId: number | undefined;
  #pokes = new Map<number, number>();
  /** Pokes in a row that nothing answered. */
  #unanswered = 0;
  #operations: RemoteOperations;
  /** What came for the other side before the connection that this daemon does not know was made again. */
  #waiting: Waiting[] = [];
  /** It is being migrated away. */
  #expectsTakeover = false;
  #stop: Stop | undefined;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#operations = new RemoteOperations((request) => this.#ask(request));
  }

  get connection(): number | undefined {
    return this.#stream?.connection;
  }

  get isUp(): boolean {
    return this.#state.kind === "up";
  }

  nextDeadline(): Instant | undefined {
    const { start, retryAt } =
      this.#state.kind === "starting" ? this.#state : { start: undefined, retryAt: undefined };
    return earliest(retryAt, start?.giveUpAt, this.#stop?.until);
  }

  /** An operation of the connection itself. */
  run(
    token: number,
    call: AgentCall,
    at: { readonly now: Instant; readonly timeoutMs: number },
  ): void {
    switch (call.action) {
      case "start":
      case "migrate_from":
        this.#onStart(token, call, at);
        return;
      case "monitor":
        this.#onMonitor(token, call, at);
        return;
      case "migrate_to":
        this.#expectsTakeover = true;
        this.#end(token, rcOf.ok);
        return;
      case "stop":
        this.#onStop(token, at);
        return;
      // Nothing that can be reloaded concerns the stream; and there is nobody to be told of anything.
      case "reload":
      case "reload-agent":
      case "notify":
        this.#end(token, rcOf.ok);
        return;
      default:
        this.#end(token, rcOf.unimplemented, `a connection has no action "${call.action}"`);
    }
  }

  /** An operation of a resource there. */
  runThere(token: number, call: AgentCall, timeoutMs: number): void {
    if (this.isUp) {
      this.#operations.run(token, call, timeoutMs);
      return;
    }
    if (this.#state.kind === "unknown" || this.#state.kind === "starting") {
      this.#waiting.push({ token, call, timeoutMs });
      return;
    }
    this.#refuse(token);
  }

  #refuse(token: number): void {
    const reason = `this node has no connection to ${this.#parts.node}`;
    this.#end(token, rcOf.generic, reason, opStatus.notConnected);
  }

  cancel(token: number): void {
    if (this.#waiting.some((each) => each.token === token)) {
      this.#waiting = this.#waiting.filter((each) => each.token !== token);
      this.#end(token, rcOf.generic, "cancelled");
      return;
    }
    if (this.#state.kind === "starting" && this.#state.start.token === token) {
      this.#close();
      this.#state = { kind: "down" };
      this.#refuseWaiting();
      this.#end(token, rcOf.generic, "cancelled");
      return;
    }
    const poke = [...this.#pokes].find(([, each]) => each === token)?.[0];
    if (poke === undefined) return;
    this.#pokes.delete(poke);
    this.#end(token, rcOf.generic, "no answer");
    this.#unanswered += 1;
    // The executor asks twice before it counts; then nothing that is under way there is waited for.
    if (this.#unanswered >= 2) this.#lose(`${this.#parts.node} does not answer`);
  }

  onTime(now: Instant): void {
    if (this.#stop !== undefined && now >= this.#stop.until) this.#finishStop();
    if (this.#state.kind !== "starting") return;
    const { start, retryAt } = this.#state;
    if (now >= start.giveUpAt) this.#failStart(start, start.why, opStatus.timeout);
    else if (retryAt !== undefined && now >= retryAt) this.#dial(start);
  }

  /** Its stream may hang for long before it is known to be cut. */
  onFenced(): void {
    if (this.isUp) this.#lose("it was fenced");
  }

  onConnected(): void {
    if (this.#state.kind !== "starting") return;
    this.#helloId = this.#ask({ kind: "register", client: this.#parts.self });
  }

  onBytes(bytes: Uint8Array, now: Instant): void {
    this.#unanswered = 0;
    const reader = this.#stream?.reader;
    reader?.push(bytes);
    // A message may end the stream.
    while (reader !== undefined && reader === this.#stream?.reader) {
      const taken = reader.take();
      if (!taken.ok) {
        this.onClosed(`it speaks no protocol of pacemaker_remoted (${taken.error})`, false, now);
        return;
      }
      if (taken.value === undefined) return;
      this.#onMessage(readRemoteMessage(taken.value), now);
    }
  }

  onClosed(why: string, isKeyWrong: boolean, now: Instant): void {
    const state = this.#state;
    if (state.kind === "starting") {
      this.#close();
      const retryAt = after(now, retryMs);
      if (isKeyWrong) this.#failStart(state.start, why, opStatus.error, rcOf.arguments);
      else if (retryAt >= state.start.giveUpAt) {
        this.#failStart(state.start, why, opStatus.timeout);
      } else this.#state = { kind: "starting", start: { ...state.start, why }, retryAt };
      return;
    }
    if (state.kind === "up") this.#lose(why);
    else this.#close();
  }

  #onMessage(message: ReturnType<typeof readRemoteMessage>, now: Instant): void {
    switch (message.kind) {
      case "reply":
        this.#onReply(message.id, message.rc, now);
        return;
      case "operation-ended":
        this.#endOperation(this.#operations.onEnded(message));
        return;
      case "new-client":
        this.#onNewClient();
        return;
      case "shutdown-wanted":
        this.#ask({ kind: "shutdown-accepted" });
        this.#parts.emit({ kind: "remote-leaves", node: this.#parts.node });
        return;
      case "new-session":
        this.#ask({ kind: "end-session", session: message.session });
        return;
      default:
        return;
    }
  }

  #onReply(id: number, rc: number, now: Instant): void {
    if (id === this.#helloId) {
      this.#onGreeted(rc, now);
      return;
    }
    const poke = this.#pokes.get(id);
    if (poke !== undefined) {
      this.#pokes.delete(id);
      this.#end(poke, rcOf.ok);
      return;
    }
    this.#endOperation(this.#operations.onReply(id, rc));
  }

  #onGreeted(rc: number, now: Instant): void {
    this.#helloId = undefined;
    if (this.#state.kind !== "starting") return;
    if (rc !== 0) {
      this.onClosed(`it refuses to be registered with (error ${-rc})`, false, now);
      return;
    }
    const { token } = this.#state.start;
    this.#state = { kind: "up" };
    this.#end(token, rcOf.ok);
    for (const each of this.#waiting.splice(0)) {
      this.#operations.run(each.token, each.call, each.timeoutMs);
    }
  }

  #onStart(
    token: number,
    { action, params }: AgentCall,
    { now, timeoutMs }: { readonly now: Instant; readonly timeoutMs: number },
  ): void {
    this.#leave(false);
    const { node } = this.#parts;
    const address = params["addr"] ?? params["server"] ?? node;
    const port = params["port"] === undefined ? defaultRemotePort : Number(params["port"]);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      this.#end(token, rcOf.arguments, `"${params["port"]}" is no port`);
      return;
    }
    this.#target = { address, port };
    this.#expectsTakeover = false;
    const giveUpAt = after(now, Math.max(timeoutMs - reserveMs, timeoutMs / 2));
    const isMonitor = action === "monitor";
    this.#dial({ token, giveUpAt, why: "no answer", isMonitor });
  }

  #dial(start: Start): void {
    assert(this.#stream === undefined, "a connection has one stream");
    const connection = this.#parts.newConnection();
    this.#stream = { connection, reader: new RemoteFrameReader() };
    this.#state = { kind: "starting", start, retryAt: undefined };
    this.#parts.emit({ kind: "remote-dial", connection, ...this.#target });
  }

  #failStart(start: Start, why: string, status: number, rc: number = rcOf.generic): void {
    const { token, isMonitor } = start;
    this.#close();
    const { address, port } = this.#target;
    const reason = `could not connect to pacemaker_remoted of ${this.#parts.node} at ${address}:${port}: ${why}`;
    this.#state = isMonitor ? { kind: "lost", why: reason } : { kind: "down" };
    this.#refuseWaiting();
    this.#end(token, rc, reason, status);
  }

  #onMonitor(
    token: number,
    call: AgentCall,
    at: { readonly now: Instant; readonly timeoutMs: number },
  ): void {
    const state = this.#state;
    if (state.kind === "up") {
      this.#pokes.set(this.#ask({ kind: "poke" }), token);
      return;
    }
    const recurs = (call.meta["interval"] ?? "0") !== "0";
    if (state.kind === "unknown" && recurs) {
      this.#onStart(token, call, at);
      return;
    }
    if (state.kind === "lost" && recurs) this.#end(token, rcOf.generic, state.why, opStatus.error);
    else this.#end(token, rcOf.notRunning);
  }

  #onStop(
    token: number,
    { now, timeoutMs }: { readonly now: Instant; readonly timeoutMs: number },
  ): void {
    if (this.#expectsTakeover && this.isUp) {
      // The new host is connecting; if it does not come, the remote node is simply down.
      this.#stop = { token, until: after(now, timeoutMs / 2) };
      return;
    }
    this.#leave(false);
    this.#refuseWaiting();
    this.#end(token, rcOf.ok);
  }

  #finishStop(): void {
    const stop = this.#stop;
    this.#stop = undefined;
    this.#expectsTakeover = false;
    this.#leave(false);
    if (stop !== undefined) this.#end(stop.token, rcOf.ok);
  }

  #onNewClient(): void {
    if (this.#state.kind !== "up") return;
    if (!this.#expectsTakeover) {
      this.#lose("another node of the cluster has connected to it");
      return;
    }
    this.#leave(false);
    this.#state = { kind: "taken over" };
    if (this.#stop !== undefined) this.#finishStop();
  }

  #lose(why: string): void {
    const { node } = this.#parts;
    const reason = `the connection to ${node} was lost: ${why}`;
    this.#leave(true, reason);
    this.#state = { kind: "lost", why: reason };
    this.#parts.emit({
      kind: "notice",
      level: "error",
      code: "HF4425",
      message: `The connection to the remote node ${node} was lost: ${why}.`,
      fields: { node },
    });
  }

  /** Nothing goes on over the present stream. @param why for who has just asked whether it stands. */
  #leave(isLost: boolean, why = "the connection has ended"): void {
    // It answers all that is under way there, so it comes before the stream's own end.
    if (this.isUp) this.#parts.emit({ kind: "remote-gone", node: this.#parts.node, isLost });
    if (this.#state.kind === "starting")
      this.#end(this.#state.start.token, rcOf.generic, "stopped");
    this.#close(why);
    if (this.#state.kind !== "unknown") this.#refuseWaiting();
    this.#state = { kind: "down" };
  }

  #refuseWaiting(): void {
    for (const { token } of this.#waiting.splice(0)) this.#refuse(token);
  }

  #close(why = ""): void {
    for (const token of this.#pokes.values()) {
      this.#end(token, rcOf.generic, why, opStatus.error);
    }
    this.#pokes.clear();
    this.#operations.clear();
    this.#helloId = undefined;
    this.#unanswered = 0;
    if (this.#stream === undefined) return;
    this.#parts.emit({ kind: "remote-close", connection: this.#stream.connection });
    this.#stream = undefined;
  }

  #ask(request: RemoteRequest): number {
    const id = this.#nextId++;
    if (this.#stream === undefined) return id;
    const parts = remoteFrameParts(remoteRequest(request, id), id);
    this.#parts.emit({ kind: "remote-write", connection: this.#stream.connection, parts });
    return id;
  }

  #endOperation(ended: ReturnType<RemoteOperations["onEnded"]>): void {
    if (ended !== undefined) this.#parts.emit({ kind: "agent-ended", ...ended });
  }

  #end(token: number, rc: number, reason = "", status: number = opStatus.done): void {
    this.#parts.emit({ kind: "agent-ended", token, rc, reason, opStatus: status });
  }
}
