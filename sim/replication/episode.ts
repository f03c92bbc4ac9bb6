/** The course of a run of two nodes: they begin equal, something happens, and in the end they are equal again. */
import { assert } from "../../src/base/assert.ts";
import { type Cluster, SimViolation } from "./cluster.ts";
import type { SimNode, SimWorld } from "./sim-node.ts";

const coverageEveryMs = 250;
/** After the faults have healed: full syncs and retries included. */
const settleMsMax = 300_000;

/** What `run` ends with: undefined when all laws held; our own assertions with their place. */
export function failureOf(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    assert(error instanceof Error, "what is thrown is an error");
    return error instanceof SimViolation ? error.message : (error.stack ?? error.message);
  }
}

export class Episode {
  readonly #world: SimWorld;
  readonly #cluster: Cluster;

  constructor(world: SimWorld, cluster: Cluster) {
    this.#world = world;
    this.#cluster = cluster;
  }

  /** Both up and in sync, one of them Primary with a guest. @param firstSync new disks that are known to be equal need none. */
  begin(firstSync: "skipped" | "full"): void {
    const [a, b] = this.#cluster.nodes as [SimNode, SimNode];
    a.start();
    b.start();
    this.until("both connected", 30_000, () => this.#both("Connected"));
    let done = false;
    if (firstSync === "skipped") {
      a.admin({ name: "new-current-uuid", volume: 0, clearBitmap: true }, () => {
        done = true;
      });
    } else {
      a.admin({ name: "primary", force: true }, () => {
        a.admin({ name: "secondary" }, () => {
          done = true;
        });
      });
    }
    this.until("first sync", settleMsMax, () => done && this.inSync());
    this.#cluster.initialised();
    this.#cluster.promote(a);
  }

  /** So much time passes; the marks of what differs are looked at again and again. */
  advance(ms: number): void {
    const end = this.#world.clock.now + ms;
    while (this.#world.clock.now < end) {
      this.#step(Math.min(coverageEveryMs, end - this.#world.clock.now));
      this.#cluster.checkCoverage();
    }
  }

  /** Safety first, then liveness is demanded: to be called when the faults have healed. */
  settle(): void {
    const { guest } = this.#cluster;
    this.until("both in sync after the faults have healed", settleMsMax, () => this.inSync());
    let demoted = guest === undefined && this.#cluster.primary() === undefined;
    if (!demoted)
      this.#cluster.demote(() => {
        demoted = true;
      });
    this.until("the guest's end", 60_000, () => demoted);
    this.until("both idle", 60_000, () => this.inSync() && this.#idle());
    this.#cluster.checkCoverage();
    for (const node of this.#cluster.nodes) this.#cluster.checkContent(node);
    const differing = this.#cluster.differingBlocks();
    if (differing.length > 0) {
      throw new SimViolation(
        `${differing.length} blocks differ at the end, the first is ${differing[0]}`,
      );
    }
  }

  until(what: string, limitMs: number, condition: () => boolean): void {
    const end = this.#world.clock.now + limitMs;
    while (!condition()) {
      if (this.#world.clock.now >= end)
        throw new SimViolation(`no ${what} within ${limitMs} ms: ${this.#states()}`);
      this.#step(50);
    }
  }

  inSync(): boolean {
    return this.#cluster.nodes.every((node) => {
      const volume = node.status()?.volumes[0];
      return (
        volume?.conn === "Connected" && volume.disk === "UpToDate" && volume.peerDisk === "UpToDate"
      );
    });
  }

  #step(ms: number): void {
    const { clock } = this.#world;
    const end = clock.now + ms;
    while (clock.step(end));
  }

  #states(): string {
    const states = this.#cluster.nodes.map((node) => {
      const status = node.status();
      const volume = status?.volumes[0];
      return `${node.name} ${status?.role} ${volume?.conn} ${volume?.disk}/${volume?.peerDisk} oos ${volume?.outOfSyncBytes}`;
    });
    return states.join("; ");
  }

  #both(conn: string): boolean {
    return this.#cluster.nodes.every((node) => node.status()?.volumes[0]?.conn === conn);
  }

  #idle(): boolean {
    return this.#cluster.nodes.every((node) => {
      const volume = node.status()?.volumes[0];
      return (
        volume !== undefined &&
        volume.appPending === 0 &&
        volume.localPending === 0 &&
        volume.unacked === 0
      );
    });
  }
}
