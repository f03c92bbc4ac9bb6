/**
 * The working model of one scheduling run: nodes, resources, actions and what relates them. It is built from the
 * CIB by unpack/, then each pass (score/, place/, order/, graph/) fills in what it decides. It lives for one call
 * of schedule() and is never shared, so it is mutable where the CIB is not.
 *
 * Lists called "newest first" are read from their end: a later decision about the same thing comes before an earlier one.
 */
import type { PlacementChoice } from "../../../decision/reasons.ts";
import type { ScoreLine, UtilizationLine } from "../../../decision/transition.ts";
import type { XmlElement } from "../../../formats/xml/xml-element.ts";
import type { Role } from "../values/role.ts";

export type NodeKind = "member" | "remote";

/** How a resource is probed on a node: a stronger mode wins over a weaker one. */
export type Discovery = 0 | 1 | 2;
export const discovery: { readonly always: 0; readonly never: 1; readonly exclusive: 2 } = {
  always: 0,
  never: 1,
  exclusive: 2,
};

export type ClusterNode = {
  readonly id: string;
  readonly name: string;
  readonly kind: NodeKind;
  /** Node attributes, permanent and transient. */
  readonly attributes: Map<string, string>;
  /** Remaining capacity; assigned resources take from it. */
  readonly capacity: Map<string, number>;
  online: boolean;
  unclean: boolean;
  shutdown: boolean;
  pending: boolean;
  maintenance: boolean;
  standby: boolean;
  standbyByFailure: boolean;
  seen: boolean;
  expectedUp: boolean;
  probesAllowed: boolean;
  historyRead: boolean;
  /** A guest whose container must be recovered, or a remote node that must be fenced. */
  remoteReset: boolean;
  remoteFenced: boolean;
  /** What the node's state says about maintenance (remote nodes are told by the graph). */
  remoteMaintenance: boolean;
  /** Primitives active on the node, in the order in which they were found. */
  readonly running: Resource[];
  /** Sum of the priorities of what runs there, for priority-fencing-delay. */
  priority: number;
  assignedCount: number;
  /** The remote connection that makes this node. */
  connection: Resource | undefined;
  /** The node's own score: that of its <node>, or -INFINITY when it cannot run anything. */
  base: Candidate;
  readonly digests: Map<string, ParameterDigests>;
  /** Why the node is as it is, for people: lost, standby, no quorum … */
  whyUnclean: string | undefined;
};

/** A node as one resource sees it. */
export type Candidate = {
  readonly node: ClusterNode;
  score: number;
  /** How many instances of a clone the placement has put there so far. */
  count: number;
  discovery: Discovery;
};

/** By node id. */
export type Candidates = Map<string, Candidate>;

export type Variant = "primitive" | "group" | "clone" | "bundle";

export type MultipleActive = "stop_start" | "stop_only" | "block" | "stop_unexpected";

export type Resource = {
  readonly cluster: Cluster;
  /** With the instance number of a clone ("r:0"). */
  readonly id: string;
  readonly variant: Variant;
  /** The configuration, expanded from its template. */
  readonly xml: XmlElement;
  /** Its <op> elements. */
  readonly operations: readonly XmlElement[];
  readonly parent: Resource | undefined;
  readonly children: Resource[];
  readonly meta: Map<string, string>;
  readonly utilization: Map<string, number>;
  readonly paramsByNode: Map<string, ReadonlyMap<string, string>>;
  /** Without rules the parameters are the same everywhere; undefined until it was asked. */
  paramsHaveRules: boolean | undefined;
  /** The id under which the status section knows this instance, when it is another. */
  historyId: string | undefined;
  priority: number;
  promotionPriority: number;
  /** The role at the start of the transition. */
  role: Role;
  nextRole: Role;
  stickiness: number;
  failureTimeoutMs: number;
  migrationThreshold: number;
  reconnectMs: number;
  multipleActive: MultipleActive;
  pendingTask: string | undefined;
  pendingNode: ClusterNode | undefined;
  lockTime: number;
  lockNode: ClusterNode | undefined;
  /** Newest first. */
  readonly actions: Action[];
  /** The same by their keys. */
  readonly actionsByKey: Map<string, SameKey>;
  /** The keys of its one-off actions by their tasks. */
  readonly taskKeys: Map<string, string>;
  /** What is known of its operations; see actions/operation-template.ts. */
  readonly operationTemplates: OperationTemplate[];
  /** The resource inside which this one runs (guest nodes, bundles, the container meta-attribute). */
  launcher: Resource | undefined;
  readonly launched: Resource[];
  /** Where a primitive shall be at the end of the transition. */
  assigned: ClusterNode | undefined;
  /** The score that the node had when it was chosen. */
  assignedScore: number;
  /** Why that node and not the next best; undefined if it was not chosen by comparing nodes. */
  choice: PlacementChoice | undefined;
  readonly active: ClusterNode[];
  /** Ids of the nodes on which the resource's state is known. */
  readonly probed: Set<string>;
  allowed: Candidates;
  partialMigrationSource: ClusterNode | undefined;
  partialMigrationTarget: ClusterNode | undefined;
  /** Sources of migrations that ended without a stop there; newest first. */
  readonly danglingSources: ClusterNode[];
  /** Colocations of others with this, and of this with others; sorted by the partner's importance. */
  readonly withThis: Colocation[];
  readonly thisWith: Colocation[];
  /** Location constraints on this resource; newest first. */
  readonly locations: Location[];
  readonly tickets: TicketConstraint[];
  readonly group: GroupTraits | undefined;
  readonly clone: CloneTraits | undefined;
  bundle: BundleTraits | undefined;
  removed: boolean;
  /** Removed from the configuration while its container is still known. */
  removedLaunched: boolean;
  managed: boolean;
  blocked: boolean;
  notify: boolean;
  /** Not an instance of an anonymous clone. */
  unique: boolean;
  fenceDevice: boolean;
  promotable: boolean;
  unassigned: boolean;
  assigning: boolean;
  updatingNodes: boolean;
  restarting: boolean;
  stopIfFailed: boolean;
  reload: boolean;
  remoteNestingAllowed: boolean;
  critical: boolean;
  failed: boolean;
  remoteConnection: boolean;
  startPending: boolean;
  exclusiveDiscovery: boolean;
  stopUnexpected: boolean;
  migratable: boolean;
  failureIgnored: boolean;
  replicaContainer: boolean;
  maintenance: boolean;
  needsQuorum: boolean;
  needsFencing: boolean;
  needsUnfencing: boolean;
};

/** The actions of one key, oldest first, and their nodes, so that a node's is found without looking at each action. */
export type SameKey = {
  readonly actions: Action[];
  readonly nodes: (ClusterNode | undefined)[];
};

/** Meta-attributes by their names. Many actions share one such map, which therefore is never changed. */
export type ActionMeta = ReadonlyMap<string, string>;

/** What all actions of one operation begin with. */
export type OperationTemplate = {
  readonly task: string;
  readonly intervalMs: number;
  /** It notifies of another operation, which may be configured as "notify". */
  readonly notifies: boolean;
  readonly config: XmlElement | undefined;
  readonly meta: ActionMeta;
};

export type GroupTraits = { readonly ordered: boolean; readonly colocated: boolean };

export type CloneTraits = {
  max: number;
  nodeMax: number;
  readonly promotedMax: number;
  readonly promotedNodeMax: number;
  readonly ordered: boolean;
  /** The element that is cloned. */
  readonly child: XmlElement;
  /** Instances made so far, also those beyond clone-max. */
  made: number;
  /** Promotion scores are added to the nodes' scores once. */
  promotionAdded: boolean;
  promotionSorted: boolean;
  notifications: CloneNotifications | undefined;
};

/** The four notification sequences of a clone, one for each action it announces. */
export type CloneNotifications = {
  stop: Notification | undefined;
  start: Notification | undefined;
  demote: Notification | undefined;
  promote: Notification | undefined;
};

export type NotifyEntry = { readonly resource: Resource; readonly node: ClusterNode | undefined };

export type Notification = {
  /** The task that is announced. */
  readonly task: string;
  pre: Action | undefined;
  preDone: Action | undefined;
  post: Action | undefined;
  postDone: Action | undefined;
  /** What every notify action is told, as CRM_meta_notify_*. */
  readonly keys: Map<string, string>;
  readonly lists: Record<NotifyList, NotifyEntry[]>;
};

export type NotifyList =
  | "start"
  | "stop"
  | "promote"
  | "demote"
  | "active"
  | "inactive"
  | "unpromoted"
  | "promoted";

export type BundleTraits = {
  readonly promotedMax: number;
  readonly replicasMax: number;
  readonly replicasPerHost: number;
  readonly engine: string;
  readonly image: string;
  readonly replicas: Replica[];
  /** The clone of the primitive inside, when there is one. */
  child: Resource | undefined;
};

export type Replica = {
  readonly bundle: Resource;
  readonly offset: number;
  readonly address: string | undefined;
  /** The instance of the primitive inside. */
  readonly child: Resource | undefined;
  readonly container: Resource;
  readonly ip: Resource | undefined;
  /** The connection to the container's node. */
  remote: Resource | undefined;
  node: ClusterNode | undefined;
};

export type Requirement = "nothing" | "quorum" | "fencing";

/** What follows from an operation's failure, in ascending severity. */
export type OnFail =
  | "ignore"
  | "demote"
  | "restart"
  | "reset-remote"
  | "restart-container"
  | "ban"
  | "block"
  | "stop"
  | "standby"
  | "fence";

export type Action = {
  readonly cluster: Cluster;
  readonly id: number;
  /** RESOURCE_TASK_INTERVAL, or the name of an action that belongs to no resource. */
  readonly key: string;
  task: string;
  cancelTask: string | undefined;
  readonly resource: Resource | undefined;
  node: ClusterNode | undefined;
  readonly config: XmlElement | undefined;
  /** A set of actionFlag. */
  flags: number;
  reason: string | undefined;
  needs: Requirement;
  readonly onFail: OnFail;
  readonly failRole: Role;
  /** Changed by setMeta. */
  meta: ActionMeta;
  /** The operation's own instance attributes, evaluated for the node. */
  params: ReadonlyMap<string, string>;
  priority: number;
  runnableBefore: number;
  requiredRunnableBefore: number;
  /** Newest first. */
  before: Edge[];
  after: Edge[];
};

/** One end of an ordering between two actions: the action at the other end and how the two hang together. */
export type Edge = { readonly action: Action; flags: number; graphed: boolean };

export type Colocation = {
  readonly id: string;
  readonly score: number;
  readonly dependent: Resource;
  readonly primary: Resource;
  readonly dependentRole: Role;
  readonly primaryRole: Role;
  /** The node attribute whose values must match. */
  readonly attribute: string;
  readonly influence: boolean;
  /** Written by the user, not implied by a group or container. */
  readonly explicit: boolean;
};

export type Location = {
  readonly id: string;
  /** In words, where it is not in the configuration. */
  why: string | undefined;
  readonly resource: Resource;
  role: Role;
  readonly discovery: Discovery;
  /** Newest first. */
  nodes: Candidate[];
};

/** An ordering of two actions that may not exist yet: by resource and key, or the action itself. */
export type Ordering = {
  readonly flags: number;
  readonly firstResource: Resource | undefined;
  readonly firstKey: string | undefined;
  readonly first: Action | undefined;
  readonly nextResource: Resource | undefined;
  readonly nextKey: string | undefined;
  readonly next: Action | undefined;
};

export type LossPolicy = "stop" | "demote" | "fence" | "freeze";

export type Ticket = {
  readonly id: string;
  granted: boolean;
  standby: boolean;
  readonly state: Map<string, string>;
};

export type TicketConstraint = {
  readonly id: string;
  readonly ticket: Ticket;
  readonly lossPolicy: LossPolicy;
  readonly role: Role;
};

export type DigestVerdict = "unknown" | "match" | "mismatch" | "restart";

export type ParameterDigests = {
  verdict: DigestVerdict;
  readonly all: string;
  readonly secure: string | undefined;
  readonly restart: string | undefined;
};

export type NoQuorumPolicy = "ignore" | "freeze" | "stop" | "fence" | "demote";

export type Settings = {
  readonly quorate: boolean;
  readonly noQuorumPolicy: NoQuorumPolicy;
  readonly symmetric: boolean;
  readonly maintenance: boolean;
  readonly fencingEnabled: boolean;
  readonly fencingAction: string;
  readonly startupFencing: boolean;
  readonly concurrentFencing: boolean;
  readonly priorityFencingDelayMs: number;
  readonly unfencing: boolean;
  readonly stopRemoved: boolean;
  readonly cancelRemoved: boolean;
  readonly stopAll: boolean;
  readonly startFailureFatal: boolean;
  readonly shutdownLock: boolean;
  readonly shutdownLockMs: number;
  readonly probes: boolean;
  readonly fenceRemoteWithoutQuorum: boolean;
  readonly nodePendingMs: number;
  readonly placementStrategy: string;
};

/** A failed operation that the status section records, as crm_mon shows it. */
export type FailedOperation = {
  readonly resource: Resource;
  readonly node: ClusterNode;
  readonly xml: XmlElement;
};

/** Something in the configuration that is ignored, replaced or will not do what it says. */
export type Issue = { readonly severity: "error" | "warning"; readonly message: string };

/** One change of a resource's score on a node, with the rule that made it. */
export type ScoreNote = {
  readonly resource: Resource;
  readonly node: ClusterNode;
  readonly score: number;
  readonly why: string;
};

export type ParameterCheck = {
  readonly resource: Resource;
  readonly node: ClusterNode;
  readonly xml: XmlElement;
  readonly kind: "last-failure" | "active";
};

/** By node name, then by resource id: the <lrm_resource> elements (more than one only in a damaged CIB). */
export type HistoryIndex = Map<string, Map<string, XmlElement[]>>;

export type Cluster = {
  readonly input: XmlElement;
  /** Seconds since 1970. */
  readonly now: number;
  /** Secret parameters may be masked in the input: a difference in them alone does not count. */
  readonly sanitized: boolean;
  readonly options: Map<string, string>;
  settings: Settings;
  haveFencing: boolean;
  haveRemoteNodes: boolean;
  /** Sorted by name. */
  readonly nodes: ClusterNode[];
  readonly nodesByName: Map<string, ClusterNode>;
  dc: ClusterNode | undefined;
  resources: Resource[];
  readonly templates: Map<string, string[]>;
  readonly tags: Map<string, string[]>;
  readonly tickets: Map<string, Ticket>;
  /** Newest first. */
  readonly actions: Action[];
  readonly singletons: Map<string, Action>;
  /** What became of an action's meta-attributes by setting one of them: by its name, then its value. */
  readonly changedMeta: Map<ActionMeta, Map<string, Map<string, ActionMeta>>>;
  nextActionId: number;
  readonly locations: Location[];
  readonly colocations: Colocation[];
  /** How often preferences were followed through a colocation in this run. */
  preferencesFollowed: number;
  readonly orderings: Ordering[];
  readonly failed: FailedOperation[];
  /** Restart digests that must not match, because the failure they belong to expired. */
  readonly spoiledDigests: Set<XmlElement>;
  readonly parameterChecks: ParameterCheck[];
  readonly stopNeeded: Resource[];
  readonly elementsById: Map<string, XmlElement[]>;
  /** Made when it is first needed: see unpack/history/lrm-entries.ts. */
  history: HistoryIndex | undefined;
  rscDefaults: XmlElement | undefined;
  opDefaults: XmlElement | undefined;
  healthScores: { readonly red: number; readonly yellow: number; readonly green: number };
  /** Seconds since 1970; 0 = not needed. */
  recheckBy: number;
  readonly issues: Issue[];
  readonly notes: ScoreNote[];
  readonly scores: ScoreLine[];
  readonly utilization: UtilizationLine[];
  readonly rules: Readonly<Record<Variant, VariantRules>>;
};

/** What differs between primitives, groups, clones and bundles; each is a file set of its own. */
export type VariantRules = {
  /** Chooses a node for the resource and what is in it; `prefer` wins among equals. */
  readonly assign: (
    resource: Resource,
    prefer: ClusterNode | undefined,
    stopIfFail: boolean,
  ) => ClusterNode | undefined;
  readonly createActions: (resource: Resource) => void;
  readonly createProbe: (resource: Resource, node: ClusterNode) => boolean;
  readonly internalConstraints: (resource: Resource) => void;
  /** Applies a colocation to the dependent's scores or priority; the change of priority is returned. */
  readonly applyColocation: (
    dependent: Resource,
    primary: Resource,
    colocation: Colocation,
    forDependent: boolean,
  ) => number;
  readonly colocatedResources: (
    resource: Resource,
    origin: Resource | undefined,
    found: Resource[],
  ) => Resource[];
  readonly withThisColocations: (resource: Resource, origin: Resource, list: Colocation[]) => void;
  readonly thisWithColocations: (resource: Resource, origin: Resource, list: Colocation[]) => void;
  readonly addColocatedScores: (request: ColocatedScores) => Candidates | undefined;
  readonly applyLocation: (resource: Resource, location: Location) => void;
  readonly actionFlags: (action: Action, node: ClusterNode | undefined) => number;
  readonly updateOrdered: (update: OrderedUpdate) => number;
  readonly addUtilization: (
    resource: Resource,
    origin: Resource,
    all: readonly Resource[],
    sum: Map<string, number>,
  ) => void;
  readonly shutdownLock: (resource: Resource) => void;
  readonly collectActions: (resource: Resource, add: (action: Action) => void) => void;
  /** Attributes that the graph's actions get from the resource (CRM_meta_*). */
  readonly graphMeta: (resource: Resource, attributes: Map<string, string>) => void;
};

export type ColocatedScores = {
  readonly source: Resource;
  readonly target: Resource | undefined;
  readonly nodes: Candidates | undefined;
  readonly colocation: Colocation | undefined;
  readonly factor: number;
  /** A set of colocationSelect. */
  readonly select: number;
};

export const colocationSelect: {
  readonly active: 1;
  readonly nonnegative: 2;
  readonly thisWith: 4;
} = { active: 1, nonnegative: 2, thisWith: 4 };

export type OrderedUpdate = {
  readonly first: Action;
  readonly next: Action;
  readonly node: ClusterNode | undefined;
  readonly flags: number;
  readonly filter: number;
  readonly type: number;
};
