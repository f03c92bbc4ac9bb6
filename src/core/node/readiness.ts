/**
 * Whether this node's disks allow each resource to be started here. Which DRBD resources a resource uses only its agent knows
 * (it reads the domain file): it is asked whenever the resource's agent or parameters have changed.
 */
import { compareText } from "../../base/compare.ts";
import { attribute, type XmlElement } from "../../formats/xml/xml-element.ts";
import { noRuleHolds, readContext } from "../cib/read/name-values.ts";
import { resourcesOf } from "../cib/read/resource-lookup.ts";
import { instanceAttributes } from "../cib/read/resource-values.ts";
import type { Readiness, ReadinessTable } from "../controller/types.ts";
import type { AgentId } from "../executor/types.ts";

export type DiskLookup = {
  readonly resource: string;
  readonly agent: AgentId;
  readonly params: Readonly<Record<string, string>>;
};

type Known = {
  /** What was asked about. */
  readonly asked: string;
  readonly token: number | undefined;
  drbdResources: readonly string[] | undefined;
};

export class DiskReadiness {
  readonly #known = new Map<string, Known>();

  /** @returns what has to be looked up for this CIB; `ask` gives the token under which the answer will come. */
  onConfiguration(cib: XmlElement, ask: (lookup: DiskLookup) => number): void {
    const lookups = lookupsOf(cib);
    const present = new Set(lookups.map((each) => each.resource));
    for (const name of this.#known.keys()) if (!present.has(name)) this.#known.delete(name);
    for (const lookup of lookups) {
      const asked = JSON.stringify(lookup);
      if (this.#known.get(lookup.resource)?.asked === asked) continue;
      const isFenceDevice = lookup.agent.class === "stonith";
      const token = isFenceDevice ? undefined : ask(lookup);
      const drbdResources = isFenceDevice ? [] : undefined;
      this.#known.set(lookup.resource, { asked, token, drbdResources });
    }
  }

  /** The resource's files may have changed: it is looked up again with the next configuration. */
  forget(resource: string): void {
    this.#known.delete(resource);
  }

  onFound(token: number, drbdResources: readonly string[]): void {
    for (const known of this.#known.values()) {
      if (known.token === token) known.drbdResources = [...drbdResources].sort(compareText);
    }
  }

  /** @param problem why a DRBD resource's copy here cannot be used; undefined when it can. */
  table(problem: (drbdResource: string) => string | undefined): ReadinessTable {
    const rows: [string, Readiness][] = [];
    const names = [...this.#known.keys()].sort(compareText);
    for (const name of names) {
      const drbdResources = this.#known.get(name)?.drbdResources;
      if (drbdResources === undefined) continue;
      const reason = drbdResources
        .map(problem)
        .filter((each) => each !== undefined)
        .join("; ");
      rows.push([name, { ready: reason === "", reason, drbdResources }]);
    }
    return Object.fromEntries(rows);
  }
}

function lookupsOf(cib: XmlElement): readonly DiskLookup[] {
  const context = readContext(cib, noRuleHolds);
  return resourcesOf(cib).flatMap((found) => {
    const { element } = found;
    const type = attribute(element, "type");
    const agentClass = attribute(element, "class");
    if (element.name !== "primitive" || type === undefined || agentClass === undefined) return [];
    const provider = attribute(element, "provider");
    const agent = { class: agentClass, type, ...(provider !== undefined && { provider }) };
    const pairs = [...instanceAttributes(context, found)].sort((a, b) => compareText(a[0], b[0]));
    return [{ resource: attribute(element, "id") ?? "", agent, params: Object.fromEntries(pairs) }];
  });
}
