/** `crm_mon --brief`: how many of each agent are active where. */

import { compareText } from "../../../base/compare.ts";
import type { ClusterStatus, PrimitiveStatus } from "../../../decision/cluster-status.ts";

type Shown = { readonly inactive: boolean; readonly showNode: boolean };

export function briefItems(
  { nodes }: ClusterStatus,
  primitives: readonly PrimitiveStatus[],
  show: Shown,
): readonly string[] {
  const counting = nodes.filter((node) => node.online || node.unclean).map(({ name }) => name);
  const counted = new Set(counting);
  const byAgent = new Map<string, PrimitiveStatus[]>();
  for (const each of primitives) {
    if (each.removed && each.nodes.length === 0) continue;
    const same = byAgent.get(each.agent);
    if (same === undefined) byAgent.set(each.agent, [each]);
    else same.push(each);
  }
  return [...byAgent]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([agent, all]) =>
      agentItems({ agent, all, active: activeByNode(all, counted) }, show),
    );
}

/** What is managed is lost with its node; on one that may still be up it may run. */
function activeByNode(
  all: readonly PrimitiveStatus[],
  counted: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const active = new Map<string, number>();
  for (const { nodes, managed } of all) {
    for (const node of nodes.filter((each) => counted.has(each) || !managed))
      active.set(node, (active.get(node) ?? 0) + 1);
  }
  return active;
}

type OfAgent = {
  readonly agent: string;
  readonly all: readonly PrimitiveStatus[];
  readonly active: ReadonlyMap<string, number>;
};

function agentItems({ agent, all, active }: OfAgent, show: Shown): readonly string[] {
  const items = [...active]
    .sort(([a], [b]) => compareText(a.toLowerCase(), b.toLowerCase()))
    .map(([node, count]) => {
      const of = show.inactive ? `/${all.length}` : "";
      return `${count}${of}\t(${agent}):\tActive ${show.showNode ? node : ""}`;
    });
  if (show.inactive && active.size === 0) return [`0/${all.length}\t(${agent}):\tActive`];
  return items;
}
