/** Circles in a graph: Tarjan's strongly connected components, without recursion, so that no depth can exhaust the stack. */

/** Nodes that lead to each other, or to themselves; in the order of the graph's keys. */
export function circles(
  graph: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const on: Search = { graph, number: new Map(), low: new Map(), open: [], isOpen: new Set() };
  return [...graph.keys()].flatMap((node) => (on.number.has(node) ? [] : from(on, node)));
}

type Search = {
  readonly graph: ReadonlyMap<string, readonly string[]>;
  /** When a node was met. */
  readonly number: Map<string, number>;
  /** The earliest node that it leads to. */
  readonly low: Map<string, number>;
  readonly open: string[];
  readonly isOpen: Set<string>;
};

function from(on: Search, start: string): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  const path: { readonly node: string; next: number }[] = [meet(on, start)];
  for (let here = path.at(-1); here !== undefined; here = path.at(-1)) {
    const { node } = here;
    const follower = (on.graph.get(node) ?? [])[here.next++];
    if (follower === undefined) {
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) lower(on, above.node, on.low.get(node));
      if (on.low.get(node) === on.number.get(node)) found.push(...closed(on, node));
    } else if (!on.number.has(follower)) path.push(meet(on, follower));
    else if (on.isOpen.has(follower)) lower(on, node, on.number.get(follower));
  }
  return found;
}

function meet(on: Search, node: string): { readonly node: string; next: number } {
  on.low.set(node, on.number.size);
  on.number.set(node, on.number.size);
  on.open.push(node);
  on.isOpen.add(node);
  return { node, next: 0 };
}

function lower(on: Search, node: string, value = Number.POSITIVE_INFINITY): void {
  on.low.set(node, Math.min(on.low.get(node) ?? value, value));
}

/** What was met since `node` and leads back to it; nothing where that is the node alone. */
function closed(on: Search, node: string): readonly (readonly string[])[] {
  const members = on.open.splice(on.open.lastIndexOf(node));
  for (const each of members) on.isOpen.delete(each);
  const isCircle = members.length > 1 || (on.graph.get(node) ?? []).includes(node);
  return isCircle ? [members] : [];
}
