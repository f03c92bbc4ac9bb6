/** `crm_mon --brief`: how many of each agent are active where. */

import { compareText } from "../../../base/compare.ts";
import type { PrimitiveStatus } from "../../../decision/cluster-status.ts";

export function briefItems(
  primitives: readonly PrimitiveStatus[],
  show: { readonly inactive: boolean; readonly showNode: boolean },
): readonly string[] {
  const byAgent = new Map<string, PrimitiveStatus[]>();
  for (const each of primitives) {
    if (each.removed && each.nodes.length === 0) continue;
    const same = byAgent.get(each.agent);
    if (same === undefined) byAgent.set(each.agent, [each]);
    else same.push(each);
  }
  return [...byAgent]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([agent, all]) => agentItems(agent, all, show));
}

function agentItems(
  agent: string,
  all: readonly PrimitiveStatus[],
  show: { readonly inactive: boolean; readonly showNode: boolean },
): readonly string[] {
  const active = new Map<string, number>();
  for (const { nodes } of all) {
    for (const node of nodes) active.set(node, (active.get(node) ?? 0) + 1);
  }
  const items = [...active]
    .sort(([a], [b]) => compareText(a.toLowerCase(), b.toLowerCase()))
    .map(([node, count]) => {
      const of = show.inactive ? `/${all.length}` : "";
      return `${count}${of}\t(${agent}):\tActive ${show.showNode ? node : ""}`;
    });
  if (show.inactive && active.size === 0) return [`0/${all.length}\t(${agent}):\tActive`];
  return items;
}
