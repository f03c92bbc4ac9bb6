/**
 * A transition run by the controller's own parts in a simulated world: every node has joined and has a real executor, and
 * every agent and fence device does as it is told. What is left is the status section that comes of it.
 */
import { assert } from "../../src/base/assert.ts";
import { compareText } from "../../src/base/compare.ts";
import { earliest, type Instant, instant, wallTime } from "../../src/base/time.ts";
import { applyChange } from "../../src/core/cib/apply/apply-change.ts";
import { DcMembers } from "../../src/core/controller/dc-members.ts";
import { DcOrders } from "../../src/core/controller/dc-orders.ts";
import { DcOutbox } from "../../src/core/controller/dc-outbox.ts";
import { DcResults } from "../../src/core/controller/dc-results.ts";
import { Engine, type TransitionRecord } from "../../src/core/controller/engine.ts";
import type { TransitionGraph } from "../../src/core/controller/types.ts";
import type {
  ControllerEffect,
  ControllerMessage,
  DcWorld,
  Now,
} from "../../src/core/controller/world.ts";
import { Executor } from "../../src/core/executor/executor.ts";
import type { ExecutorEffect, ExecutorEvent, Order } from "../../src/core/executor/types.ts";
import { attribute, descendants, type XmlElement } from "../../src/formats/xml/xml-element.ts";

/** The DC is a node of its own, beside those of the case. */
const self = "the-dc";
const term = 1;

export type Played = {
  readonly cib: XmlElement;
  readonly transition: TransitionRecord;
  /** Nodes that were told that they may leave. */
  readonly left: readonly string[];
};

/** @param nowS the clock, seconds since 1970. */
export function playTransition(cib: XmlElement, graph: TransitionGraph, nowS: number): Played {
  return new Stage(cib, graph, nowS).play();
}

type Message<K extends ControllerMessage["kind"]> = Extract<ControllerMessage, { kind: K }>;

class Stage {
  #cib: XmlElement;
  #now: Instant = instant(0);
  readonly #beganS: number;
  readonly #members = new DcMembers(self, 1000);
  readonly #out = new DcOutbox();
  readonly #engine: Engine;
  readonly #orders: DcOrders;
  readonly #results: DcResults;
  readonly #executors = new Map<string, Executor>();
  /** Transition keys of what runs on remote nodes, and through whom. */
  readonly #routed = new Map<string, { readonly router: string; readonly remoteNode: string }>();
  readonly #left: string[] = [];
  /** What the executors of this transition count from: the status section's results are older, whatever they are. */
  readonly #lastCallId: number;

  constructor(cib: XmlElement, graph: TransitionGraph, nowS: number) {
    this.#cib = cib;
    this.#beganS = nowS;
    this.#lastCallId = lastCallId(cib);
    const world = this.#world(graph);
    this.#engine = new Engine(world);
    const parts = { world, term, members: this.#members, engine: this.#engine, out: this.#out };
    this.#orders = new DcOrders(parts);
    this.#results = new DcResults(parts);
    this.#join(graph);
  }

  play(): Played {
    this.#engine.note("a test wants it");
    this.#decide();
    for (let turns = 0; this.#engine.transition?.ended === undefined; turns++) {
      assert(turns < 10_000, "a transition comes to its end");
      this.#now = earliest(...this.#deadlines()) ?? this.#now;
      for (const [host, executor] of this.#sorted()) {
        this.#feed(host, executor, { kind: "wake" });
      }
      this.#decide();
    }
    return { cib: this.#cib, transition: this.#engine.transition, left: this.#left };
  }

  #join(graph: TransitionGraph): void {
    const names = graph.synapses.flatMap(({ action }) => [
      ...(action.node === undefined ? [] : [action.node.name]),
      ...(action.routerNode === undefined ? [] : [action.routerNode]),
    ]);
    const nodes = [...new Set(names)].sort(compareText);
    this.#members.update(
      nodes.map((name) => ({ name, incarnation: 1n })),
      this.#now,
    );
    for (const member of this.#members.all()) member.state = "joined";
  }

  #decide(): void {
    const facts = { readiness: new Map(), held: new Set<string>() };
    for (;;) {
      const effects = this.#engine.onQuiet(true, () => facts, this.#at);
      for (const effect of effects) this.#orders.perform(effect, this.#at);
      if (!this.#perform() && effects.length === 0) return;
      if (this.#engine.transition?.ended !== undefined) return;
    }
  }

  /** @returns whether there was anything to be done. */
  #perform(): boolean {
    let isAny = false;
    for (let effects = this.#out.take(); effects.length > 0; effects = this.#out.take()) {
      isAny = true;
      for (const effect of effects) this.#performOne(effect);
    }
    return isAny;
  }

  #performOne(effect: ControllerEffect): void {
    switch (effect.kind) {
      case "cib": {
        assert(effect.event.kind === "status", "a transition writes nothing but the status");
        const applied = applyChange(this.#cib, effect.event.change);
        assert(applied.ok, applied.ok ? "" : `it is applied: ${applied.error.message}`);
        this.#cib = applied.value.cib;
        return;
      }
      case "fence": {
        const { target, action } = effect;
        const result = { action, isDone: true, why: "", retryAt: undefined };
        this.#results.onFenced(target, result, this.#at);
        return;
      }
      case "send":
        this.#deliver(effect.to, effect.message);
        return;
      default:
        return;
    }
  }

  #deliver(to: string, message: ControllerMessage): void {
    switch (message.kind) {
      case "order":
        this.#order(to, message);
        return;
      case "cancel": {
        const { operation, transitionKey } = message;
        this.#feed(to, this.#executor(to), { kind: "cancel", operation, transitionKey });
        return;
      }
      case "leave-granted":
        this.#left.push(to);
        return;
      default:
        return;
    }
  }

  /** Holdfast's own executors run nothing on remote nodes; here the remote node has one. */
  #order(to: string, { order }: Message<"order">): void {
    const { remoteNode, ...own } = order;
    const host = remoteNode ?? to;
    if (remoteNode !== undefined) this.#routed.set(order.transitionKey, { router: to, remoteNode });
    this.#feed(host, this.#executor(host), { kind: "order", order: own satisfies Order });
  }

  #feed(host: string, executor: Executor, event: ExecutorEvent): void {
    const { now, wall } = this.#at;
    for (const effect of executor.handle(event, now, wall)) this.#onEffect(host, executor, effect);
  }

  #onEffect(host: string, executor: Executor, effect: ExecutorEffect): void {
    if (effect.kind === "run-agent") {
      const rc = Number(effect.call.meta["op_target_rc"] ?? 0);
      this.#feed(host, executor, { kind: "agent-ended", token: effect.token, rc, reason: "" });
      return;
    }
    if (effect.kind !== "report") return;
    const routed = this.#routed.get(effect.report.transitionKey);
    const callId = effect.report.callId + (effect.report.callId > 0 ? this.#lastCallId : 0);
    const report = {
      ...{ ...effect.report, callId },
      ...(routed && { remoteNode: routed.remoteNode }),
    };
    this.#results.onReport(routed?.router ?? host, report, this.#at);
    this.#perform();
  }

  #executor(host: string): Executor {
    const known = this.#executors.get(host);
    if (known !== undefined) return known;
    const executor = new Executor();
    this.#executors.set(host, executor);
    return executor;
  }

  #sorted(): readonly (readonly [string, Executor])[] {
    return [...this.#executors].sort(([a], [b]) => compareText(a, b));
  }

  #deadlines(): readonly (Instant | undefined)[] {
    const executors = [...this.#executors.values()].map((each) => each.nextDeadline());
    return [this.#engine.nextDeadline(), ...executors];
  }

  get #at(): Now {
    return { now: this.#now, wall: wallTime(this.#beganS * 1000 + this.#now) };
  }

  #world(graph: TransitionGraph): DcWorld {
    return {
      ...{ self, incarnation: 1n, nodes: [], version: "", joinMs: 1000, nodeActionsMax: 8 },
      schedule: () => ({ graph, changes: [], blocked: [], reasons: undefined }),
      cib: () => this.#cib,
      generation: () => ({ adminEpoch: 0, epoch: 0, term }),
      lineage: () => [],
      configurationDigest: () => "",
      isCibSettled: () => true,
      members: () => [],
      isSettled: () => true,
      isLinkUp: () => true,
      hasQuorum: () => true,
      hadQuorum: () => true,
      loss: () => ({ kind: "gone", isProven: true, why: "" }),
      history: () => [],
      readiness: () => ({}),
      evidence: () => [],
      load: () => undefined,
      lastTransition: () => 0,
      newUuid: () => "01234567-89ab-4def-8123-456789abcdef",
    };
  }
}

function lastCallId(cib: XmlElement): number {
  const ids = [...descendants(cib)].map((each) => Number(attribute(each, "call-id") ?? 0));
  return Math.max(0, ...ids.filter((id) => Number.isSafeInteger(id)));
}
