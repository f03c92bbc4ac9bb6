/** Through which cluster node an action reaches a remote node or guest. */
import { isGuestNode, isRemoteKind } from "../model/nodes.ts";
import { currentNode } from "../model/resources.ts";
import type { Action, ClusterNode } from "../model/types.ts";

const beforeMove: ReadonlySet<string> = new Set([
  "cancel",
  "stop",
  "demote",
  "migrate_from",
  "migrate_to",
]);

export function connectionHost(action: Action): ClusterNode | undefined {
  const { node } = action;
  if (action.task === "stonith" || node === undefined || !isRemoteKind(node)) return undefined;
  const { connection } = node;
  if (connection === undefined) return undefined;
  const began = currentNode(connection);
  const ended = connection.assigned;
  if (began === undefined || ended === undefined) return began ?? ended;
  // While the connection moves, what must be done before goes the old way, all else the new.
  const partial =
    connection.launcher === undefined && connection.partialMigrationTarget !== undefined;
  return beforeMove.has(announcedTask(action)) && !partial ? began : ended;
}

/** The host of a guest, for what its resource agents must know about it. */
export function guestHost(action: Action): ClusterNode | undefined {
  const { node } = action;
  if (!isGuestNode(node)) return undefined;
  const launcher = node?.connection?.launcher;
  if (launcher === undefined) return undefined;
  switch (announcedTask(action)) {
    case "stop":
    case "stopped":
    case "demote":
    case "demoted":
      return currentNode(launcher);
    case "start":
    case "running":
    case "monitor":
    case "promote":
    case "promoted":
      return launcher.assigned;
    default:
      return undefined;
  }
}

/** A notification goes the way of what it announces. */
function announcedTask({ task, meta }: Action): string {
  if (task !== "notify" && task !== "notified") return task;
  return meta.get("notify_operation") ?? task;
}
