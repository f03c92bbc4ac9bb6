/**
 * One node of the cluster: membership, links, CIB, controller, executor and fencer, wired together. The only place
 * where they meet. Use: `handle(event, now, wall)` performs one event and returns what is to be done;
 * `nextDeadline()` says when it wants `{ kind: "wake" }`; `status(now, wall)` is a snapshot; `cib` the CIB as it is here.
 * After the effect `gone` nothing follows.
 *
 * What the parts tell each other goes through one queue, in order (wiring.ts); only when it is empty they look at each
 * other, and when nothing is left to be seen the controller decides ("quiet"). The same events at the same times give
 * the same effects.
 */
import { assert, unreachable } from "../../base/assert.ts";
import type { Prng } from "../../base/prng.ts";
import { earliest, type Instant, type WallTime } from "../../base/time.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { isLinkUp } from "./controller-world.ts";
import type { NodeEffect } from "./effects.ts";
import type { NodeEvent } from "./events.ts";
import type { NodeOptions } from "./node-options.ts";
import { type NodeParts, nodeParts } from "./node-parts.ts";
import type { NodeStatus } from "./node-status.ts";
import { nodeStatus } from "./status-page.ts";
import { Wiring } from "./wiring.ts";

/** Rounds of looking and deciding that one event may lead to; more is a circle. */
const roundsMax = 1000;

export class Node {
  readonly #parts: NodeParts;
  readonly #wiring: Wiring;
  #now: Instant;
  /** When fencer or controller want to look again. */
  #lookAt: Instant | undefined;

  /** @param prng of this start: it must be seeded anew for each. */
  constructor(
    options: NodeOptions,
    prng: Prng,
    at: { readonly now: Instant; readonly wall: WallTime },
  ) {
    this.#now = at.now;
    this.#parts = nodeParts(options, prng, { now: () => this.#now });
    this.#wiring = new Wiring(this.#parts, at);
  }

  /** With the status section, as this node has it. */
  get cib(): XmlElement {
    return this.#parts.cib.cib;
  }

  /** @param wall what the wall clock says at `now`. */
  handle(event: NodeEvent, now: Instant, wall: WallTime): readonly NodeEffect[] {
    assert(now >= this.#now, "time does not run backwards");
    if (this.#wiring.isGone) return [];
    this.#now = now;
    this.#wiring.at = { now, wall };
    this.#onEvent(event);
    this.#wiring.drain();
    this.#wakeParts();
    this.#settle();
    const { fencer, controller } = this.#parts;
    const wanted = earliest(fencer.nextDeadline(now), controller.nextDeadline());
    // What is due has just been looked at: it waits for something else.
    this.#lookAt = wanted !== undefined && wanted > now ? wanted : undefined;
    return this.#wiring.takeEffects();
  }

  /** Undefined once it is gone. */
  nextDeadline(): Instant | undefined {
    if (this.#wiring.isGone) return undefined;
    const { membership, links, cib, executor, remotes, peerAgents } = this.#parts;
    return earliest(
      membership.nextDeadline(),
      links.nextDeadline(),
      cib.nextDeadline(),
      executor.nextDeadline(),
      remotes.nextDeadline(),
      peerAgents.nextDeadline(),
      this.#lookAt,
    );
  }

  status(now: Instant, wall: WallTime): NodeStatus {
    return nodeStatus(this.#parts, { now, wall, twin: this.#wiring.twin });
  }

  #onEvent(event: NodeEvent): void {
    switch (event.kind) {
      case "wake":
        return;
      case "datagram":
      case "own-addresses":
        this.#wiring.give({ part: "membership", event });
        return;
      case "keys-changed":
        this.#wiring.give({ part: "membership", event });
        this.#wiring.give({ part: "links", event });
        return;
      case "accepted":
      case "connected":
      case "closed":
      case "bytes":
        this.#wiring.give({ part: "links", event });
        return;
      case "remote-connected":
      case "remote-bytes":
      case "remote-closed":
        this.#wiring.give({ part: "remotes", event });
        return;
      case "disk-facts":
      case "fence-peer-request":
        this.#wiring.give({ part: "fencer", event });
        return;
      case "agent-ended":
      case "fence-agent-ended":
      case "disk-outdated":
      case "copy-forced":
      case "disks-found":
      case "peer-agent-answer":
      case "file-written":
        this.#onAnswer(event);
        return;
      case "load":
        this.#wiring.give({ part: "controller", event: { kind: "load-here", load: event.load } });
        return;
      case "peer-agent-request":
        this.#onPeerAgentRequest(event);
        return;
      case "client-request":
        this.#wiring.onRequest({ kind: "here", id: event.id }, event.request);
        return;
      default:
        unreachable(event);
    }
  }

  /** The answer to an effect of this node. */
  #onAnswer(event: Extract<NodeEvent, { token: number }>): void {
    const { owner, token } = this.#parts.tokens.take(event.token);
    switch (event.kind) {
      case "agent-ended":
        this.#wiring.give({ part: "executor", event: { ...event, token } });
        return;
      case "fence-agent-ended": {
        const own = { ...event, token };
        if (owner === "fencer") this.#wiring.give({ part: "fencer", event: own });
        else this.#wiring.give({ part: "executor", event: this.#parts.stonith.onEnded(own) });
        return;
      }
      case "disk-outdated":
      case "copy-forced":
        this.#wiring.give({ part: "fencer", event: { ...event, token } });
        return;
      case "disks-found":
        this.#wiring.onDisksFound(event.token, event.drbdResources);
        return;
      case "peer-agent-answer":
        this.#wiring.takePeerAgentSteps(this.#parts.peerAgents.onAnswer(event.token, event.reply));
        return;
      case "file-written": {
        const { error } = event;
        if (owner === "cib") {
          const written = {
            kind: "written" as const,
            token,
            ...(error !== undefined && { error }),
          };
          this.#wiring.give({ part: "cib", event: written });
        }
        return;
      }
      default:
        unreachable(event);
    }
  }

  #onPeerAgentRequest(event: Extract<NodeEvent, { kind: "peer-agent-request" }>): void {
    const { peerAgents, links } = this.#parts;
    const steps = peerAgents.ask(event, isLinkUp(links, event.to), this.#now);
    this.#wiring.takePeerAgentSteps(steps);
  }

  /** Time has passed for all parts, whatever the event was. */
  #wakeParts(): void {
    const { membership, links, cib, executor, remotes, peerAgents } = this.#parts;
    const isDue = (deadline: Instant | undefined): boolean =>
      deadline !== undefined && deadline <= this.#now;
    const event = { kind: "wake" } as const;
    if (isDue(membership.nextDeadline())) this.#wiring.give({ part: "membership", event });
    if (isDue(links.nextDeadline())) this.#wiring.give({ part: "links", event });
    if (isDue(cib.nextDeadline())) this.#wiring.give({ part: "cib", event });
    if (isDue(executor.nextDeadline())) this.#wiring.give({ part: "executor", event });
    if (isDue(remotes.nextDeadline())) this.#wiring.give({ part: "remotes", event });
    this.#wiring.takePeerAgentSteps(peerAgents.onTime(this.#now));
    if (isDue(this.#lookAt)) this.#wiring.isLookDue = true;
    this.#wiring.drain();
  }

  /** Until nobody sees anything new, and there is nothing more to be decided. */
  #settle(): void {
    const wiring = this.#wiring;
    for (let round = 0; wiring.isLookDue || wiring.isDecisionDue; round++) {
      assert(round < roundsMax, "a turn comes to its end");
      if (wiring.isLookDue) {
        wiring.isLookDue = false;
        wiring.give({ part: "fencer", event: { kind: "look" } });
        wiring.give({ part: "controller", event: { kind: "look" } });
      } else {
        wiring.isDecisionDue = false;
        wiring.give({ part: "controller", event: { kind: "quiet" } });
      }
      wiring.drain();
    }
    wiring.onSettled();
  }
}
