/** What follows from an operation's failure: on-fail, what it may be for which operation, and its defaults. */
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { configError } from "../model/issues.ts";
import { findNode, isRemoteNode } from "../model/nodes.ts";
import type { OnFail, Requirement, Resource } from "../model/types.ts";
import { type Role, role } from "../values/role.ts";
import { intervalOf, isEnabled } from "./operation-config.ts";

/** In ascending severity: the worst of several failures counts. */
const severities: readonly OnFail[] = [
  "ignore",
  "demote",
  "restart",
  "reset-remote",
  "restart-container",
  "ban",
  "block",
  "stop",
  "standby",
  "fence",
];

export function onFailSeverity(of: OnFail): number {
  return severities.indexOf(of);
}

/** The configured value where the operation may have it; a demote takes that of the promoted role's monitor. */
export function validOnFail(
  resource: Resource,
  task: string,
  config: XmlElement | undefined,
  value: string | undefined,
): string | undefined {
  const lower = value?.toLowerCase();
  if (task === "stop" && ["standby", "demote", "stop"].includes(lower ?? "")) {
    configError(resource.cluster, `${resource.id}: on-fail=${value} is not allowed for stop`);
    return undefined;
  }
  if (task === "demote" && value === undefined) return promotedMonitorOnFail(resource);
  if (task === "lrm_delete") return "ignore";
  if (lower === "demote" && !mayDemote(config)) {
    configError(resource.cluster, `${resource.id}: on-fail=demote is not allowed for ${task}`);
    return undefined;
  }
  return value;
}

function promotedMonitorOnFail(resource: Resource): string | undefined {
  let found: string | undefined;
  for (const operation of resource.operations) {
    const onFail = attribute(operation, "on-fail");
    if (onFail === undefined || onFail.toLowerCase() === "demote") continue;
    if (isPromotedMonitor(operation) && isEnabled(operation)) found = onFail;
  }
  return found;
}

function mayDemote(config: XmlElement | undefined): boolean {
  if (config === undefined) return false;
  return attribute(config, "name") === "promote" || isPromotedMonitor(config);
}

function isPromotedMonitor(operation: XmlElement): boolean {
  const roleName = attribute(operation, "role")?.toLowerCase();
  return (
    attribute(operation, "name") === "monitor" &&
    (roleName === "promoted" || roleName === "master") &&
    intervalOf(operation) !== 0
  );
}

export function parseOnFail(
  resource: Resource,
  task: string,
  intervalMs: number,
  value: string | undefined,
): OnFail {
  const explicit = explicitOnFail(resource, task, value);
  const connection =
    resource.remoteConnection &&
    isRemoteNode(findNode(resource.cluster, resource.id)) &&
    !(task === "monitor" && intervalMs === 0) &&
    task !== "start";
  // An unmanaged connection always gets the default.
  if (explicit !== undefined && (!connection || resource.managed)) return explicit;
  return defaultOnFail(resource, task, connection);
}

function explicitOnFail(
  resource: Resource,
  task: string,
  value: string | undefined,
): OnFail | undefined {
  switch (value?.toLowerCase()) {
    case undefined:
      return undefined;
    case "block":
    case "stop":
    case "restart":
    case "demote":
    case "standby":
      return value?.toLowerCase() as OnFail;
    case "fence":
      if (resource.cluster.settings.fencingEnabled) return "fence";
      configError(resource.cluster, `${resource.id}: on-fail=fence of ${task} needs fencing`);
      return "stop";
    case "ignore":
    case "nothing":
      return "ignore";
    case "migrate":
      return "ban";
    case "restart-container":
      return resource.launcher === undefined ? undefined : "restart-container";
    default:
      configError(resource.cluster, `${resource.id}: on-fail '${value}' of ${task} is not valid`);
      return undefined;
  }
}

/** Safety: a failed stop means that nobody knows what runs, so it ends in fencing, or without it in doing nothing. */
function defaultOnFail(resource: Resource, task: string, connection: boolean): OnFail {
  if (resource.launcher !== undefined) return "restart-container";
  if (connection) return resource.managed ? "reset-remote" : "stop";
  if (task !== "stop") return "restart";
  return resource.cluster.settings.fencingEnabled ? "fence" : "block";
}

export function roleAfterFailure(resource: Resource, task: string, onFail: OnFail): Role {
  if (onFail === "stop") return role.stopped;
  if (onFail === "reset-remote" && resource.reconnectMs !== 0) return role.stopped;
  return task === "promote" ? role.unpromoted : role.started;
}

export function requirementOf(resource: Resource, task: string): Requirement {
  if (task !== "start" && task !== "promote") return "nothing";
  if (resource.needsFencing) return "fencing";
  return resource.needsQuorum ? "quorum" : "nothing";
}
