/** One action of the working model -> what the executor is told. */
import { attribute } from "../../../formats/xml/xml-element.ts";
import { actionFlag, has } from "../model/flags.ts";
import { findNode, isRemoteKind } from "../model/nodes.ts";
import type { Action, Cluster, ClusterNode, Resource } from "../model/types.ts";
import { notifyKey, opKey } from "../values/op-key.ts";
import { attributesOf } from "./action-attributes.ts";
import { connectionHost } from "./connection-host.ts";
import { nodeParts, type SharedParts } from "./shared-parts.ts";
import type {
  GraphAction,
  GraphActionId,
  GraphActionKind,
  GraphResource,
} from "./transition-graph.ts";

export function graphActionId(action: Action, parts: SharedParts): GraphActionId {
  const known = parts.identities[action.id];
  if (known !== undefined) return known;
  const identity = identityOf(action, parts);
  parts.identities[action.id] = identity;
  return identity;
}

function identityOf(action: Action, parts: SharedParts): GraphActionId {
  const kind = kindOf(action);
  const historyId = action.resource?.historyId;
  const node = namesNode(action, kind) ? action.node : undefined;
  return {
    id: action.id,
    kind,
    operation: action.task,
    key: historyId === undefined ? action.key : historyKey(action, historyId),
    internalKey: historyId === undefined ? undefined : action.key,
    node: node === undefined ? undefined : nodeParts(node, parts).named,
    routerNode: node === undefined ? undefined : connectionHost(action)?.name,
    mode: action.task === "lrm_delete" ? "cib" : undefined,
  };
}

export function graphAction(action: Action, parts: SharedParts): GraphAction {
  const identity = graphActionId(action, parts);
  const { resource } = action;
  const named = namesNode(action, identity.kind) && action.node !== undefined;
  const real = resource !== undefined && !has(action.flags, actionFlag.pseudo);
  const tellsMaintenance = identity.kind === "pseudo" && action.task === "maintenance_nodes";
  return {
    ...identity,
    shutdownLock: real && isLocked(action, resource) ? resource.lockTime : undefined,
    resource: real ? graphResource(resource, parts) : undefined,
    attributes: attributesOf(action, named ? action.node : undefined, parts),
    downed: named ? downedBy(action) : none,
    maintenance: tellsMaintenance ? maintenanceChanges(action.cluster) : none,
  };
}

const none: readonly never[] = [];

export function maintenanceChanges(cluster: Cluster): { nodeId: string; on: boolean }[] {
  return cluster.nodes
    .filter((node) => isRemoteKind(node) && node.maintenance !== node.remoteMaintenance)
    .map((node) => ({ nodeId: node.id, on: node.maintenance }));
}

function kindOf({ task, flags }: Action): GraphActionKind {
  if (task === "stonith") return has(flags, actionFlag.pseudo) ? "pseudo" : "cluster";
  if (task === "do_shutdown" || task === "clear_failcount" || task === "lrm_delete")
    return "cluster";
  return has(flags, actionFlag.pseudo) ? "pseudo" : "resource";
}

/** The fencing of a guest is only a point in the order, but says of whom. */
function namesNode({ task }: Action, kind: GraphActionKind): boolean {
  return kind !== "pseudo" || task === "stonith";
}

/** The action's key with the name under which the node knows the resource. */
export function historyKey(action: Action, historyId: string): string {
  if (action.task === "notify") {
    const when = action.meta.get("notify_type") ?? "";
    return notifyKey(historyId, when, action.meta.get("notify_operation") ?? "");
  }
  const interval = Number.parseInt(action.meta.get("interval") ?? "0", 10) || 0;
  return opKey(historyId, action.cancelTask ?? action.task, interval);
}

/** While the node shuts down only the stop keeps the lock. */
function isLocked({ node, task }: Action, resource: Resource): boolean {
  if (node === undefined || node !== resource.lockNode) return false;
  return !node.shutdown || task === "stop";
}

function graphResource(resource: Resource, { resources }: SharedParts): GraphResource {
  const known = resources.get(resource);
  if (known !== undefined) return known;
  const described = describeResource(resource);
  resources.set(resource, described);
  return described;
}

function describeResource(resource: Resource): GraphResource {
  const { id, historyId, meta, xml } = resource;
  const agent = {
    element: xml.name,
    agentClass: meta.get("class"),
    provider: meta.get("provider"),
    type: meta.get("type"),
  };
  // What is left of a removed clone is known by its number.
  if (resource.removed && historyId !== undefined) return { ...agent, id: historyId, longId: id };
  if (resource.unique) return { ...agent, id, longId: undefined };
  const configured = attribute(xml, "id") ?? id;
  const known = historyId !== undefined && historyId !== configured ? historyId : id;
  return { ...agent, id: configured, longId: known };
}

function downedBy(action: Action): readonly string[] {
  const { node, task, resource } = action;
  if (node === undefined) return [];
  if (task === "do_shutdown") return [node.id];
  if (task === "stonith") {
    const how = action.meta.get("stonith_action");
    return how === "off" || how === "reboot" ? [node.id, ...guestsOn(node)] : [];
  }
  if (resource?.remoteConnection !== true || task !== "stop") return none;
  // A connection that migrates stays up.
  const migrates = action.before.some(
    ({ action: first }) => first.task === "migrate_from" && first.resource?.id === resource.id,
  );
  return migrates ? [] : [resource.id];
}

function guestsOn(host: ClusterNode): string[] {
  const guests: string[] = [];
  for (const resource of host.running) {
    if (!resource.remoteConnection || resource.launcher === undefined) continue;
    const node = findNode(resource.cluster, resource.id);
    if (node !== undefined) guests.push(node.id);
  }
  return guests;
}
