/** Whether guests could go on without a node: what is weighed before it is fenced. */
import type { ReadinessTable } from "../controller/types.ts";
import type { CopiesWithout } from "../fencer/types.ts";

/**
 * @param active resources that may run there or here
 * @param left readiness tables of the nodes that are left, this one's first
 */
export function copiesWithout(
  active: readonly string[],
  left: readonly ReadinessTable[],
): CopiesWithout {
  const whole: string[] = [];
  const partial: { resource: string; reason: string }[] = [];
  for (const resource of new Set(active)) {
    const rows = left.flatMap((table) => (Object.hasOwn(table, resource) ? [table[resource]] : []));
    const replicated = rows.filter((row) => row !== undefined && row.drbdResources.length > 0);
    if (replicated.length === 0) continue;
    if (replicated.some((row) => row?.ready)) whole.push(resource);
    else partial.push({ resource, reason: replicated[0]?.reason ?? "" });
  }
  return { whole, partial };
}
