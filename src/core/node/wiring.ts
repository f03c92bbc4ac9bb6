/**
 * What the parts of a node tell each other, in one queue; and what goes out of it. Effects that concern another part
 * become events there, all others are for the shell.
 */
import { unreachable } from "../../base/assert.ts";
import { Queue } from "../../base/queue.ts";
import { after, type Instant, type WallTime } from "../../base/time.ts";
import { fencedRemotes } from "../cib/read/remote-nodes.ts";
import type { CibSyncEffect } from "../cibsync/types.ts";
import { announce, readStanding } from "../controller/standing.ts";
import type { ControllerEffect } from "../controller/world.ts";
import type { ExecutorEffect } from "../executor/types.ts";
import type { FencerEffect } from "../fencer/types.ts";
import { linkEvent } from "../link/follow-membership.ts";
import type { LinkEffect } from "../link/types.ts";
import type { MembershipEffect } from "../membership/types.ts";
import { isForRemote } from "../remote/remote-nodes.ts";
import type { RemoteEffect } from "../remote/types.ts";
import type { ClientOrigin } from "./client-desk.ts";
import type { ClientRequest } from "./client-requests.ts";
import { ClientService, type ServiceStep } from "./client-service.ts";
import { isLinkUp } from "./controller-world.ts";
import type { NodeEffect } from "./effects.ts";
import { linkNotice, membershipNotice } from "./membership-words.ts";
import { decodeMessage, encodeMessage } from "./message-codec.ts";
import type { Message } from "./messages.ts";
import type { NodeParts } from "./node-parts.ts";
import type { PartEvent } from "./part-event.ts";
import type { PeerAgentStep } from "./peer-agent-desk.ts";

type Now = { readonly now: Instant; readonly wall: WallTime };

export class Wiring {
  readonly #parts: NodeParts;
  readonly #clients: ClientService;
  readonly #queue = new Queue<PartEvent>();
  #effects: NodeEffect[] = [];
  #at: Now;
  #toldReadiness = "{}";
  /** Of look-ups, of answers for peers, and of kept transitions. */
  #lastToken = 0;
  #isStatusChanged = false;
  /** The parts have to look at each other. */
  isLookDue = true;
  /** The controller has to decide. */
  isDecisionDue = true;
  isGone = false;
  /** The address of another daemon with this node's name. */
  twin: string | undefined;

  constructor(parts: NodeParts, at: Now) {
    this.#parts = parts;
    this.#at = at;
    const { self, controller, links } = parts;
    this.#clients = new ClientService({
      self,
      dc: () => controller.obeys?.name,
      isLinkUp: (peer) => isLinkUp(links, peer),
      isClusterIdle: () => controller.dc?.isIdle === true && parts.cib.pendingChanges === 0,
    });
    this.#lookForDisks();
  }

  set at(at: Now) {
    this.#at = at;
  }

  give(event: PartEvent): void {
    this.#queue.push(event);
  }

  drain(): void {
    for (let event = this.#queue.shift(); event !== undefined; event = this.#queue.shift()) {
      this.#perform(event);
    }
  }

  takeEffects(): readonly NodeEffect[] {
    if (this.#isStatusChanged) this.#effects.push({ kind: "status-changed" });
    this.#isStatusChanged = false;
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  onRequest(origin: ClientOrigin, request: ClientRequest): void {
    this.#serve(this.#clients.onRequest(origin, request));
  }

  /** Nothing is left to be done in this turn. */
  onSettled(): void {
    this.#serve(this.#clients.onSettled());
    this.drain();
  }

  onDisksFound(token: number, drbdResources: readonly string[]): void {
    this.#parts.disks.onFound(token, drbdResources);
    this.#tellReadiness();
  }

  takePeerAgentSteps(steps: readonly PeerAgentStep[]): void {
    for (const step of steps) {
      if (step.kind === "send") this.#send(step.to, step.message);
      else this.#effects.push(step);
    }
  }

  #perform({ part, event }: PartEvent): void {
    const { now, wall } = this.#at;
    const { membership, links, cib, executor, remotes, fencer, controller } = this.#parts;
    switch (part) {
      case "membership":
        this.#onMembershipEffects(membership.handle(event, now));
        return;
      case "links":
        for (const effect of links.handle(event, now)) this.#onLinkEffect(effect);
        return;
      case "cib":
        for (const effect of cib.handle(event, now)) this.#onCibEffect(effect);
        return;
      case "executor":
        for (const effect of executor.handle(event, now, wall)) this.#onExecutorEffect(effect);
        return;
      case "remotes":
        for (const effect of remotes.handle(event, now)) this.#onRemoteEffect(effect);
        return;
      case "fencer":
        for (const effect of fencer.handle(event, now, wall)) this.#onFencerEffect(effect);
        return;
      case "controller": {
        const effects = controller.handle(event, { now, wall });
        // What has just been decided, or has ended, may lead on to the next decision.
        if (event.kind !== "quiet" || effects.length > 0) this.isDecisionDue = true;
        if (event.kind !== "quiet" && event.kind !== "look") this.isLookDue = true;
        for (const effect of effects) this.#onControllerEffect(effect);
        return;
      }
      default:
        unreachable(part);
    }
  }

  #onMembershipEffects(effects: readonly MembershipEffect[]): void {
    if (effects.some((effect) => effect.kind !== "send-datagram")) {
      this.#parts.members.refresh(this.#at.now);
      this.isLookDue = true;
      this.#isStatusChanged = true;
    }
    for (const effect of effects) this.#onMembershipEffect(effect);
  }

  #onMembershipEffect(effect: MembershipEffect): void {
    const notice = membershipNotice(effect);
    if (notice !== undefined) this.#effects.push(notice);
    const link = linkEvent(effect);
    if (link !== undefined) this.give({ part: "links", event: link });
    switch (effect.kind) {
      case "send-datagram":
        this.#effects.push(effect);
        return;
      case "gone":
        this.#effects.push(effect);
        this.isGone = true;
        return;
      case "member-joined":
      case "peer-restarted": {
        const { peer, incarnation } = effect;
        if (effect.kind === "peer-restarted") {
          this.give({ part: "fencer", event: { kind: "peer-restarted", peer } });
        } else {
          this.give({ part: "fencer", event: { kind: "peer-joined", peer, incarnation } });
        }
        this.#hear(peer, effect.announcement);
        return;
      }
      case "peer-announced":
        this.#hear(effect.peer, effect.announcement);
        return;
      case "peer-left":
      case "peer-lost": {
        const why = effect.kind === "peer-left" ? ("left" as const) : ("lost" as const);
        const { peer, incarnation } = effect;
        const silentForMs = effect.kind === "peer-lost" ? effect.silentForMs : 0;
        const event = { kind: "peer-gone", peer, why, incarnation, silentForMs } as const;
        this.give({ part: "fencer", event });
        return;
      }
      case "twin-found":
        this.twin = effect.address;
        return;
      default:
        return;
    }
  }

  #hear(peer: string, announcement: Readonly<Record<string, string>>): void {
    const standing = readStanding(announcement, this.#parts.nodes);
    const incarnation = this.#parts.members.incarnationOf(peer);
    if (standing === undefined || incarnation === undefined) return;
    this.give({ part: "controller", event: { kind: "standing", peer, incarnation, standing } });
  }

  #onLinkEffect(effect: LinkEffect): void {
    const notice = linkNotice(effect);
    if (notice !== undefined) this.#effects.push(notice);
    switch (effect.kind) {
      case "dial":
      case "write":
      case "close":
        this.#effects.push(effect);
        return;
      case "link-up":
        this.isLookDue = true;
        this.#isStatusChanged = true;
        return;
      case "link-down":
        this.give({ part: "controller", event: { kind: "link-lost", peer: effect.peer } });
        this.isLookDue = true;
        this.#isStatusChanged = true;
        this.#serve(this.#clients.onLinkDown(effect.peer));
        this.takePeerAgentSteps(this.#parts.peerAgents.onLinkDown(effect.peer));
        return;
      case "message":
        this.#onBytes(effect.from, effect.bytes);
        return;
      default:
        return;
    }
  }

  #onBytes(from: string, bytes: Uint8Array): void {
    const decoded = decodeMessage(bytes);
    if (decoded.ok) {
      this.#onMessage(from, decoded.value);
      return;
    }
    const message = `A message from ${from} is not understood: ${decoded.error}.`;
    const fields = { peer: from };
    this.#effects.push({ kind: "notice", level: "error", code: "HF4414", message, fields });
  }

  #onMessage(from: string, message: Message): void {
    switch (message.kind) {
      case "cib-whole":
      case "cib-change":
      case "want-whole":
      case "cib-stored":
        this.give({ part: "cib", event: { kind: "message", from, message } });
        return;
      case "evidence":
      case "fence-me":
      case "fence-me-reply":
      case "outdate":
      case "outdated":
        this.give({ part: "fencer", event: { kind: "message", from, message } });
        return;
      case "client-request":
        this.onRequest({ kind: "peer", from, id: message.id }, message.request);
        return;
      case "client-reply":
        this.#serve(this.#clients.onReply(from, message.id, message.reply));
        return;
      case "peer-agent-request": {
        const token = this.#parts.tokens.give("peer-agents", ++this.#lastToken);
        this.takePeerAgentSteps(this.#parts.peerAgents.onRequest(from, message, token));
        return;
      }
      case "peer-agent-reply":
        this.takePeerAgentSteps(this.#parts.peerAgents.onReply(from, message.id, message.reply));
        return;
      default:
        this.give({ part: "controller", event: { kind: "message", from, message } });
    }
  }

  #onCibEffect(effect: CibSyncEffect): void {
    switch (effect.kind) {
      case "send":
        this.#send(effect.to, effect.message);
        return;
      case "write-file":
        this.#effects.push({ ...effect, token: this.#parts.tokens.give("cib", effect.token) });
        return;
      case "answer":
        this.#serve(this.#clients.onChangeEnded(effect.id, effect.outcome));
        return;
      case "changed": {
        const { touched, byClient } = effect;
        this.#isStatusChanged = true;
        if (touched === "configuration") this.#lookForDisks();
        const fenced = fencedRemotes(this.#parts.cib.cib);
        this.give({ part: "remotes", event: { kind: "fenced", nodes: fenced } });
        this.give({ part: "controller", event: { kind: "cib-changed", touched, byClient } });
        return;
      }
      case "settled":
        this.give({ part: "controller", event: { kind: "cib-settled" } });
        return;
      case "follower-synced":
        this.give({ part: "controller", event: effect });
        return;
      case "notice":
        this.#effects.push(effect);
        return;
      default:
        unreachable(effect);
    }
  }

  #onExecutorEffect(effect: ExecutorEffect): void {
    switch (effect.kind) {
      case "run-agent": {
        if (isForRemote(effect.call)) {
          this.give({ part: "remotes", event: { ...effect, kind: "run" } });
          return;
        }
        if (effect.call.agent.class !== "stonith") {
          this.#effects.push({
            ...effect,
            token: this.#parts.tokens.give("executor", effect.token),
          });
          return;
        }
        const step = this.#parts.stonith.run(effect);
        if ("ended" in step) this.give({ part: "executor", event: step.ended });
        else
          this.#effects.push({
            ...step.run,
            token: this.#parts.tokens.give("stonith", effect.token),
          });
        return;
      }
      case "cancel-agent": {
        // A fence agent has its time limit, and is waited for.
        const token = this.#parts.tokens.externalOf("executor", effect.token);
        if (token !== undefined) this.#effects.push({ kind: "cancel-agent", token });
        else this.give({ part: "remotes", event: { kind: "cancel", token: effect.token } });
        return;
      }
      case "report":
        this.give({ part: "controller", event: { kind: "report-here", report: effect.report } });
        return;
      case "notice":
        this.#effects.push(effect);
        return;
      default:
        unreachable(effect);
    }
  }

  #onRemoteEffect(effect: RemoteEffect): void {
    switch (effect.kind) {
      case "remote-dial":
      case "remote-write":
      case "remote-close":
      case "notice":
        this.#effects.push(effect);
        return;
      case "agent-ended":
      case "remote-gone":
        this.give({ part: "executor", event: effect });
        return;
      case "remote-leaves":
        this.give({ part: "controller", event: effect });
        return;
      default:
        unreachable(effect);
    }
  }

  #onFencerEffect(effect: FencerEffect): void {
    switch (effect.kind) {
      case "run-fence-agent":
      case "outdate-disk":
      case "force-copy":
        this.#effects.push({ ...effect, token: this.#parts.tokens.give("fencer", effect.token) });
        return;
      case "hint-peer-lost":
      case "set-disk-fencing-policy":
      case "fence-verdict":
      case "notice":
        this.#effects.push(effect);
        return;
      case "send":
        this.#send(effect.to, effect.message);
        return;
      case "fenced": {
        const { target, action, isDone, why, retryInMs } = effect;
        const retryAt = retryInMs === undefined ? undefined : after(this.#at.now, retryInMs);
        const event = { kind: "fenced" as const, target, action, isDone, why, retryAt };
        this.give({ part: "controller", event });
        return;
      }
      case "answer":
        this.#serve(this.#clients.onFencerAnswer(effect.id, effect.outcome));
        return;
      case "changed":
        this.isLookDue = true;
        this.#isStatusChanged = true;
        this.#tellReadiness();
        return;
      default:
        unreachable(effect);
    }
  }

  #onControllerEffect(effect: ControllerEffect): void {
    switch (effect.kind) {
      case "send":
        this.#send(effect.to, effect.message);
        return;
      case "cib":
        this.give({ part: "cib", event: effect.event });
        return;
      case "announce": {
        const announcement = announce(effect.standing, this.#parts.nodes);
        this.give({ part: "membership", event: { kind: "announce", announcement } });
        return;
      }
      case "order-here":
        this.give({ part: "executor", event: { kind: "order", order: effect.order } });
        return;
      case "cancel-here": {
        const { operation, transitionKey } = effect;
        this.give({ part: "executor", event: { kind: "cancel", operation, transitionKey } });
        return;
      }
      case "forget-here":
        this.give({ part: "executor", event: { ...effect, kind: "forget" } });
        this.#parts.disks.forget(effect.resource);
        this.#lookForDisks();
        return;
      case "fence": {
        const event = { ...effect, client: undefined };
        this.give({ part: "fencer", event });
        return;
      }
      case "leave":
        this.give({ part: "membership", event: { kind: "leave" } });
        return;
      case "take-evidence": {
        const message = { kind: "evidence" as const, evidence: effect.evidence };
        this.give({ part: "fencer", event: { kind: "message", from: this.#parts.self, message } });
        return;
      }
      case "keep-input": {
        const token = this.#parts.tokens.give("input", ++this.#lastToken);
        this.#effects.push(...this.#parts.kept.keepInput(effect, token));
        return;
      }
      case "keep-outcome": {
        const token = this.#parts.tokens.give("input", ++this.#lastToken);
        this.#effects.push(...this.#parts.kept.keepOutcome(effect, token));
        return;
      }
      case "status-changed":
        this.#isStatusChanged = true;
        return;
      case "notice":
        this.#effects.push(effect);
        return;
      default:
        unreachable(effect);
    }
  }

  #serve(steps: readonly ServiceStep[]): void {
    for (const step of steps) {
      if (step.kind === "part") this.give(step.event);
      else if (step.kind === "send") this.#send(step.to, step.message);
      else this.#effects.push(step);
    }
  }

  #send(to: string, message: Message): void {
    const bytes = encodeMessage(message);
    this.give({ part: "links", event: { kind: "send-message", to, bytes } });
  }

  #lookForDisks(): void {
    const { disks, cib, tokens } = this.#parts;
    disks.onConfiguration(cib.cib, (lookup) => {
      const token = tokens.give("readiness", ++this.#lastToken);
      this.#effects.push({ kind: "find-disks", token, ...lookup });
      return token;
    });
    this.#tellReadiness();
  }

  #tellReadiness(): void {
    const readiness = this.#parts.readiness();
    const told = JSON.stringify(readiness);
    if (told === this.#toldReadiness) return;
    this.#toldReadiness = told;
    this.#isStatusChanged = true;
    this.give({ part: "controller", event: { kind: "readiness-here", readiness } });
  }
}
