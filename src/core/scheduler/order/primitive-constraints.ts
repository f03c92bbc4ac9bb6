/** What goes without saying for a primitive: stop before start, demote before stop, containers before what is in them. */
import { infinity } from "../../../decision/score.ts";
import { edge } from "../model/flags.ts";
import { topResource } from "../model/resources.ts";
import { ban, notRemote } from "../model/scoring.ts";
import type { Candidate, Resource } from "../model/types.ts";
import { newColocation } from "../place/new-colocation.ts";
import { compareNames } from "../values/name-order.ts";
import { role } from "../values/role.ts";
import { orderAroundLoad } from "./load.ts";
import { orderTasks } from "./new-ordering.ts";
import { orderRestartAroundUnfencing } from "./unfencing.ts";

/** Highly preferred, but a bundle's container may be elsewhere than its connection. */
const nestedConnectionScore = 10_000;

export function addPrimitiveConstraints(resource: Resource): void {
  if (!resource.managed) return;
  const { settings } = resource.cluster;
  orderTasks(resource, "stop", resource, "start", edge.order | edge.firstForcesNext | edge.restart);
  if (topResource(resource).promotable || resource.role > role.unpromoted) {
    orderTasks(resource, "demote", resource, "stop", edge.promotedNextNeedsFirst);
    orderTasks(resource, "start", resource, "promote", edge.firstBlocksNext);
  }
  // Forgetting the history is no use where the resource is probed anyway.
  orderTasks(resource, "lrm_delete", resource, "monitor", edge.sameNode | edge.nextCancelsFirst);
  if (!resource.fenceDevice && settings.unfencing && resource.needsUnfencing) {
    for (const { node } of byName(resource)) orderRestartAroundUnfencing(resource, node);
  }
  if (resource.utilization.size > 0 && settings.placementStrategy !== "default") {
    orderAroundLoad(
      resource,
      byName(resource).map(({ node }) => node),
    );
  }
  if (resource.launcher !== undefined) addLauncherConstraints(resource, resource.launcher);
  // Fence devices and connections need a member: they do not run on remote nodes.
  if (resource.remoteConnection || resource.fenceDevice) avoidRemoteNodes(resource);
}

function byName({ allowed }: Resource): Candidate[] {
  return [...allowed.values()].sort((a, b) => compareNames(a.node.name, b.node.name));
}

function addLauncherConstraints(resource: Resource, launcher: Resource): void {
  const connection = connectionInside(resource, launcher);
  if (connection !== undefined) {
    // It runs inside the remote node that the container is or has.
    for (const candidate of resource.allowed.values()) {
      if (candidate.node.connection !== connection) {
        ban(resource, candidate, `it runs only inside ${launcher.id}`);
      }
    }
    return;
  }
  const startFlags = edge.firstForcesNext | edge.firstBlocksNext;
  orderTasks(launcher, "start", resource, "start", startFlags);
  orderTasks(resource, "stop", launcher, "stop", edge.nextNeedsFirst);
  newColocation({
    id: "#resource-with-container",
    score: resource.remoteNestingAllowed ? nestedConnectionScore : infinity,
    dependent: resource,
    primary: launcher,
    influence: true,
    explicit: false,
  });
}

/** The connection of the remote node in which the resource must run, if its container makes one. */
function connectionInside(resource: Resource, launcher: Resource): Resource | undefined {
  if (resource.remoteConnection) {
    // Remote nodes are not nested, but bundles may run on them.
    if (!resource.remoteNestingAllowed) avoidRemoteNodes(launcher);
    // If the container turns out to be running, the connection need not be recovered.
    orderTasks(launcher, "monitor", resource, "stop", edge.order);
    return undefined;
  }
  if (launcher.remoteConnection) return launcher;
  if (!resource.cluster.haveRemoteNodes) return undefined;
  return launcher.launched.find((each) => each.remoteConnection);
}

function avoidRemoteNodes(resource: Resource): void {
  for (const candidate of resource.allowed.values()) {
    if (candidate.node.connection !== undefined) {
      ban(resource, candidate, notRemote);
    }
  }
}
