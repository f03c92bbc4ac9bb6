/** Members as the membership has them, kept between its changes: they are looked at far more often than they change. */
import type { Instant } from "../../base/time.ts";
import type { Membership } from "../membership/membership.ts";
import { hasQuorum } from "../membership/quorum.ts";

export type NodeMember = { readonly name: string; readonly incarnation: bigint };

export class Members {
  readonly #membership: Membership;
  readonly #nodeCount: number;
  #all: readonly NodeMember[] = [];
  #settled = false;
  #hadQuorum = false;

  constructor(membership: Membership, nodeCount: number, now: Instant) {
    this.#membership = membership;
    this.#nodeCount = nodeCount;
    this.refresh(now);
  }

  /** This node among them, sorted by name. */
  get all(): readonly NodeMember[] {
    return this.#all;
  }

  /** Every node was met, or waited for as long as initdead. */
  get settled(): boolean {
    return this.#settled;
  }

  /** It has been part of a quorum since its start. */
  get hadQuorum(): boolean {
    return this.#hadQuorum;
  }

  has(name: string): boolean {
    return this.#all.some((member) => member.name === name);
  }

  incarnationOf(name: string): bigint | undefined {
    return this.#all.find((member) => member.name === name)?.incarnation;
  }

  hasQuorum(memberCount: number): boolean {
    return hasQuorum({ nodeCount: this.#nodeCount, memberCount, settled: this.#settled });
  }

  /** The membership has said that something changed. */
  refresh(now: Instant): void {
    const { self, incarnation, settled, members, peers } = this.#membership.state(now);
    const incarnations = new Map(peers.map((peer) => [peer.name, peer.incarnation]));
    this.#settled = settled;
    this.#all = members.flatMap((name) => {
      const own = name === self ? incarnation : incarnations.get(name);
      return own === undefined ? [] : [{ name, incarnation: own }];
    });
    this.#hadQuorum ||= this.hasQuorum(this.#all.length);
  }
}
