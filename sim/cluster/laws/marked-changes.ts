/** Law 5: changes of the configuration, each with a mark of its own; one that was acknowledged is never missing later. */
import { setAttribute } from "../../../src/core/cib/edit/cluster-attribute.ts";
import { findById } from "../../../src/core/cib/tree.ts";
import type { Administrator } from "../administrator.ts";
import type { SimCluster } from "../sim-cluster.ts";

export class MarkedChanges {
  readonly #cluster: SimCluster;
  readonly #person: Administrator;
  readonly #acknowledged: string[] = [];
  #count = 0;

  constructor(cluster: SimCluster, person: Administrator) {
    this.#cluster = cluster;
    this.#person = person;
  }

  get acknowledged(): number {
    return this.#acknowledged.length;
  }

  make(host: string): void {
    const { daemon } = this.#cluster.host(host);
    if (daemon === undefined) return;
    const pairId = `mark-${++this.#count}`;
    const scope = { section: "nodes", node: host } as const;
    const planned = setAttribute(daemon.cib, { scope, name: pairId, pairId }, "1");
    if (!planned.ok) return;
    this.#person.change(host, planned.value.change, (reply) => {
      if (reply.ok) this.#acknowledged.push(pairId);
    });
  }

  /** Once all are together again. */
  check(): void {
    for (const host of this.#cluster.hosts.values()) {
      const { daemon } = host;
      if (daemon === undefined) continue;
      const lost = this.#acknowledged.filter((id) => findById(daemon.cib, id) === undefined);
      if (lost.length > 0)
        this.#cluster.laws.broken(
          `${host.name} lacks changes that were acknowledged: ${lost.join(", ")}`,
        );
    }
  }
}
