/**
 * Whom this node obeys. It takes part in the election, joins the DC that it obeys with all that it knows of itself, and
 * is the DC when that is its turn (dc.ts). Invariants:
 *
 * - It obeys one DC at a time, in one incarnation and term; what others order is not done.
 * - A DC that sees a better one yields at once: nothing new begins, and it joins with its full history, operations under
 *   way included.
 * - No node decides before it has met all others, or has waited for them long enough (initdead).
 */
import { unreachable } from "../../base/assert.ts";
import { earliest, type Instant } from "../../base/time.ts";
import type { OperationReport } from "../executor/types.ts";
import type { FenceAction } from "../fencer/types.ts";
import { Dc, type DcMemberState } from "./dc.ts";
import { type Choice, chooseDc, sameDc } from "./election.ts";
import { type HostLoad, type NodeLoad, nodeLoad } from "./node-load.ts";
import { optionPercent } from "./read-options.ts";
import type { DcId, Member, ReadinessTable, Standing } from "./types.ts";
import type { ControllerEffect, ControllerMessage, Now, World } from "./world.ts";

export type ControllerEvent =
  /** Members, links, losses or quorum have changed; or it is time. */
  | { readonly kind: "look" }
  /** Messages of it, or to it, may be lost; there may be another link to it already. */
  | { readonly kind: "link-lost"; readonly peer: string }
  /** Everything that has happened is told: decide. */
  | { readonly kind: "quiet" }
  /** What a member says of itself in its heartbeats. */
  | {
      readonly kind: "standing";
      readonly peer: string;
      readonly incarnation: bigint;
      readonly standing: Standing;
    }
  | { readonly kind: "message"; readonly from: string; readonly message: ControllerMessage }
  /** An operation of this node. */
  | { readonly kind: "report-here"; readonly report: OperationReport }
  | { readonly kind: "readiness-here"; readonly readiness: ReadinessTable }
  /** What the shell has measured of this node. */
  | { readonly kind: "load-here"; readonly load: HostLoad }
  | {
      readonly kind: "fenced";
      readonly target: string;
      readonly action: FenceAction;
      readonly isDone: boolean;
      readonly why: string;
      readonly retryAt: Instant | undefined;
    }
  | {
      readonly kind: "cib-changed";
      readonly touched: "configuration" | "status";
      readonly byClient: boolean;
    }
  | { readonly kind: "cib-settled" }
  | { readonly kind: "follower-synced"; readonly node: string }
  /** Somebody stops pacemaker_remoted on a node that this one has the connection to. */
  | { readonly kind: "remote-leaves"; readonly node: string }
  /** Somebody wants this node to leave. */
  | { readonly kind: "leave-here" };

type Heard = { readonly incarnation: bigint; readonly standing: Standing };

export class Controller {
  readonly #world: World;
  readonly #heard = new Map<string, Heard>();
  /** The DC that this node has joined, or is joining; another's. */
  #obeyed: DcId | undefined;
  #dc: Dc | undefined;
  #choice: Choice = { kind: "wait", for: undefined };
  #isSeasoned = false;
  #termSeen = 0;
  #wantsToLeave = false;
  /** This DC's own wish to leave stands in its CIB. */
  #hasToldOwnWish = false;
  #measured: HostLoad | undefined;
  #load: NodeLoad | undefined;
  #standing: Standing;
  #effects: ControllerEffect[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#standing = { count: 0, ...this.#ownStanding() };
  }

  get dc(): Dc | undefined {
    return this.#dc;
  }

  /** Whom this node obeys: itself, when it is the DC. */
  get obeys(): DcId | undefined {
    return this.#dc?.id ?? this.#obeyed;
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** What a member said last of itself. */
  standingOf(name: string): Standing | undefined {
    return this.#heard.get(name)?.standing;
  }

  memberStates(): ReadonlyMap<string, DcMemberState> {
    return this.#dc?.memberStates() ?? new Map();
  }

  handle(event: ControllerEvent, at: Now): readonly ControllerEffect[] {
    this.#onEvent(event, at);
    if (this.#wantsToLeave && !this.#hasToldOwnWish && this.#dc?.isOpen === true) {
      this.#hasToldOwnWish = true;
      this.#dc.askToLeave(this.#world.self, at);
    }
    this.#takeDcEffects();
    this.#announce();
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  nextDeadline(): Instant | undefined {
    return earliest(this.#dc?.nextDeadline());
  }

  #onEvent(event: ControllerEvent, at: Now): void {
    switch (event.kind) {
      case "look":
        this.#elect();
        this.#dc?.look(this.#standing, at);
        return;
      case "link-lost":
        this.#dc?.onLinkLost(event.peer, at);
        return;
      case "quiet":
        this.#dc?.onQuiet(at);
        return;
      case "standing":
        if (this.#hear(event.peer, event.incarnation, event.standing)) {
          this.#elect();
          this.#dc?.onStanding(event.peer, event.standing, at);
        }
        this.#dc?.look(this.#standing, at);
        return;
      case "message":
        this.#onMessage(event.from, event.message, at);
        return;
      case "report-here":
        this.#onReportHere(event.report, at);
        return;
      case "readiness-here":
        this.#onReadinessHere(event.readiness);
        return;
      case "fenced":
        this.#dc?.onFenced(event.target, event, at);
        return;
      case "load-here":
        this.#measured = event.load;
        this.#judgeLoad();
        return;
      case "cib-changed":
        if (event.touched === "configuration") this.#judgeLoad();
        if (this.#obeyed !== undefined) this.#isSeasoned = true;
        this.#dc?.onCibChanged(event.touched, event.byClient);
        return;
      case "cib-settled":
        this.#dc?.onSettled();
        return;
      case "follower-synced":
        this.#dc?.onFollowerSynced(event.node, at);
        return;
      case "remote-leaves":
        this.#onRemoteLeaves(event.node, at);
        return;
      case "leave-here":
        this.#wantsToLeave = true;
        this.#askToLeave();
        return;
      default:
        unreachable(event);
    }
  }

  #judgeLoad(): void {
    if (this.#measured === undefined) return;
    this.#load = nodeLoad(this.#measured, optionPercent(this.#world.cib(), "load-threshold"));
  }

  /** @returns false: it has said something newer already. */
  #hear(peer: string, incarnation: bigint, standing: Standing): boolean {
    const known = this.#heard.get(peer);
    const isLate = known?.incarnation === incarnation && known.standing.count > standing.count;
    if (isLate) return false;
    this.#heard.set(peer, { incarnation, standing });
    const { generation, obeys } = standing;
    this.#termSeen = Math.max(this.#termSeen, generation.term, obeys?.term ?? 0);
    return true;
  }

  #members(): readonly Member[] {
    const own = { ...this.#ownStanding(), count: this.#standing.count };
    return this.#world.members().map(({ name, incarnation }) => {
      if (name === this.#world.self) return { name, incarnation, standing: own };
      const heard = this.#heard.get(name);
      const standing = heard?.incarnation === incarnation ? heard.standing : undefined;
      return { name, incarnation, standing };
    });
  }

  #ownStanding(): Omit<Standing, "count"> {
    return {
      generation: this.#world.generation(),
      seasoned: this.#isSeasoned,
      settled: this.#world.isSettled(),
      obeys: this.obeys,
      members: this.#world.members().map((member) => member.name),
      load: this.#load,
    };
  }

  #elect(): void {
    const choice = chooseDc(this.#world.self, this.#members(), [this.#termSeen]);
    this.#choice = choice;
    switch (choice.kind) {
      case "become-dc":
        this.#becomeDc(choice.term);
        return;
      case "obey":
        if (this.#dc !== undefined && !sameDc(choice.dc, this.#dc.id)) this.#yield(choice.dc);
        // It is obeyed from its offer on; until then nobody is.
        if (this.#obeyed !== undefined && !sameDc(choice.dc, this.#obeyed)) this.#desert();
        return;
      case "wait":
        if (this.#obeyed !== undefined) this.#desert();
        return;
      default:
        unreachable(choice);
    }
  }

  #becomeDc(term: number): void {
    this.#obeyed = undefined;
    this.#termSeen = term;
    this.#hasToldOwnWish = false;
    const world = { ...this.#world, load: (node: string) => this.#loadOf(node) };
    this.#dc = new Dc(world, term, this.#isSeasoned);
  }

  #loadOf(node: string): NodeLoad | undefined {
    return node === this.#world.self ? this.#load : this.#heard.get(node)?.standing.load;
  }

  #yield(to: DcId): void {
    this.#takeDcEffects();
    this.#dc = undefined;
    this.#effects.push({ kind: "cib", event: { kind: "be-alone" } });
    const message = `${to.name} is the better DC (term ${to.term}): this node yields to it.`;
    const fields = { dc: to.name, term: to.term };
    this.#effects.push({ kind: "notice", level: "info", code: "dc-yields", message, fields });
    this.#effects.push({ kind: "status-changed" });
  }

  #desert(): void {
    this.#obeyed = undefined;
    this.#effects.push({ kind: "cib", event: { kind: "be-alone" } }, { kind: "status-changed" });
  }

  #onMessage(from: string, message: ControllerMessage, at: Now): void {
    switch (message.kind) {
      case "offer":
        this.#onOffer(from, message);
        return;
      case "refusal":
        this.#hearMember(from, message.standing);
        this.#elect();
        return;
      case "join":
        this.#hearMember(from, message.standing);
        this.#dc?.onMessage(from, message, at);
        return;
      case "own-cib":
      case "report":
      case "readiness":
      case "leave-request":
      case "farewell-heard":
        this.#dc?.onMessage(from, message, at);
        return;
      default:
        if (this.#obeyed?.name === from && this.#obeyed.term === message.term) {
          this.#onWord(from, message);
        }
    }
  }

  /** What the obeyed DC says. */
  #onWord(
    from: string,
    message: Extract<
      ControllerMessage,
      { kind: "order" | "cancel" | "forget" | "want-cib" | "leave-granted" | "farewell" }
    >,
  ): void {
    switch (message.kind) {
      case "order":
        this.#effects.push({ kind: "order-here", order: message.order });
        return;
      case "cancel": {
        const { operation, transitionKey } = message;
        this.#effects.push({ kind: "cancel-here", operation, transitionKey });
        return;
      }
      case "forget":
        this.#effects.push({ ...message, kind: "forget-here" });
        return;
      case "want-cib": {
        const { term } = message;
        const [cib, lineage] = [this.#world.cib(), this.#world.lineage()];
        this.#send(from, { kind: "own-cib", term, cib, lineage });
        return;
      }
      case "leave-granted":
        if (this.#wantsToLeave) this.#effects.push({ kind: "leave" });
        return;
      case "farewell":
        this.#send(from, { kind: "farewell-heard", term: message.term });
        return;
      default:
        unreachable(message);
    }
  }

  #onOffer(from: string, offer: Extract<ControllerMessage, { kind: "offer" }>): void {
    this.#hearMember(from, offer.standing);
    this.#elect();
    const choice = this.#choice;
    const isBest =
      choice.kind === "obey" && choice.dc.name === from && choice.dc.term === offer.term;
    if (!isBest) {
      this.#send(from, { kind: "refusal", term: offer.term, standing: this.#standing });
      return;
    }
    this.#obeyed = choice.dc;
    this.#effects.push({ kind: "cib", event: { kind: "follow", dc: from, term: offer.term } });
    // What it says from now on must name whom it obeys.
    this.#announce();
    this.#send(from, {
      ...{ kind: "join", term: offer.term, standing: this.#standing },
      configurationDigest: this.#world.configurationDigest(),
      history: this.#world.history(),
      readiness: this.#world.readiness(),
      evidence: this.#world.evidence(),
    });
    this.#effects.push({ kind: "status-changed" });
    if (this.#wantsToLeave) this.#askToLeave();
  }

  #hearMember(from: string, standing: Standing): void {
    const member = this.#world.members().find((each) => each.name === from);
    if (member !== undefined) this.#hear(from, member.incarnation, standing);
  }

  #onReportHere(report: OperationReport, at: Now): void {
    if (this.#dc !== undefined) {
      this.#dc.onReport(this.#world.self, report, at);
      return;
    }
    // Without a DC it is told with the next join.
    if (this.#obeyed === undefined) return;
    const { name, term } = this.#obeyed;
    this.#send(name, { kind: "report", term, report });
  }

  #onReadinessHere(readiness: ReadinessTable): void {
    if (this.#dc !== undefined) {
      this.#dc.onReadinessHere(readiness);
      return;
    }
    if (this.#obeyed === undefined) return;
    const { name, term } = this.#obeyed;
    this.#send(name, { kind: "readiness", term, readiness });
  }

  /** Without a DC the wish is lost; pacemaker_remoted says it again when it is stopped again. */
  #onRemoteLeaves(node: string, at: Now): void {
    if (this.#dc !== undefined) this.#dc.askToLeave(node, at);
    else if (this.#obeyed !== undefined) {
      const { name, term } = this.#obeyed;
      this.#send(name, { kind: "leave-request", term, remoteNode: node });
    }
  }

  #askToLeave(): void {
    if (this.#obeyed === undefined) return;
    const { name, term } = this.#obeyed;
    this.#send(name, { kind: "leave-request", term });
  }

  #takeDcEffects(): void {
    const dc = this.#dc;
    if (dc === undefined) return;
    this.#effects.push(...dc.takeEffects());
    if (dc.isOpen) this.#isSeasoned = true;
  }

  #announce(): void {
    const own = this.#ownStanding();
    const { count, ...told } = this.#standing;
    if (count > 0 && isSame(own, told)) return;
    this.#standing = { count: count + 1, ...own };
    this.#effects.push({ kind: "announce", standing: this.#standing });
  }

  #send(to: string, message: ControllerMessage): void {
    this.#effects.push({ kind: "send", to, message });
  }
}

function isSame(a: Omit<Standing, "count">, b: Omit<Standing, "count">): boolean {
  const [x, y] = [a.generation, b.generation];
  return (
    x.adminEpoch === y.adminEpoch &&
    x.epoch === y.epoch &&
    x.term === y.term &&
    a.seasoned === b.seasoned &&
    a.settled === b.settled &&
    a.members.join() === b.members.join() &&
    a.load?.level === b.load?.level &&
    a.load?.operationsMax === b.load?.operationsMax &&
    sameDc(a.obeys, b.obeys)
  );
}
