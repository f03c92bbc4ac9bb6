/** A connection whose address is "#uname" is reached at the host of its bundle replica's container. */
import { isRemoteAgent } from "../model/agents.ts";
import { currentNode, topResource } from "../model/resources.ts";
import type { Replica, Resource } from "../model/types.ts";
import { paramsOn } from "../unpack/resource-meta.ts";

export function needsBundleHost(resource: Resource): boolean {
  if (!isRemoteAgent(resource.xml)) return false;
  return paramsOn(resource, undefined).get("addr")?.toLowerCase() === "#uname";
}

/** The host's name, where the connection needs it and the container has or will have a host. */
export function bundleHostName(resource: Resource): string | undefined {
  if (!resource.remoteConnection || !needsBundleHost(resource)) return undefined;
  const replica = replicaOf(resource);
  if (replica === undefined) return undefined;
  return (replica.container.assigned ?? currentNode(replica.container))?.name;
}

function replicaOf(connection: Resource): Replica | undefined {
  const bundle = topResource(connection, true).bundle;
  return bundle?.replicas.find((replica) => replica.remote === connection);
}
