/** Placing a bundle: its containers as instances, then what belongs to each, then the primitive inside. */
import { addScores, infinity } from "../../../decision/score.ts";
import { isBundleNode, isRemoteKind } from "../model/nodes.ts";
import { isBlockedAnywhere, singleLocation, topResource, variantRank } from "../model/resources.ts";
import { rulesOf } from "../model/rules-of.ts";
import { ban, recordScores } from "../model/scoring.ts";
import type {
  Candidate,
  ClusterNode,
  Colocation,
  Location,
  Replica,
  Resource,
} from "../model/types.ts";
import { instancesOf, matchesInstance } from "../order/compatible-instance.ts";
import { applyLocation } from "../score/locations.ts";
import { thresholdReached } from "../score/migration-threshold.ts";
import { listSort } from "../values/list-sort.ts";
import { role } from "../values/role.ts";
import { assignResource } from "./assign-resource.ts";
import { assignedCandidate } from "./assigned-location.ts";
import { keepOnly } from "./clone.ts";
import { compareInstances } from "./instance-order.ts";
import { assignInstances } from "./instances.ts";
import { addThisWithList, addWithThisList, newColocation } from "./new-colocation.ts";
import { sortCandidates } from "./sort-candidates.ts";

export function assignBundle(
  bundle: Resource,
  prefer: ClusterNode | undefined,
  stopIfFail: boolean,
): undefined {
  const traits = bundle.bundle;
  if (traits === undefined) return undefined;
  bundle.assigning = true;
  recordScores(bundle.cluster, "bundle_assign", bundle);
  const containers = listSort(instancesOf(bundle), compareInstances);
  assignInstances(bundle, containers, {
    total: traits.replicasMax,
    perNode: traits.replicasPerHost,
  });
  for (const replica of traits.replicas) assignReplica(replica, prefer, stopIfFail);
  if (traits.child !== undefined) {
    const own = new Set(traits.replicas.map((replica) => replica.node));
    for (const candidate of traits.child.allowed.values()) {
      if (own.has(candidate.node)) candidate.score = 0;
      else ban(traits.child, candidate, `it runs only inside ${bundle.id}`);
    }
    rulesOf(traits.child).assign(traits.child, prefer, stopIfFail);
  }
  bundle.assigning = false;
  bundle.unassigned = false;
  return undefined;
}

function assignReplica(
  replica: Replica,
  prefer: ClusterNode | undefined,
  stopIfFail: boolean,
): void {
  const { ip, remote, container, child, node } = replica;
  if (ip !== undefined) rulesOf(ip).assign(ip, prefer, stopIfFail);
  const host = container.assigned;
  if (remote !== undefined) {
    if (host !== undefined && isRemoteKind(host) && host.connection !== undefined) {
      // A remote node has one connection at a time, so the inner one goes out from where the outer one ends.
      newColocation({
        id: "#replica-remote-with-host-remote",
        score: infinity,
        dependent: remote,
        primary: host.connection,
        influence: true,
        explicit: false,
      });
    }
    rulesOf(remote).assign(remote, prefer, stopIfFail);
  }
  if (child === undefined) return;
  for (const candidate of child.allowed.values()) {
    if (candidate.node !== node) ban(child, candidate, `it runs only inside ${container.id}`);
    else if (thresholdReached(child, candidate.node) === undefined) candidate.score = infinity;
  }
  const { parent } = child;
  if (parent !== undefined) parent.assigning = true;
  rulesOf(child).assign(child, node, stopIfFail);
  if (parent !== undefined) parent.assigning = false;
}

/** What is colocated with a bundle: instances with the container on their node, all else with any container. */
export function applyBundleColocation(
  dependent: Resource,
  bundle: Resource,
  colocation: Colocation,
): number {
  if (bundle.unassigned || bundle.bundle === undefined) return 0;
  const mandatory = colocation.score >= infinity;
  if (variantRank(colocation.dependent) > 1) {
    const container = compatibleContainer(dependent, bundle);
    if (container !== undefined) {
      return rulesOf(dependent).applyColocation(dependent, container, colocation, true);
    }
    if (mandatory) assignResource(dependent, undefined, { force: true, stopIfFail: true });
    return 0;
  }
  if (mandatory) {
    keepOnly(dependent, hostsFor(bundle.bundle.replicas, colocation), colocation);
    return 0;
  }
  let delta = 0;
  for (const { container } of bundle.bundle.replicas) {
    const each = rulesOf(container).applyColocation(dependent, container, colocation, false);
    delta = addScores(delta, each);
  }
  return delta;
}

function hostsFor(replicas: readonly Replica[], { primaryRole }: Colocation): Candidate[] {
  const hosts: Candidate[] = [];
  for (const { container, child } of replicas) {
    const chosen = assignedCandidate(container);
    if (chosen === undefined || isBlockedAnywhere(container)) continue;
    const promoted = child !== undefined && child.nextRole >= role.promoted;
    if (primaryRole >= role.promoted && !promoted) continue;
    hosts.push(chosen);
  }
  return hosts;
}

function compatibleContainer(dependent: Resource, bundle: Resource): Resource | undefined {
  const wish = { role: role.unknown, current: false };
  const on = (node: ClusterNode | undefined): Resource | undefined =>
    node === undefined
      ? undefined
      : instancesOf(bundle).find((container) => matchesInstance(container, node, wish));
  const node = hostOf(singleLocation(dependent, { assigned: true }));
  if (node !== undefined) return on(node);
  const { placementStrategy } = dependent.cluster.settings;
  const sorted = sortCandidates([...dependent.allowed.values()], undefined, placementStrategy);
  for (const candidate of sorted) {
    const found = on(hostOf(candidate.node));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A bundle's node counts as the host of its container. */
function hostOf(node: ClusterNode | undefined): ClusterNode | undefined {
  const container = isBundleNode(node) ? node?.connection?.launcher : undefined;
  return container === undefined ? node : singleLocation(container, { assigned: true });
}

/** The bundle and its containers have its colocations; the primitive inside only when roles are chosen. */
export function withBundle(bundle: Resource, origin: Resource, list: Colocation[]): void {
  if (isConcerned(bundle, origin)) addWithThisList(list, bundle.withThis);
}

export function bundleWith(bundle: Resource, origin: Resource, list: Colocation[]): void {
  if (isConcerned(bundle, origin)) addThisWithList(list, bundle.thisWith);
}

function isConcerned(bundle: Resource, origin: Resource): boolean {
  if (origin === bundle || origin.replicaContainer) return true;
  const inside = bundle.bundle?.child;
  if (inside === undefined || !inside.promotable || topResource(origin) !== inside) return false;
  return origin === inside ? inside.clone?.promotionSorted === true : !origin.unassigned;
}

export function applyBundleLocation(bundle: Resource, location: Location): void {
  applyLocation(bundle, location);
  for (const { container, ip } of bundle.bundle?.replicas ?? []) {
    rulesOf(container).applyLocation(container, location);
    if (ip !== undefined) rulesOf(ip).applyLocation(ip, location);
  }
  const inside = bundle.bundle?.child;
  const forRole = location.role === role.unpromoted || location.role === role.promoted;
  if (inside === undefined || !forRole) return;
  rulesOf(inside).applyLocation(inside, location);
  inside.locations.push(location);
}

/** All replicas are alike, so the first one's container tells what one needs. */
export function addBundleUtilization(
  bundle: Resource,
  origin: Resource,
  all: readonly Resource[],
  sum: Map<string, number>,
): void {
  const container = bundle.bundle?.replicas[0]?.container;
  if (!bundle.unassigned || container === undefined) return;
  rulesOf(container).addUtilization(container, origin, all, sum);
}
