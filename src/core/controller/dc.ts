/**
 * The designated controller: everything that only one node of the cluster does. It lives as long as this node is the
 * DC. Invariants:
 *
 * - Nothing is scheduled before every member has joined, or is pending; while a loss is being looked into; or while a
 *   change of the configuration is not yet on stable storage everywhere; or while operations that an earlier DC ordered
 *   are under way.
 * - A node that cannot be ordered about but may be alive (pending, held) is in maintenance: nothing of it is started
 *   elsewhere.
 * - The status section is written by nobody else.
 */
import { assert } from "../../base/assert.ts";
import { after, earliest, type Instant } from "../../base/time.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { checkCib } from "../cib/apply/apply-change.ts";
import type { StatusNode } from "../cib/status/operation-result.ts";
import { transientAttributeChange } from "../cib/status/transient-attributes.ts";
import type { OperationReport } from "../executor/types.ts";
import { activeNodes } from "./active-nodes.ts";
import { mayAcknowledge } from "./change-quorum.ts";
import { type DcMember, DcMembers } from "./dc-members.ts";
import { DcOrders } from "./dc-orders.ts";
import { DcOutbox } from "./dc-outbox.ts";
import { DcResults, type FenceResult } from "./dc-results.ts";
import { sameDc } from "./election.ts";
import { Engine } from "./engine.ts";
import { Inherited } from "./inherited.ts";
import { withReport } from "./join-history.ts";
import { MoveKeeper } from "./move-keeper.ts";
import { Observer } from "./observer.ts";
import type { InputFacts } from "./schedule-input.ts";
import { historiesIn, joinChange, statusNode } from "./status-changes.ts";
import type { DcId, ReadinessTable, Standing } from "./types.ts";
import {
  type ControllerEffect,
  type ControllerMessage,
  type DcWorld,
  type JoinMessage,
  type Now,
  type OwnCibMessage,
  seconds,
} from "./world.ts";

/** How long a member whose CIB cannot be taken is left alone. */
const unusableCibMs = 30_000;

export type DcMemberState = "joining" | "joined" | "pending" | "silent" | "lost" | "left";

export class Dc {
  readonly id: DcId;
  readonly engine: Engine;
  readonly members: DcMembers;
  readonly #world: DcWorld;
  readonly #out = new DcOutbox();
  readonly #observer: Observer;
  readonly #orders: DcOrders;
  readonly #results: DcResults;
  readonly #moves: MoveKeeper;
  readonly #inherited = new Inherited();
  /** This daemon has been with a cluster before: its own fail counts and the like go on to hold. */
  readonly #wasSeasoned: boolean;
  /** It knows the status of before, by itself or from a joiner. */
  #isSeasoned: boolean;
  #isOpen = false;
  #isFetching: string | undefined;
  #ownReadiness: ReadinessTable;
  /** A joiner's CIB that waits for the end of a change. */
  #toAdopt: { readonly from: string; readonly message: OwnCibMessage } | undefined;
  /** As it was before the last change, to see what a person has erased. */
  #lastCib: XmlElement;

  constructor(world: DcWorld, term: number, isSeasoned: boolean) {
    this.#world = world;
    this.#isSeasoned = isSeasoned;
    this.#wasSeasoned = isSeasoned;
    this.#lastCib = world.cib();
    this.#ownReadiness = world.readiness();
    this.id = { name: world.self, incarnation: world.incarnation, term };
    this.engine = new Engine(world);
    this.members = new DcMembers(world.self, world.joinMs);
    const parts = { world, term, members: this.members, engine: this.engine, out: this.#out };
    this.#observer = new Observer(parts);
    this.#orders = new DcOrders(parts);
    this.#results = new DcResults(parts);
    this.#moves = new MoveKeeper(parts);
    this.#out.cib({ kind: "become-dc", term });
  }

  /** Everybody who could join has joined once: changes are taken. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isIdle(): boolean {
    return this.#mayAct() && this.engine.isIdle;
  }

  takeEffects(): readonly ControllerEffect[] {
    return this.#out.take();
  }

  /** Members have come or gone, links are up or down, a loss is judged otherwise, or time has passed. */
  look(standing: Standing, at: Now): void {
    const gone = this.members.update(this.#world.members(), at.now);
    for (const name of gone) this.#onGone(name);
    for (const { name } of this.members.takeLate(at.now)) this.#onPending(name);
    for (const { name } of this.members.takeOffers((each) => this.#world.isLinkUp(each), at.now)) {
      this.#out.send(name, { kind: "offer", term: this.id.term, standing });
    }
    this.#integrate();
    this.#openIfAllJoined(at);
    if (this.#isOpen) this.#observer.observe(at);
    this.#results.failOverdue(at);
    this.#orders.leaveWhenHeard(at);
  }

  /** Nothing is left to be told: decide and go on. */
  onQuiet(at: Now): void {
    const effects = this.engine.onQuiet(this.#mayAct(), () => this.#inputFacts(), at);
    for (const effect of effects) this.#orders.perform(effect, at);
    if (effects.length === 0 && this.isIdle && this.#observer.isQuorate) {
      this.#moves.review(() => this.#inputFacts(), at);
    }
  }

  nextDeadline(): Instant | undefined {
    const links = this.members.nextDeadline((each) => this.#world.isLinkUp(each));
    return earliest(links, this.engine.nextDeadline(), this.#orders.farewell.nextDeadline());
  }

  onMessage(from: string, message: ControllerMessage, at: Now): void {
    const member = this.members.get(from);
    if (member === undefined || message.term !== this.id.term) return;
    switch (message.kind) {
      case "join":
        this.#onJoin(member, message, at);
        return;
      case "own-cib":
        if (this.#isFetching === from) this.#onOwnCib(member, message, at);
        return;
      case "report":
        if (member.state === "joined") this.onReport(from, message.report, at);
        else if (member.join !== undefined) {
          const history = withReport(member.join.history, message.report);
          member.join = { ...member.join, history };
        }
        return;
      case "readiness":
        if (member.state === "joined") this.#onReadiness(from, member.readiness, message.readiness);
        member.readiness = message.readiness;
        return;
      case "leave-request":
        if (member.state === "joined") this.askToLeave(message.remoteNode ?? from, at);
        return;
      case "farewell-heard":
        this.#orders.farewell.onHeard(from);
        this.#orders.leaveWhenHeard(at);
        return;
      default:
        return;
    }
  }

  onReadinessHere(readiness: ReadinessTable): void {
    this.#onReadiness(this.#world.self, this.#ownReadiness, readiness);
    this.#ownReadiness = readiness;
  }

  #onReadiness(node: string, old: ReadinessTable, present: ReadinessTable): void {
    const isLost = Object.entries(old).some(([name, { ready }]) => ready && !present[name]?.ready);
    const reason = `the disks of ${node} have changed`;
    if (isLost) this.engine.note(reason);
    else this.engine.noteForLater(reason);
  }

  onReport(node: string, report: OperationReport, at: Now): void {
    if (!this.#isOpen) return;
    this.#inherited.onReport(node, report);
    this.#results.onReport(node, report, at);
  }

  onFenced(target: string, result: FenceResult, at: Now): void {
    if (this.#isOpen) this.#results.onFenced(target, result, at);
    else this.engine.onFenced(target, result);
  }

  onCibChanged(touched: "configuration" | "status", byClient: boolean): void {
    if (touched === "configuration") this.engine.note("the configuration has changed");
    else if (byClient) this.engine.note("somebody changed the status");
    if (byClient) this.#forgetErased();
    this.#lastCib = this.#world.cib();
  }

  onFollowerSynced(name: string, at: Now): void {
    const member = this.members.get(name);
    if (member?.state !== "syncing") return;
    member.state = "joined";
    member.wasJoined = true;
    if (this.#isOpen) this.#onJoined(member, at);
    else this.#openIfAllJoined(at);
  }

  onSettled(): void {
    if (this.#toAdopt !== undefined) this.#adopt();
  }

  /** The node's resources are to be moved away; the transition ends with its shutdown. */
  askToLeave(node: string, at: Now): void {
    this.#out.status(transientAttributeChange(this.#node(node), "shutdown", String(seconds(at))));
    this.engine.note(`${node} wants to leave`);
  }

  memberStates(): ReadonlyMap<string, DcMemberState> {
    return new Map(this.#world.nodes.map((name) => [name, this.#stateOf(name)]));
  }

  #stateOf(name: string): DcMemberState {
    if (name === this.#world.self) return "joined";
    const member = this.members.get(name);
    if (member !== undefined) {
      return member.state === "joined" || member.state === "pending" ? member.state : "joining";
    }
    const loss = this.#world.loss(name);
    if (loss.kind === "held") return "silent";
    return loss.kind === "gone" && loss.isProven ? "left" : "lost";
  }

  #mayAct(): boolean {
    if (!this.#isOpen || !this.members.isSettled || this.#isFetching !== undefined) return false;
    if (!this.#world.isCibSettled() || this.#toAdopt !== undefined) return false;
    if (!this.#inherited.isEmpty) return false;
    return this.members
      .absent(this.#world.nodes)
      .every((name) => this.#world.loss(name).kind !== "asking");
  }

  #inputFacts(): InputFacts {
    const joined = this.members.all().filter((member) => member.state === "joined");
    const pending = this.members.all().filter((member) => member.state === "pending");
    const held = this.members
      .absent(this.#world.nodes)
      .filter((name) => this.#world.loss(name).kind === "held");
    return {
      readiness: new Map([
        [this.#world.self, this.#world.readiness()],
        ...joined.map(({ name, readiness }) => [name, readiness] as const),
      ]),
      held: new Set([...pending.map((member) => member.name), ...held]),
      hadQuorum: this.#world.hadQuorum(),
    };
  }

  /** It has to join again, over the next link. */
  onLinkLost(name: string, at: Now): void {
    const member = this.members.get(name);
    if (member === undefined) return;
    member.offerAt = at.now;
    if (hasAnswered(member)) this.#joinAgain(member, `the link to ${name} was lost`, at);
  }

  /**
   * A member says what it is. Who has joined and obeys somebody else meanwhile, or nobody, has not heard what was ordered
   * since: the other may be a DC that this node does not hear.
   */
  onStanding(name: string, { obeys }: Standing, at: Now): void {
    const member = this.members.get(name);
    if (member === undefined || !hasAnswered(member) || sameDc(obeys, this.id)) return;
    this.#joinAgain(member, `${name} does not obey any more`, at);
  }

  #joinAgain(member: DcMember, why: string, at: Now): void {
    this.#dropFollower(member.name);
    this.members.restart(member, at.now);
    this.engine.note(why);
  }

  #onGone(name: string): void {
    this.#dropFollower(name);
    this.#inherited.forget(name);
    for (const action of this.engine.onLost(name, () => false)) {
      this.engine.note(`${action.key} was lost with ${name}`);
    }
    this.engine.note(`${name} was lost`);
  }

  #onPending(name: string): void {
    this.#dropFollower(name);
    this.#inherited.forget(name);
    this.engine.onLost(name, () => false);
    this.engine.note(`${name} does not join`);
    const message = `${name} is heard but has not joined within ${this.#world.joinMs / 1000} s: what it runs is left as it is.`;
    this.#out.notice("error", "HF4410", message, { node: name });
  }

  #dropFollower(name: string): void {
    this.#orders.farewell.onHeard(name);
    if (this.#isFetching === name) this.#isFetching = undefined;
    if (this.#toAdopt?.from === name) this.#toAdopt = undefined;
    this.#out.cib({ kind: "drop-follower", node: name });
  }

  #onJoin(member: DcMember, message: JoinMessage, at: Now): void {
    if (member.state === "joined") return;
    member.join = message;
    member.readiness = message.readiness;
    if (member.state === "pending") this.members.tryAgain(member, at.now);
    this.#out.push({ kind: "take-evidence", evidence: message.evidence });
    this.#integrate();
  }

  /** The next step of joining, for all that have answered. */
  #integrate(): void {
    if (this.#isFetching !== undefined || this.#toAdopt !== undefined) return;
    const better = this.members.betterThan({
      generation: this.#world.generation(),
      digest: this.#world.configurationDigest(),
      isSeasoned: this.#isSeasoned,
    });
    if (better !== undefined) {
      better.state = "fetching";
      this.#isFetching = better.name;
      this.engine.note(`${better.name} has a newer configuration`);
      this.#out.send(better.name, { kind: "want-cib", term: this.id.term });
      return;
    }
    for (const member of this.members.all()) {
      if (member.join === undefined) continue;
      if (member.state !== "waiting" && member.state !== "fetching") continue;
      member.state = "syncing";
      this.#out.cib({ kind: "add-follower", node: member.name });
    }
  }

  #onOwnCib(member: DcMember, message: OwnCibMessage, at: Now): void {
    this.#isFetching = undefined;
    const problem = checkCib(message.cib);
    if (problem !== undefined || message.lineage.length === 0) {
      const why = problem?.message ?? "it has no lineage";
      this.#out.notice(
        "error",
        "HF4508",
        `The newer CIB of ${member.name} cannot be taken: ${why}`,
        {
          node: member.name,
        },
      );
      member.join = undefined;
      member.state = "pending";
      member.offerAt = after(at.now, unusableCibMs);
      return;
    }
    this.#toAdopt = { from: member.name, message };
    if (this.#world.isCibSettled()) this.#adopt();
  }

  #adopt(): void {
    assert(this.#toAdopt !== undefined, "there is a CIB to be adopted");
    const { from, message } = this.#toAdopt;
    this.#toAdopt = undefined;
    const isSeasoned = this.members.get(from)?.join?.standing.seasoned === true;
    const withStatus = isSeasoned && !this.#isSeasoned;
    this.#isSeasoned ||= isSeasoned;
    this.#out.cib({ kind: "adopt", cib: message.cib, lineage: message.lineage, withStatus });
  }

  #openIfAllJoined(at: Now): void {
    if (this.#isOpen || !this.members.isSettled) return;
    if (this.#isFetching !== undefined || this.#toAdopt !== undefined) return;
    this.#isOpen = true;
    const quorate = mayAcknowledge(this.#world, this.members.joinedCount);
    this.#out.cib({ kind: "quorum", quorate });
    this.#out.cib({ kind: "open" });
    const history = this.#world.history();
    this.#inherited.onJoined(this.#world.self, history);
    const own = {
      history,
      isSeasoned: this.#wasSeasoned,
      nowS: seconds(at),
    };
    this.#out.status(joinChange(this.#world.cib(), this.#node(this.#world.self), own));
    for (const member of this.members.all()) {
      if (member.state === "joined") this.#onJoined(member, at);
    }
    this.#isSeasoned = true;
    this.engine.note(`${this.#world.self} is the DC`);
    const message = `This node is the DC of term ${this.id.term}.`;
    this.#out.notice("info", "dc", message, { term: this.id.term });
  }

  #onJoined(member: DcMember, at: Now): void {
    const { name, join } = member;
    assert(join !== undefined, "it has said what it knows");
    member.join = undefined;
    const { history } = join;
    const { seasoned } = join.standing;
    this.engine.forgetTrouble(name);
    this.#inherited.onJoined(name, history);
    this.#out.status(
      joinChange(this.#world.cib(), this.#node(name), {
        history,
        isSeasoned: seasoned,
        nowS: seconds(at),
      }),
    );
    for (const report of history) this.engine.onReport(name, report);
    const known = new Set(history.map((report) => report.transitionKey));
    this.engine.onLost(name, (key) => known.has(key));
    this.engine.note(`${name} has joined`);
    this.#out.notice("info", "joined", `${name} has joined.`, { node: name });
  }

  #forgetErased(): void {
    const left = historiesIn(this.#world.cib());
    for (const erased of historiesIn(this.#lastCib)) {
      if (left.has(erased)) continue;
      const [id = "", resource = ""] = erased.split(" ");
      const name = this.#world.nodes.find((each) => this.#node(each).id === id);
      if (name !== undefined) this.#orders.forgetOn(name, resource);
      else for (const host of this.#hostsOf(id)) this.#orders.forgetOn(host, resource, id);
    }
  }

  /** Cluster nodes that have the connection to a remote node. */
  #hostsOf(remote: string): readonly string[] {
    const hosts = activeNodes(this.#world.cib()).get(remote);
    return this.#world.nodes.filter((each) => hosts?.has(this.#node(each).id) === true);
  }

  #node(name: string): StatusNode {
    return statusNode(this.#world.cib(), name);
  }
}

function hasAnswered({ join, state }: DcMember): boolean {
  return join !== undefined || state === "joined";
}
