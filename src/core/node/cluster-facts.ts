/** What the CIB says that several parts of a node ask for; answers are kept until the CIB is another. */
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { booleanOption } from "../cib/read/cluster-options.ts";
import { clusterOptionValues, noRuleHolds, readContext } from "../cib/read/name-values.ts";
import { nodesOf } from "../cib/read/nodes.ts";
import { activeNodes } from "../controller/active-nodes.ts";

type Kept<T> = { readonly of: XmlElement | undefined; readonly value: T };

export class ClusterFacts {
  readonly #cib: () => XmlElement;
  #fencing: Kept<boolean> | undefined;
  #active: Kept<ReadonlyMap<string, readonly string[]>> | undefined;

  constructor(cib: () => XmlElement) {
    this.#cib = cib;
  }

  isFencingOn(): boolean {
    const cib = this.#cib();
    const of = cib.children.find((each) => each.name === "configuration");
    if (this.#fencing === undefined || this.#fencing.of !== of) {
      const values = clusterOptionValues(readContext(cib, noRuleHolds));
      this.#fencing = { of, value: booleanOption(values, "fencing-enabled") };
    }
    return this.#fencing.value;
  }

  /** Resources that may run on that node, by the status section; fence devices run nowhere. */
  activeOn(node: string): readonly string[] {
    const of = this.#cib();
    if (this.#active?.of !== of) this.#active = { of, value: activeByNode(of) };
    return this.#active.value.get(node) ?? [];
  }
}

function activeByNode(cib: XmlElement): ReadonlyMap<string, readonly string[]> {
  const names = new Map(nodesOf(cib).map((node) => [node.id, node.uname]));
  const byNode = new Map<string, string[]>();
  for (const [resource, ids] of activeNodes(cib)) {
    for (const id of ids) {
      const name = names.get(id) ?? id;
      byNode.set(name, [...(byNode.get(name) ?? []), resource]);
    }
  }
  return byNode;
}
