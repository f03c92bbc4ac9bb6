/** What becomes of a remote node's connection in this transition. */
import { isRemoteNode } from "../model/nodes.ts";
import { currentNode } from "../model/resources.ts";
import type { ClusterNode, Resource } from "../model/types.ts";
import { isShutdownRequested } from "../unpack/node-state.ts";
import { role } from "../values/role.ts";

export type RemoteState = "unknown" | "alive" | "resting" | "failed" | "stopped";

export function remoteState(node: ClusterNode, connection: Resource): RemoteState {
  const host = currentNode(connection);
  if (connection.nextRole === role.stopped || connection.assigned === undefined) {
    return stateOfLost(node, connection, host);
  }
  if (host === undefined) return "unknown";
  if (host.unclean || !host.online) return "resting";
  const migrating =
    connection.active.length > 1 &&
    connection.partialMigrationSource !== undefined &&
    connection.partialMigrationTarget !== undefined;
  return migrating ? "resting" : "alive";
}

/** The connection will not be anywhere. */
function stateOfLost(
  node: ClusterNode,
  connection: Resource,
  host: ClusterNode | undefined,
): RemoteState {
  // It cannot be taken over from a failed host.
  if (host?.unclean === true) return "failed";
  if (!connection.failed) return "stopped";
  const waiting =
    connection.nextRole === role.stopped &&
    connection.reconnectMs > 0 &&
    node.remoteFenced &&
    !isShutdownRequested(node);
  return waiting ? "unknown" : "failed";
}

export function isFailedRemoteNode(node: ClusterNode): boolean {
  const { connection } = node;
  return (
    isRemoteNode(node) && connection !== undefined && remoteState(node, connection) === "failed"
  );
}
