/**
 * Nodes that are not there, and what to make of each. A lost node is asked about at its disks' other ends: with fencing
 * off, a node whose disk servers answer is not dead, and its guests are not started elsewhere (adr/0007).
 */
import { compareText } from "../../base/compare.ts";
import { after, earliest, type Instant } from "../../base/time.ts";
import type { DiskMemory } from "./disk-memory.ts";
import type { EvidenceTable } from "./evidence-table.ts";
import type { FencerWorld } from "./types.ts";

/** See controller/world.ts. */
export type LossVerdict = {
  readonly kind: "asking" | "held" | "gone" | "unclean";
  readonly isProven: boolean;
  readonly why: string;
};

export type Loss = {
  readonly node: string;
  readonly lostAt: Instant;
  /** It has been a member since this daemon's start: who it was then. */
  readonly incarnation: bigint | undefined;
  /** Who ran something when both last met. */
  readonly ranThere: boolean;
  readonly ranHere: boolean;
  /** Until then its disk servers are given time to answer. */
  askUntil: Instant;
  /** The verdict that was last told. */
  told: string;
};

export class Losses {
  readonly #world: FencerWorld;
  readonly #evidence: EvidenceTable;
  readonly #disks: DiskMemory;
  readonly #losses = new Map<string, Loss>();
  /** Members since this daemon's start. */
  readonly #met = new Set<string>();

  constructor(world: FencerWorld, evidence: EvidenceTable, disks: DiskMemory) {
    this.#world = world;
    this.#evidence = evidence;
    this.#disks = disks;
  }

  get(node: string): Loss | undefined {
    return this.#losses.get(node);
  }

  all(): readonly Loss[] {
    return [...this.#losses.values()].sort((a, b) => compareText(a.node, b.node));
  }

  /** Since when its disk servers are there again after its loss; undefined when they are not, or never were away. */
  disksBackSince(node: string): Instant | undefined {
    const back = this.#disks.reconnectedAt(node);
    const lostAt = this.#losses.get(node)?.lostAt;
    return back !== undefined && lostAt !== undefined && back > lostAt ? back : undefined;
  }

  hasMet(node: string): boolean {
    return this.#met.has(node);
  }

  onJoined(node: string): Loss | undefined {
    const loss = this.#losses.get(node);
    this.#losses.delete(node);
    this.#met.add(node);
    return loss;
  }

  onGone(node: string, incarnation: bigint | undefined, now: Instant): void {
    this.#losses.set(node, {
      ...{ node, lostAt: now, incarnation },
      ranThere: this.#world.activeOn(node).length > 0,
      ranHere: this.#world.activeOn(this.#world.self).length > 0,
      askUntil: after(now, this.#world.diskAnswerMs),
      told: "",
    });
  }

  verdict(node: string, now: Instant): LossVerdict {
    const isFencingOn = this.#world.isFencingOn();
    const proof = this.#evidence.peerAnswer(node, { silenceCounts: false });
    if (proof !== undefined) return { kind: "gone", isProven: true, why: proof.kind };
    if (isFencingOn)
      return { kind: "unclean", isProven: false, why: "nothing proves that it is off" };
    const sign = this.#signOfLife(node);
    if (sign === undefined) return { kind: "gone", isProven: false, why: "silence" };
    // What others say of it, and its disks' connections, is a little older than the loss.
    const loss = this.#losses.get(node);
    const isFresh = loss !== undefined && now < loss.askUntil;
    return { kind: isFresh ? "asking" : "held", isProven: false, why: sign };
  }

  #signOfLife(node: string): string | undefined {
    if (this.#world.isHeardElsewhere(node)) return "another member hears it";
    return this.#disks.isConnectedTo(node) ? "its disk servers answer" : undefined;
  }

  nextDeadline(now: Instant): Instant | undefined {
    const asking = this.all().filter(({ askUntil }) => askUntil > now);
    return earliest(...asking.map((loss) => loss.askUntil));
  }
}
