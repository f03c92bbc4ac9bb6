/**
 * This node's DRBD resources, and what is remembered of each: whether the copy was UpToDate when the connection to the peer
 * ended. Only this process's own memory counts: a disk server that was started again, or a daemon, forgets.
 */
import { sortedEntries } from "../../base/compare.ts";
import { after, earliest, type Instant } from "../../base/time.ts";
import type { DiskFacts } from "./types.ts";

type Remembered = {
  facts: DiskFacts;
  /** Since the connection ended; undefined while there is one. */
  wasWhole: boolean | undefined;
  lostAt: Instant | undefined;
  /** The peer was Primary when the connection ended. */
  peerWasPrimary: boolean;
  /** When it was made, since there was none. */
  connectedAt: Instant | undefined;
};

/** A host that dies may still be heard for a moment after its disks. */
const lastWordsMs = 500;

export class DiskMemory {
  readonly #disks = new Map<string, Remembered>();

  get(drbdResource: string): DiskFacts | undefined {
    return this.#disks.get(drbdResource)?.facts;
  }

  all(): readonly (readonly [drbdResource: string, facts: DiskFacts])[] {
    return sortedEntries(this.#disks).map(([name, { facts }]) => [name, facts]);
  }

  /** Names of those whose other end is that node. */
  sharedWith(peer: string): readonly string[] {
    return this.all()
      .filter(([, facts]) => facts.peer === peer)
      .map(([name]) => name);
  }

  isConnectedTo(peer: string): boolean {
    return this.all().some(([, facts]) => facts.peer === peer && facts.connected);
  }

  /** Since when one of its disk servers is connected that had been lost before; undefined when none is. */
  reconnectedAt(peer: string): Instant | undefined {
    const back = [...this.#disks.values()].filter(
      ({ facts }) => facts.peer === peer && facts.connected,
    );
    return earliest(...back.map(({ connectedAt }) => connectedAt));
  }

  /** Connected and UpToDate when the loss began, and remembered since. */
  wasWhole(drbdResource: string): boolean {
    return this.#disks.get(drbdResource)?.wasWhole === true;
  }

  /**
   * The node is lost. A Primary that was heard after its disks had lost ours may have gone on alone, where nothing makes
   * it wait (fencing is off): then our copy is the older one.
   */
  onPeerGone(peer: string, heardAt: Instant): void {
    for (const each of this.#disks.values()) {
      if (each.facts.peer !== peer || !each.peerWasPrimary || each.lostAt === undefined) continue;
      if (heardAt > after(each.lostAt, lastWordsMs)) each.wasWhole = false;
    }
  }

  onFacts(drbdResource: string, facts: DiskFacts | undefined, now: Instant): void {
    if (facts === undefined) {
      this.#disks.delete(drbdResource);
      return;
    }
    const before = this.#disks.get(drbdResource);
    if (before === undefined) {
      const wasWhole = facts.connected ? undefined : false;
      const lost = { lostAt: undefined, peerWasPrimary: false, connectedAt: undefined };
      this.#disks.set(drbdResource, { facts, wasWhole, ...lost });
      return;
    }
    if (facts.connected && !before.facts.connected) before.connectedAt = now;
    if (facts.connected) before.wasWhole = undefined;
    else if (before.facts.connected) {
      before.wasWhole = before.facts.disk === "UpToDate";
      before.lostAt = now;
      before.peerWasPrimary = before.facts.peerRole === "Primary";
    }
    // What is not UpToDate any more (a disk that failed, or that was outdated) is not whole.
    if (!facts.connected && facts.disk !== "UpToDate") before.wasWhole = false;
    before.facts = facts;
  }
}
