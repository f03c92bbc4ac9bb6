/** One action of the working model -> what the executor is told. */
import { compareText } from "../../../base/compare.ts";
import { attribute } from "../../../formats/xml/xml-element.ts";
import { bundleHostName } from "../actions/bundle-address.ts";
import { actionFlag, has } from "../model/flags.ts";
import { findNode, isRemoteKind } from "../model/nodes.ts";
import { rulesOf } from "../model/rules-of.ts";
import type { Action, Cluster, ClusterNode, Resource } from "../model/types.ts";
import { paramsOn } from "../unpack/resource-meta.ts";
import { notifyKey, opKey } from "../values/op-key.ts";
import { connectionHost, guestHost } from "./connection-host.ts";
import type {
  GraphAction,
  GraphActionId,
  GraphActionKind,
  GraphResource,
} from "./transition-graph.ts";

/** The version of Pacemaker's graph format and agent interface that is followed. */
const featureSet = "3.20.5";

export function graphActionId(action: Action): GraphActionId {
  const kind = kindOf(action);
  const historyId = action.resource?.historyId;
  const node = namesNode(action, kind) ? action.node : undefined;
  return {
    id: action.id,
    kind,
    operation: action.task,
    key: historyId === undefined ? action.key : historyKey(action, historyId),
    internalKey: historyId === undefined ? undefined : action.key,
    node: node === undefined ? undefined : { id: node.id, name: node.name },
    routerNode: node === undefined ? undefined : connectionHost(action)?.name,
    mode: action.task === "lrm_delete" ? "cib" : undefined,
  };
}

export function graphAction(action: Action): GraphAction {
  const identity = graphActionId(action);
  const { resource } = action;
  const named = namesNode(action, identity.kind) && action.node !== undefined;
  const real = resource !== undefined && !has(action.flags, actionFlag.pseudo);
  const tellsMaintenance = identity.kind === "pseudo" && action.task === "maintenance_nodes";
  return {
    ...identity,
    shutdownLock: real && isLocked(action, resource) ? resource.lockTime : undefined,
    resource: real ? graphResource(resource) : undefined,
    attributes: attributesOf(action, named ? action.node : undefined),
    downed: named ? downedBy(action) : [],
    maintenance: tellsMaintenance ? maintenanceChanges(action.cluster) : [],
  };
}

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

function historyKey(action: Action, historyId: string): string {
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

function graphResource(resource: Resource): GraphResource {
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

function attributesOf(
  action: Action,
  named: ClusterNode | undefined,
): readonly (readonly [string, string])[] {
  const all = new Map<string, string>([["crm_feature_set", featureSet]]);
  const addMissing = (name: string, value: string): void => {
    if (!all.has(name)) all.set(name, value);
  };
  const { resource, node, meta } = action;
  for (const [name, value] of action.params) addMissing(name, value);
  if (resource !== undefined && (node !== undefined || resource.variant === "primitive")) {
    const host = bundleHostName(resource);
    for (const [name, value] of paramsOn(resource, node)) {
      addMissing(name, name === "addr" && value === "#uname" && host !== undefined ? host : value);
    }
  }
  if (named !== undefined) {
    meta.set("on_node", named.name);
    meta.set("on_node_uuid", named.id);
  }
  for (const [name, value] of meta) {
    if (!name.includes("#") && !name.includes(":")) addMissing(metaName(name), value);
  }
  for (let up = resource; up !== undefined; up = up.parent) rulesOf(up).graphMeta(up, all);
  const host = guestHost(action);
  if (host !== undefined) {
    const target = resource?.meta.get("container-attribute-target");
    if (target !== undefined) addMissing(metaName("container-attribute-target"), target);
    addMissing(metaName("physical-host"), host.name);
  }
  return [...all].sort((a, b) => compareText(a[0], b[0]));
}

export function metaName(name: string): string {
  return `CRM_meta_${name.includes("-") ? name.replaceAll("-", "_") : name}`;
}

function downedBy(action: Action): string[] {
  const { node, task, resource } = action;
  if (node === undefined) return [];
  if (task === "do_shutdown") return [node.id];
  if (task === "stonith") {
    const how = action.meta.get("stonith_action");
    return how === "off" || how === "reboot" ? [node.id, ...guestsOn(node)] : [];
  }
  if (resource?.remoteConnection !== true || task !== "stop") return [];
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
