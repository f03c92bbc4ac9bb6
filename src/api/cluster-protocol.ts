/**
 * The control protocol of holdfastd, on /run/holdfast/holdfastd.sock: the methods with their parameters and results,
 * and the events of those who watch. The methods of `CibMethods` need no daemon: they work on a CIB in a file too. What
 * is refused comes back as an error with the exit code that the field's own tool would give.
 */

import type { Reasons } from "../decision/reasons.ts";
import type {
  ScoreLine,
  SimulationReport,
  Supposition,
  UtilizationLine,
} from "../decision/transition.ts";
import type { AgentNamesQuery, AgentRun, AgentRunParams, AgentSpec } from "./cluster-agents.ts";
import type { CibRemark, CibVerdict } from "./cluster-cib.ts";
import type { ResourceConstraints } from "./cluster-constraints.ts";
import type { GuestRow } from "./cluster-guest.ts";
import type { ClusterNotice } from "./cluster-notice.ts";
import type { SavedChanges, SplitBrainSituation } from "./cluster-resolve.ts";
import type { ClusterSnapshot } from "./cluster-snapshot.ts";
import type { WhyReport } from "./cluster-why.ts";
import type { KeptFiles } from "./kept-files.ts";

/** Who asks for a change: written into the CIB. */
export type By = {
  /** The command: "cibadmin". */
  readonly client: string;
  readonly user: string;
};

/** Where in the CIB: a section by the name of cibadmin's --scope ("all" without one), or an XPath expression. */
export type Where = { readonly section: string } | { readonly xpath: string };

export type Changed = {
  /** Of the CIB after the change: admin_epoch.epoch.num_updates. */
  readonly version: string;
  readonly touched: "configuration" | "status" | "nothing";
  readonly remarks: readonly CibRemark[];
};

type ChangeParams<P> = P & { by: By };

export type CibChangeParams = {
  operation: "create" | "modify" | "replace" | "delete" | "delete-all" | "patch";
  at: Where;
  /** The element as text; absent where an XPath expression says what is deleted. */
  xml?: string;
  /** What the text is called in messages: the file's name. */
  source?: string;
  allowCreate?: boolean;
};

/** `source`: what it is called in messages. */
export type XmlText = { readonly xml: string; readonly source: string };

export type SimulateParams = {
  xml?: string;
  source?: string;
  /** Taken for now: ISO 8601. */
  date?: string;
  suppositions?: readonly Supposition[];
  /** Operations that fail if they are run: RESOURCE_TASK_INTERVAL@NODE=RC. */
  failing?: readonly string[];
  /** Neither brought up to date nor checked first. */
  asItIs?: boolean;
  snapshots?: boolean;
  /** The picture has also what is not done. */
  allActions?: boolean;
};

/** The last four are texts: XML of the transition graph, Graphviz, XML of the CIB decided about and of the one after. */
export type SimulatedTransition = {
  readonly report: SimulationReport;
  readonly reasons: Reasons;
  readonly scores: readonly ScoreLine[];
  readonly utilization: readonly UtilizationLine[];
  /** How the cluster was and would be, in full; where it was asked for. */
  readonly snapshots?: { readonly before: ClusterSnapshot; readonly after: ClusterSnapshot };
  readonly graph: string;
  readonly dot: string;
  readonly input: string;
  readonly output: string;
};

/** What a resource's value belongs to. */
export type ParameterSetName = "instance_attributes" | "meta_attributes" | "utilization";

export type ParameterParams = {
  resource: string;
  name: string;
  set: ParameterSetName;
  setId?: string;
  pairId?: string;
  force?: boolean;
};

export type AttributeScopeParams =
  | { section: "crm_config" | "rsc_defaults" | "op_defaults" }
  /** `utilization`: what the node offers, not what it is. */
  | { section: "nodes" | "status"; node: string; utilization?: boolean };

/** What fits everything that is given; `pattern` is an extended regular expression over names. */
export type AttributeParams = {
  scope: AttributeScopeParams;
  name?: string;
  pattern?: string;
  setId?: string;
  pairId?: string;
};

export type AttributeRow = { readonly id: string; readonly name: string; readonly value: string };

export type ResourceDigests = {
  readonly task: string;
  readonly intervalMs: number;
  readonly digests: readonly {
    readonly of: "all" | "nonprivate" | "nonreloadable";
    readonly hash: string;
    readonly parameters: Readonly<Record<string, string>>;
  }[];
};

/** Whether a rule's date has come or passed; or why that cannot be told. */
export type CheckedRule = {
  readonly effect: "before" | "within" | "after" | "missing" | "invalid" | "unclear";
  /** It holds at times that come again. */
  readonly recurs?: boolean;
  /** A clause. */
  readonly why?: string;
};

export type MoveParams = {
  resource: string;
  node?: string;
  lifetime?: string;
  force?: boolean;
  promotedOnly?: boolean;
};

export type CleanupParams = {
  resource?: string;
  node?: string;
  operation?: { action: string; intervalMs: number };
  /** Also what never failed is forgotten, and so probed anew. */
  everything?: boolean;
};

/**
 * Each method takes also `as`, the name of a user whose access rules it shall keep to. Only root may ask so; whoever is
 * not root is known by the socket, and restricted by the rules for the own name.
 */
export type CibMethods = {
  "cib-query": {
    params: { at: Where; noChildren?: boolean; nodePath?: boolean };
    result: { text: string };
  };
  "cib-change": { params: ChangeParams<CibChangeParams>; result: Changed };
  "cib-erase": { params: { by: By }; result: Changed };
  "cib-bump": { params: { by: By }; result: Changed };
  /** `upgraded` is false where there was nothing old. */
  "cib-upgrade": { params: { by: By }; result: Changed & { upgraded: boolean } };
  /** Of the given text, or of the CIB itself. */
  "cib-digest": {
    params: { xml?: string; source?: string; onDisk?: boolean };
    result: { digest: string };
  };
  /** The CIB of a new cluster, as text. */
  "cib-empty": { params: { epoch?: number; schema?: string }; result: { text: string } };
  /** What a user may do with each element, for people or, by namespaces, for programs. Only root may ask. */
  "cib-access": {
    params: { at: Where; user: string; form: "text" | "color" | "namespace" };
    result: { text: string };
  };
  /** Of the given text, or of the CIB itself. */
  "cib-verify": { params: { xml?: string; source?: string }; result: CibVerdict };
  /** The fence devices, by their names, that can fence the node or have to be asked whether they can. */
  "fence-devices": { params: { node: string }; result: { devices: readonly string[] } };
  /**
   * The parameters by whose digests the cluster knows that a resource's definition has changed, of its last operation on
   * a node. `overrides`: values in the place of those that are configured.
   */
  "resource-digests": {
    params: { resource: string; node: string; overrides: Readonly<Record<string, string>> };
    result: ResourceDigests;
  };
  /** Of the given text, or of the CIB itself; `date` (ISO 8601) is taken for now. */
  "check-rule": {
    params: { rule: string; date?: string; xml?: string; source?: string };
    result: CheckedRule;
  };
  /** Decides about the given text, or the CIB itself, and simulates the transition; nothing is changed. */
  "cib-simulate": { params: SimulateParams; result: SimulatedTransition };
  /** Two CIBs compared: a patch of Pacemaker's format 2, empty when they are the same. */
  "cib-diff": {
    params: { original: XmlText; other: XmlText; versions: boolean; digest: boolean };
    result: { text: string };
  };
  /** The CIB as the patch makes it. */
  "cib-patched": { params: { original: XmlText; patch: XmlText }; result: { text: string } };

  "resource-xml": { params: { resource: string; raw: boolean }; result: { text: string } };
  /** `itself`: of this resource, also where it is part of another. */
  "resource-constraints": {
    params: { resource: string; itself: boolean };
    result: ResourceConstraints;
  };
  "get-parameter": { params: ParameterParams; result: { value: string | null } };
  "set-parameter": { params: ChangeParams<ParameterParams & { value: string }>; result: Changed };
  "delete-parameter": { params: ChangeParams<ParameterParams>; result: Changed };
  move: { params: ChangeParams<MoveParams>; result: Changed };
  ban: { params: ChangeParams<MoveParams>; result: Changed };
  clear: {
    params: ChangeParams<{ resource: string; node?: string; expiredOnly?: boolean }>;
    result: Changed;
  };
  cleanup: { params: ChangeParams<CleanupParams>; result: Changed };
  "delete-fail-counts": { params: ChangeParams<CleanupParams>; result: Changed };

  "find-attributes": { params: AttributeParams; result: { found: readonly AttributeRow[] } };
  "set-attribute": { params: ChangeParams<AttributeParams & { value: string }>; result: Changed };
  "delete-attribute": { params: ChangeParams<AttributeParams>; result: Changed };
  "get-standby": { params: { node: string }; result: { value: string; lifetime: string } };
  "set-standby": {
    params: ChangeParams<{ node: string; on: boolean; lifetime: "reboot" | "forever" }>;
    result: Changed;
  };
  "delete-standby": {
    params: ChangeParams<{ node: string; lifetime?: "reboot" | "forever" }>;
    result: Changed;
  };

  /**
   * What the scheduler is given, as text: on the running cluster with the disks that are not ready, and the nodes that
   * are left alone. Only `dc` knows all that; on another node it is not whole.
   */
  "scheduler-input": {
    params: Record<string, never>;
    result: { text: string; isWhole: boolean; dc: string | null };
  };
  status: { params: Record<string, never>; result: ClusterSnapshot };
  /** Of one resource, or of all. */
  why: { params: { resource?: string; node?: string }; result: WhyReport };
};

/** About the agents of the node on which it is asked, with the cluster or without. */
export type AgentMethods = {
  "agent-names": { params: AgentNamesQuery; result: { names: readonly string[] } };
  /** Null where the agent has none, or is not there. */
  "agent-metadata": { params: { agent: AgentSpec }; result: { text: string | null } };
  /** Only root may ask: the cluster is passed over. */
  "run-agent": { params: AgentRunParams; result: AgentRun };
};

/** What only a running cluster can do. */
export type LiveMethods = {
  /** The notices that are kept, oldest first; then an event `notice` for each that follows. */
  "watch-notices": { params: { last?: number }; result: { notices: readonly ClusterNotice[] } };
  /** From now on an event `changed` whenever `status` would give something else. */
  "watch-status": { params: Record<string, never>; result: null };
  /** Answers when the cluster has nothing to do any more. */
  "wait-idle": { params: { timeoutMs?: number }; result: null };

  /** A transition that another node decided, and keeps; and who could not be asked. */
  "kept-transition": {
    params: { number: number };
    result: { found?: KeptFiles; asked: readonly string[]; unasked: readonly string[] };
  };
  fence: {
    params: { node: string; action: "off" | "on" | "reboot"; by: By };
    result: { message: string };
  };
  /** A person says, by name, that a node is off. */
  "confirm-off": { params: { node: string; by: By }; result: { message: string } };
  /** A person says, by name, to go on with this node's copy and lose what it lacks. */
  "use-copy": {
    params: { drbdResource: string; node?: string; by: By };
    result: { message: string };
  };
  /** What both nodes know of a DRBD resource's split brain. Changes nothing. */
  "split-brain": { params: { drbdResource: string }; result: SplitBrainSituation };
  /** A person says whose copy is kept. Events `resolve-step` tell in words what is done. */
  resolve: { params: { drbdResource: string; keep: string; by: By }; result: SavedChanges };
  /** Brings back what the last `resolve`, or undo, has overwritten. */
  "resolve-undo": {
    params: { drbdResource: string; force?: boolean; by: By };
    result: SavedChanges;
  };
  /** Deletes, on both nodes, what `resolve` and undos have saved of a DRBD resource. */
  "resolve-forget": { params: { drbdResource: string; by: By }; result: SavedChanges };
  /** A person says that a resource has failed where it runs. */
  "fail-resource": {
    params: { resource: string; node: string; by: By };
    result: { message: string };
  };
  /** Moves the guests away from this node, leaves the cluster and ends the daemon. */
  leave: { params: { by: By }; result: null };

  "guest-list": { params: Record<string, never>; result: { guests: readonly GuestRow[] } };
  "guest-create": { params: { file: string; by: By; force?: boolean }; result: { name: string } };
  "guest-shutdown": { params: { name: string; by: By }; result: { remark: string } };
  "guest-destroy": { params: { name: string; by: By }; result: { remark: string } };
  /** The unix socket of the guest's console. */
  "guest-console": { params: { name: string }; result: { socketPath: string } };
};

export type ClusterMethods = CibMethods & AgentMethods & LiveMethods;

export type ClusterEvents = {
  notice: ClusterNotice;
  changed: null;
  "resolve-step": string;
};
