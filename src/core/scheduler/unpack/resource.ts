/** One resource element -> Resource, with its children. */
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import { intervalMsOr } from "../../../formats/cib/interval.ts";
import {
  attribute,
  child,
  childrenNamed,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { agentTraits, isRemoteAgent } from "../model/agents.ts";
import { configError } from "../model/issues.ts";
import { isClone, topResource } from "../model/resources.ts";
import { addScoreEverywhere } from "../model/scoring.ts";
import { targetRole } from "../model/target-role.ts";
import type { Cluster, Resource, Variant } from "../model/types.ts";
import { role } from "../values/role.ts";
import { readBundle } from "./bundle.ts";
import { cloneTraits, forceAnonymous, readInstances } from "./clone.ts";
import { groupTraits, readMembers } from "./group.ts";
import { utilizationValue } from "./node-attributes.ts";
import { readBlocks } from "./nvpairs.ts";
import { resolveReference } from "./references.ts";
import { applyRequires } from "./requires.ts";
import { paramsOn, readMeta } from "./resource-meta.ts";
import {
  isUniqueByMeta,
  migrationThreshold,
  multipleActive,
  priorityOf,
  stickinessOf,
} from "./resource-numbers.ts";
import { expandTemplate, noteTemplateUse } from "./template.ts";

const variants: ReadonlySet<string> = new Set(["primitive", "group", "clone", "bundle"]);

/** Undefined (and an issue) if the element makes no resource. */
export function readResource(
  cluster: Cluster,
  given: XmlElement,
  parent: Resource | undefined,
): Resource | undefined {
  const xml = expandTemplate(cluster, normalized(given));
  const id = xml === undefined ? undefined : attribute(xml, "id");
  if (xml === undefined || id === undefined || !variants.has(xml.name)) {
    configError(cluster, `<${given.name}> '${attribute(given, "id") ?? ""}' is no valid resource`);
    return undefined;
  }
  const resource = newResource(cluster, xml, parent);
  readTraits(resource);
  resource.nextRole = targetRole(resource) ?? role.unknown;
  if (!readContents(resource)) return undefined;
  if (cluster.settings.symmetric) addScoreEverywhere(resource, 0, "symmetric_default");
  else if (resource.remoteConnection && resource.meta.has("container")) {
    // The container decides where the connection may be, so it is allowed everywhere.
    addScoreEverywhere(resource, 0, "remote_connection_default");
  }
  const needs = new Map<string, string>();
  readBlocks(cluster, { from: xml, blocks: "utilization", input: { now: cluster.now } }, needs);
  for (const [name, value] of needs) resource.utilization.set(name, utilizationValue(value));
  const template = attribute(given, "template");
  if (template !== undefined) noteTemplateUse(cluster, template, id);
  return resource;
}

/** The old element of promotable clones is a clone that is promotable. */
function normalized(given: XmlElement): XmlElement {
  if (given.name !== "master" && given.name !== "master_slave") return given;
  const promotable: XmlElement = {
    name: "meta_attributes",
    attributes: { id: `${attribute(given, "id")}-promotable`, score: "INFINITY" },
    children: [{ name: "nvpair", attributes: { name: "promotable", value: "true" }, children: [] }],
  };
  return { ...given, name: "clone", children: [...given.children, promotable] };
}

function newResource(cluster: Cluster, xml: XmlElement, parent: Resource | undefined): Resource {
  const number = attribute(xml, "clone");
  const operations = child(xml, "operations");
  const resolved = operations === undefined ? undefined : resolveReference(cluster, operations);
  const meta = readMeta(cluster, xml, parent);
  const variant = xml.name as Variant;
  return {
    ...blank(),
    cluster,
    id:
      number === undefined ? (attribute(xml, "id") as string) : `${attribute(xml, "id")}:${number}`,
    variant,
    xml,
    operations: resolved === undefined ? [] : childrenNamed(resolved, "op"),
    parent,
    meta,
    group: variant === "group" ? groupTraits(meta) : undefined,
    clone: variant === "clone" ? cloneTraits(cluster, xml, meta) : undefined,
    bundle: undefined,
  };
}

/** Everything of a resource that does not come from its element. */
function blank(): Omit<
  Resource,
  | "cluster"
  | "id"
  | "variant"
  | "xml"
  | "operations"
  | "parent"
  | "meta"
  | "group"
  | "clone"
  | "bundle"
> {
  return {
    ...blankLists(),
    ...blankFlags(),
    historyId: undefined,
    priority: 0,
    promotionPriority: 0,
    role: role.stopped,
    nextRole: role.unknown,
    stickiness: 0,
    failureTimeoutMs: 0,
    migrationThreshold: 0,
    reconnectMs: 0,
    multipleActive: "stop_start",
    pendingTask: undefined,
    pendingNode: undefined,
    lockTime: 0,
    lockNode: undefined,
    launcher: undefined,
    assigned: undefined,
    assignedScore: 0,
    choice: undefined,
    partialMigrationSource: undefined,
    partialMigrationTarget: undefined,
  };
}

function blankLists(): Pick<
  Resource,
  | "children"
  | "utilization"
  | "paramsByNode"
  | "paramsHaveRules"
  | "actions"
  | "actionsByKey"
  | "taskKeys"
  | "operationTemplates"
  | "launched"
  | "active"
  | "probed"
  | "allowed"
  | "danglingSources"
  | "withThis"
  | "thisWith"
  | "locations"
  | "tickets"
> {
  return {
    children: [],
    utilization: new Map(),
    paramsByNode: new Map(),
    paramsHaveRules: undefined,
    actions: [],
    actionsByKey: new Map(),
    taskKeys: new Map(),
    operationTemplates: [],
    launched: [],
    active: [],
    probed: new Set(),
    allowed: new Map(),
    danglingSources: [],
    withThis: [],
    thisWith: [],
    locations: [],
    tickets: [],
  };
}

function blankFlags(): Pick<
  Resource,
  | "removed"
  | "removedLaunched"
  | "managed"
  | "blocked"
  | "notify"
  | "unique"
  | "fenceDevice"
  | "promotable"
  | "unassigned"
  | "assigning"
  | "updatingNodes"
  | "restarting"
  | "stopIfFailed"
  | "reload"
  | "remoteNestingAllowed"
  | "critical"
  | "failed"
  | "remoteConnection"
  | "startPending"
  | "exclusiveDiscovery"
  | "stopUnexpected"
  | "migratable"
  | "failureIgnored"
  | "replicaContainer"
  | "maintenance"
  | "needsQuorum"
  | "needsFencing"
  | "needsUnfencing"
> {
  return {
    removed: false,
    removedLaunched: false,
    managed: false,
    blocked: false,
    notify: false,
    unique: false,
    fenceDevice: false,
    promotable: false,
    unassigned: true,
    assigning: false,
    updatingNodes: false,
    restarting: false,
    stopIfFailed: false,
    reload: false,
    remoteNestingAllowed: false,
    critical: false,
    failed: false,
    remoteConnection: false,
    startPending: false,
    exclusiveDiscovery: false,
    stopUnexpected: false,
    migratable: false,
    failureIgnored: false,
    replicaContainer: false,
    maintenance: false,
    needsQuorum: false,
    needsFencing: false,
    needsUnfencing: false,
  };
}

function readTraits(resource: Resource): void {
  const { cluster, meta, xml } = resource;
  resource.priority = priorityOf(resource);
  resource.critical = meta.get("critical") === undefined || booleanOr(meta.get("critical"), false);
  resource.notify = booleanOr(meta.get("notify"), false);
  resource.remoteConnection = isRemoteAgent(xml);
  // A connection to a remote node may move without stopping what runs there; a guest's follows its guest.
  const movable = resource.remoteConnection && !meta.has("container");
  const migrate = meta.get("allow-migrate");
  resource.migratable = booleanOr(migrate, false) || (migrate === undefined && movable);
  readManaged(resource);
  if (isClone(topResource(resource))) {
    resource.unique = isUniqueByMeta(meta);
    resource.promotable = booleanOr(meta.get("promotable"), false);
  } else {
    resource.unique = true;
  }
  resource.multipleActive = multipleActive(resource);
  resource.stickiness = stickinessOf(resource);
  resource.migrationThreshold = migrationThreshold(resource);
  if (attribute(xml, "class")?.toLowerCase() === "stonith") {
    cluster.haveFencing = true;
    resource.fenceDevice = true;
  }
  applyRequires(resource, meta.get("requires"));
  resource.failureTimeoutMs = intervalMsOr(meta.get("failure-timeout"), 0);
  if (movable) readReconnect(resource);
}

function readManaged(resource: Resource): void {
  const { cluster, meta } = resource;
  resource.managed = !cluster.settings.maintenance;
  const managed = meta.get("is-managed");
  if (managed !== undefined && managed.toLowerCase() !== "default") {
    resource.managed = booleanOr(managed, false);
  }
  if (booleanOr(meta.get("maintenance"), false) || cluster.settings.maintenance) {
    resource.managed = false;
    resource.maintenance = true;
  }
}

/** While a connection waits to reconnect it must not start, which its failure ensures until it expires. */
function readReconnect(resource: Resource): void {
  const interval = paramsOn(resource, undefined).get("reconnect_interval");
  if (interval === undefined) return;
  resource.reconnectMs = intervalMsOr(interval, 0);
  resource.failureTimeoutMs = resource.reconnectMs;
}

function readContents(resource: Resource): boolean {
  const readChild = (xml: XmlElement, parent: Resource): Resource | undefined =>
    readResource(resource.cluster, xml, parent);
  switch (resource.variant) {
    case "primitive":
      return checkAgent(resource);
    case "group":
      return readMembers(resource, readChild);
    case "clone":
      return readInstances(resource, readChild);
    case "bundle":
      return readBundle(resource, readChild);
  }
}

/** Not all agents can tell their instances apart, and only OCF agents can be promoted. */
function checkAgent(resource: Resource): boolean {
  const agentClass = attribute(resource.xml, "class");
  const traits = agentTraits(agentClass);
  const top = topResource(resource);
  if (!traits.unique && resource.unique && isClone(top)) forceAnonymous(top, resource);
  if (!traits.promotable && top.promotable) {
    configError(resource.cluster, `${resource.id}: class ${agentClass} cannot be promotable`);
    return false;
  }
  return true;
}
