/**
 * Joining, as the DC sees it: each member is offered to join, answers with all that it knows of itself, gets the CIB, and
 * has joined once that is on its stable storage. Who has not joined within joinMs is pending: it is left as it is,
 * and the others go on; it is offered to join all the same.
 */
import { compareText, sortedEntries } from "../../base/compare.ts";
import { after, earliest, type Instant } from "../../base/time.ts";
import { compareGenerations, type Generation } from "../cib/generation.ts";
import type { ReadinessTable } from "./types.ts";
import type { JoinMessage } from "./world.ts";

const offerEveryMs = 2000;

/** waiting: for its answer. fetching: its CIB is asked for. syncing: it has to store the cluster's CIB. */
export type MemberState = "waiting" | "fetching" | "syncing" | "joined" | "pending";

export type DcMember = {
  readonly name: string;
  readonly incarnation: bigint;
  state: MemberState;
  /** When it is taken for pending. */
  until: Instant;
  offerAt: Instant;
  join: JoinMessage | undefined;
  readiness: ReadinessTable;
  /** In this incarnation, under this DC. */
  wasJoined: boolean;
};

export class DcMembers {
  readonly #self: string;
  readonly #joinMs: number;
  readonly #members = new Map<string, DcMember>();

  constructor(self: string, joinMs: number) {
    this.#self = self;
    this.#joinMs = joinMs;
  }

  /** Others than this node, sorted by name. */
  all(): readonly DcMember[] {
    return sortedEntries(this.#members).map(([, member]) => member);
  }

  /** Of all nodes of the cluster, those that are no members. */
  absent(nodes: readonly string[]): readonly string[] {
    return nodes.filter((name) => name !== this.#self && !this.#members.has(name));
  }

  get(name: string): DcMember | undefined {
    return this.#members.get(name);
  }

  /** This node among them. */
  get joinedCount(): number {
    return 1 + this.all().filter((member) => member.state === "joined").length;
  }

  /** Nobody is on the way of joining. */
  get isSettled(): boolean {
    return this.all().every(({ state }) => state === "joined" || state === "pending");
  }

  /** @returns the names of those that are members no more, or are started anew. */
  update(
    members: readonly { readonly name: string; readonly incarnation: bigint }[],
    now: Instant,
  ): readonly string[] {
    const present = new Map(members.map((member) => [member.name, member.incarnation]));
    const gone = this.all().filter(({ name, incarnation }) => present.get(name) !== incarnation);
    for (const { name } of gone) this.#members.delete(name);
    for (const { name, incarnation } of members) {
      if (name === this.#self || this.#members.has(name)) continue;
      this.#members.set(name, {
        ...{ name, incarnation, state: "waiting", until: after(now, this.#joinMs), offerAt: now },
        ...{ join: undefined, readiness: {}, wasJoined: false },
      });
    }
    return gone.map((member) => member.name);
  }

  /** It has to join again: the link to it was lost. */
  restart(member: DcMember, now: Instant): void {
    member.join = undefined;
    member.offerAt = now;
    if (member.state === "pending") return;
    member.state = "waiting";
    member.until = after(now, this.#joinMs);
  }

  /** It was pending, and has answered after all. */
  tryAgain(member: DcMember, now: Instant): void {
    member.state = "waiting";
    member.until = after(now, this.#joinMs);
  }

  /** Those to whom an offer is due. */
  takeOffers(isLinkUp: (name: string) => boolean, now: Instant): readonly DcMember[] {
    const due = this.all().filter(
      (member) => isOffered(member) && now >= member.offerAt && isLinkUp(member.name),
    );
    for (const member of due) member.offerAt = after(now, offerEveryMs);
    return due;
  }

  /** @returns those that have run out of time, and are pending from now on. */
  takeLate(now: Instant): readonly DcMember[] {
    const late = this.all().filter(
      ({ state, until }) => state !== "joined" && state !== "pending" && now >= until,
    );
    for (const member of late) {
      member.state = "pending";
      member.join = undefined;
      member.offerAt = now;
    }
    return late;
  }

  /** The one whose CIB is to be taken, if there is a better one than the DC's own. */
  betterThan(own: OwnKnowledge): DcMember | undefined {
    const better = this.all().filter(({ join }) => join !== undefined && isBetter(join, own));
    return [...better].sort(byWorth)[0];
  }

  nextDeadline(isLinkUp: (name: string) => boolean): Instant | undefined {
    return earliest(
      ...this.all().map((member) => {
        const { name, state, until } = member;
        const offerAt = isOffered(member) && isLinkUp(name) ? member.offerAt : undefined;
        return state === "joined" || state === "pending" ? offerAt : earliest(until, offerAt);
      }),
    );
  }
}

function isOffered({ state, join }: DcMember): boolean {
  return join === undefined && (state === "waiting" || state === "pending");
}

export type OwnKnowledge = {
  readonly generation: Generation;
  readonly digest: string;
  readonly isSeasoned: boolean;
};

/** A newer configuration; or the same with a status, where the DC has only started. */
function isBetter(join: JoinMessage, own: OwnKnowledge): boolean {
  const order = compareGenerations(join.standing.generation, own.generation);
  if (order !== 0) return order > 0;
  return join.configurationDigest === own.digest && join.standing.seasoned && !own.isSeasoned;
}

function byWorth(a: DcMember, b: DcMember): number {
  const [x, y] = [a.join?.standing, b.join?.standing];
  if (x === undefined || y === undefined) return compareText(a.name, b.name);
  return (
    compareGenerations(y.generation, x.generation) ||
    Number(y.seasoned) - Number(x.seasoned) ||
    compareText(a.name, b.name)
  );
}
