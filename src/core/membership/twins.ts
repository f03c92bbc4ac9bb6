/**
 * Other nodes with this node's own name: a second daemon, or a host with a copied configuration. A recording of
 * our own earlier packets looks the same, so a twin counts only once it has answered us (incarnation.ts).
 */
import type { Instant } from "../../base/time.ts";
import type { HeardEntry, Heartbeat } from "../../formats/cluster-packet/heartbeat.ts";
import { Incarnation, type Own } from "./incarnation.ts";
import type { MembershipTimings } from "./types.ts";

const twinsMax = 2;

export class Twins {
  readonly #own: Own;
  readonly #timings: MembershipTimings;
  readonly #twins = new Map<bigint, Incarnation>();
  readonly #found = new Set<bigint>();

  constructor(own: Own, timings: MembershipTimings) {
    this.#own = own;
    this.#timings = timings;
  }

  /** @returns whether this packet proves for the first time that such a node is alive beside this one. */
  onHeartbeat(heartbeat: Heartbeat, now: Instant): boolean {
    const known = this.#twins.get(heartbeat.incarnation);
    if (known === undefined) this.#add(heartbeat, now);
    else if (known.hear(heartbeat, this.#own, now) !== undefined) return false;
    const twin = this.#twins.get(heartbeat.incarnation);
    if (twin === undefined || !twin.isTwoWay(now, this.#timings)) return false;
    if (this.#found.has(heartbeat.incarnation)) return false;
    this.#found.add(heartbeat.incarnation);
    return true;
  }

  /** By these the other one can find out, too. */
  heardEntries(now: Instant): readonly HeardEntry[] {
    return [...this.#twins.values()]
      .filter((twin) => twin.isHeard(now, this.#timings))
      .map((twin) => ({
        name: this.#own.name,
        incarnation: twin.last.incarnation,
        sequence: twin.last.sequence,
        episode: 0,
        hears: true,
      }));
  }

  #add(heartbeat: Heartbeat, now: Instant): void {
    this.#twins.set(heartbeat.incarnation, new Incarnation(heartbeat, this.#own, now));
    if (this.#twins.size <= twinsMax) return;
    const [oldest] = [...this.#twins].sort((a, b) => a[1].heardAt - b[1].heardAt);
    if (oldest === undefined) return;
    this.#twins.delete(oldest[0]);
    this.#found.delete(oldest[0]);
  }
}
