/**
 * Placing and ordering follow chains of colocations and orderings to their ends. A configuration whose chains are beyond
 * all use is not followed: nothing is placed, started or stopped, and the configuration's error says why.
 */
import { configError } from "../model/issues.ts";
import { walk } from "../model/resources.ts";
import type { Cluster, Resource } from "../model/types.ts";

/** Resources in one group, or in one chain of constraints. */
export const chainMax = 500;

export function limitChains(cluster: Cluster): void {
  const chain = tooLongChain(colocationSteps(cluster)) ?? tooLongChain(orderingSteps(cluster));
  if (chain === undefined) return;
  configError(
    cluster,
    `nothing is started or stopped: more than ${chainMax} resources hang together in one chain of colocations, orderings or a group, which begins or ends with ${chain}`,
  );
  cluster.orderings.length = 0;
  cluster.colocations.length = 0;
  for (const resource of cluster.resources) walk(resource, release);
}

/** Safety: without its constraints nothing can be decided, so it is left as it is. */
function release(resource: Resource): void {
  resource.managed = false;
  resource.withThis.length = 0;
  resource.thisWith.length = 0;
}

type Steps = ReadonlyMap<string, ReadonlySet<string>>;

function colocationSteps(cluster: Cluster): Steps {
  const steps = new Map<string, Set<string>>();
  for (const { dependent, primary } of cluster.colocations) add(steps, dependent.id, primary.id);
  return steps;
}

/** By actions: what starts in a row stops in the opposite row, which is no circle. */
function orderingSteps(cluster: Cluster): Steps {
  const steps = new Map<string, Set<string>>();
  for (const { firstResource, nextResource, firstKey, nextKey } of cluster.orderings) {
    if (firstResource === undefined || nextResource === undefined) continue;
    if (firstResource !== nextResource) add(steps, firstKey ?? "", nextKey ?? "");
  }
  return steps;
}

function add(steps: Map<string, Set<string>>, from: string, to: string): void {
  const known = steps.get(from);
  if (known === undefined) steps.set(from, new Set([to]));
  else known.add(to);
}

type Visit = { readonly at: string; readonly rest: Iterator<string>; deepest: number };

/** Depth first without recursion; a step back into the present path ends it there. */
function tooLongChain(steps: Steps): string | undefined {
  const depths = new Map<string, number>();
  for (const start of steps.keys()) {
    const path = depths.has(start) ? [] : [visitOf(steps, depths, start)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.next();
      if (next.done === true) {
        const depth = top.deepest + 1;
        if (depth > chainMax) return top.at;
        depths.set(top.at, depth);
        path.pop();
        const below = path.at(-1);
        if (below !== undefined) below.deepest = Math.max(below.deepest, depth);
      } else if (depths.has(next.value)) {
        top.deepest = Math.max(top.deepest, depths.get(next.value) ?? 0);
      } else {
        path.push(visitOf(steps, depths, next.value));
      }
    }
  }
  return undefined;
}

/** On the path it counts as nothing, until its own depth is known. */
function visitOf(steps: Steps, depths: Map<string, number>, at: string): Visit {
  depths.set(at, 0);
  return { at, rest: (steps.get(at) ?? new Set<string>()).values(), deepest: 0 };
}
