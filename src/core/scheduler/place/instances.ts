/** Distributing instances over the nodes: first each where it is, as far as the share of its node goes, then the rest. */
import { infinity } from "../../../decision/score.ts";
import { copyCandidates } from "../model/nodes.ts";
import { currentNode, walk } from "../model/resources.ts";
import { rulesOf } from "../model/rules-of.ts";
import { addScoreEverywhere, ban } from "../model/scoring.ts";
import type { Candidates, ClusterNode, Resource } from "../model/types.ts";
import { unassignResource } from "./assign-resource.ts";
import { parentCandidate } from "./instance-order.ts";
import { isAvailable, isUsable } from "./usable.ts";

export type Limits = { readonly total: number; readonly perNode: number };

export function assignInstances(
  collective: Resource,
  instances: readonly Resource[],
  limits: Limits,
): void {
  let usableNodes = 0;
  for (const candidate of collective.allowed.values()) {
    candidate.count = 0;
    if (isUsable(candidate.node)) usableNodes++;
  }
  const share = Math.max(1, usableNodes > 0 ? Math.floor(limits.total / usableNodes) : 0);
  let assigned = 0;
  for (const instance of instances) {
    if (assigned >= limits.total) break;
    const current = keptNode(instance, share);
    const available = limits.total - assigned;
    if (current !== undefined && assignEarly(instance, current, limits.perNode, available)) {
      assigned++;
    }
  }
  for (const instance of instances) {
    if (!instance.unassigned) continue;
    if (assigned >= limits.total) {
      addScoreEverywhere(instance, -infinity, "enough instances are placed");
    } else if (assignInstance(instance, undefined, limits.perNode) !== undefined) {
      assigned++;
    }
  }
}

/** The instance's node, if it is healthy there and the node has not yet its share. */
function keptNode(instance: Resource, share: number): ClusterNode | undefined {
  if (instance.active.length === 0 || !instance.unassigned || instance.failed) return undefined;
  const node = currentNode(instance);
  if (node === undefined || !isAvailable(node.base)) return undefined;
  const taken = parentCandidate(instance, node)?.count ?? 0;
  return taken >= share ? undefined : node;
}

/**
 * Tries to leave the instance where it is. If the scores want it elsewhere, one place is set aside for that node, and
 * it is tried again: so nodes get instances as the scores want, but few instances move.
 */
function assignEarly(
  instance: Resource,
  current: ClusterNode,
  perNode: number,
  available: number,
): boolean {
  const { parent } = instance;
  const allowed = instance.allowed.get(current.id);
  if (parent === undefined || allowed === undefined || !isAvailable(allowed)) return false;
  const original = tablesOf(instance);
  const parentTable = parent.allowed;
  parent.allowed = copyCandidates(parentTable);
  let kept = false;
  for (let reserved = 0; reserved < available; reserved++) {
    const chosen = assignInstance(instance, current, perNode);
    if (chosen === current) {
      kept = true;
      break;
    }
    restoreTables(instance, original);
    if (chosen === undefined) {
      instance.unassigned = true;
      break;
    }
    unassignResource(instance);
  }
  parent.allowed = parentTable;
  if (kept) countOn(instance, current);
  return kept;
}

/** Failing is final only without a preference: a preferred node was only a try. */
function assignInstance(
  instance: Resource,
  prefer: ClusterNode | undefined,
  perNode: number,
): ClusterNode | undefined {
  if (instance.assigning) return undefined;
  banFullNodes(instance, perNode);
  const chosen = rulesOf(instance).assign(instance, prefer, prefer === undefined);
  if (chosen !== undefined) countOn(instance, chosen);
  return chosen;
}

function countOn(instance: Resource, node: ClusterNode): void {
  const candidate = parentCandidate(instance, node);
  if (candidate !== undefined) candidate.count++;
}

function banFullNodes(instance: Resource, perNode: number): void {
  for (const candidate of instance.allowed.values()) {
    if (canRunOn(instance, candidate.node, perNode)) continue;
    const why = whyBanned(instance, candidate.node, perNode);
    ban(instance, candidate, why);
    for (const child of instance.children) {
      const own = child.allowed.get(candidate.node.id);
      if (own !== undefined) ban(child, own, why);
    }
  }
}

function canRunOn(instance: Resource, node: ClusterNode, perNode: number): boolean {
  if (instance.removed || !isUsable(node)) return false;
  const allowed = parentCandidate(instance, node);
  return allowed !== undefined && allowed.score >= 0 && allowed.count < perNode;
}

function whyBanned(instance: Resource, node: ClusterNode, perNode: number): string | undefined {
  if (instance.removed) return "it was removed from the configuration";
  if (!isUsable(node)) return undefined;
  const isFull = (parentCandidate(instance, node)?.count ?? 0) >= perNode;
  const { id = "" } = instance.parent ?? {};
  return isFull ? `another instance of ${id} takes that node` : `${id} may not run there`;
}

function tablesOf(instance: Resource): Map<Resource, Candidates> {
  const tables = new Map<Resource, Candidates>();
  walk(instance, (each) => tables.set(each, copyCandidates(each.allowed)));
  return tables;
}

function restoreTables(instance: Resource, tables: ReadonlyMap<Resource, Candidates>): void {
  walk(instance, (each) => {
    const original = tables.get(each);
    if (original !== undefined) each.allowed = copyCandidates(original);
  });
}
