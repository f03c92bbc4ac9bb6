/**
 * What is known of one operation that was run, or is being run, on a node; and how the status section writes it down.
 * The scheduler reads nothing else of the past. Follows Pacemaker 2.1's recording.
 */
import { formatOperationKey, parseTransitionKey } from "../../../formats/cib/operation-key.ts";
import {
  type Parameters,
  parametersDigest,
  restartDigest,
  secureDigest,
} from "../../../formats/cib/parameters-digest.ts";
import { element, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { crmFeatureSet } from "../empty-cib.ts";

/** How an execution ended, as op-status counts it. */
export const opStatus = {
  pending: -1,
  done: 0,
  cancelled: 1,
  timeout: 2,
  notSupported: 3,
  error: 4,
  errorHard: 5,
  errorFatal: 6,
  notInstalled: 7,
  notConnected: 8,
  invalid: 9,
  noFenceDevice: 10,
  noSecrets: 11,
} as const;

/** The return code of what has not ended. */
export const pendingRc = 193;

/** What is recorded where nobody ran anything, and a person said that the resource has failed. */
export const saidToFail = "asyncmon";

/** OCF's: it runs, or is promoted, but may fail soon. */
const degradedRc = 190;
const degradedPromotedRc = 191;

export type StatusNode = { readonly id: string; readonly uname: string };

export type OperationResult = {
  readonly node: StatusNode;
  readonly resource: string;
  readonly agent: { readonly class: string; readonly provider?: string; readonly type: string };
  /** start, stop, monitor, migrate_to … */
  readonly action: string;
  /** 0 unless it recurs. */
  readonly intervalMs: number;
  readonly rc: number;
  /** One of `opStatus`. */
  readonly opStatus: number;
  /** Counts up on each node; -1 while pending. */
  readonly callId: number;
  /** ACTION:TRANSITION:TARGET_RC:UUID of the transition that asked for it. */
  readonly transitionKey: string;
  /** One sentence; empty when all is well. */
  readonly exitReason?: string;
  /** Seconds since 1970 when the result became what it is. */
  readonly lastRcChangeS?: number;
  readonly execMs?: number;
  readonly queueMs?: number;
  /** The parameters it was given; CRM_meta_timeout (ms) among them where it recurs. */
  readonly parameters: Parameters;
  /** Parameters whose change needs a restart, where the agent can reload the others. */
  readonly restartParameters?: readonly string[];
  /** Parameters that are secret. */
  readonly secretParameters?: readonly string[];
  /** The nodes of a migration, by name. */
  readonly migration?: { readonly source: string; readonly target: string };
};

type OperationEnd = Pick<OperationResult, "rc" | "opStatus" | "transitionKey">;

/** What an agent is asked beside what it is for; a history of it would only hide what was done to the resource. */
const unrecorded: ReadonlySet<string> = new Set(["notify", "meta-data", "validate-all"]);

export function isRecorded(result: Pick<OperationResult, "action" | "opStatus">): boolean {
  // That a remote node was not reached says nothing of the resource; its connection's own failure is recorded.
  return !unrecorded.has(result.action) && result.opStatus !== opStatus.notConnected;
}

/** What a degraded result means for the cluster: the resource is active, or promoted; a person should look at it. */
export function effectiveRc(rc: number): number {
  if (rc === degradedRc) return 0;
  return rc === degradedPromotedRc ? 8 : rc;
}

export function isDegraded({ rc, opStatus: status }: OperationEnd): boolean {
  return status === opStatus.done && effectiveRc(rc) !== rc;
}

/** Whether it counts as failed. A degraded result does not, though it is recorded as a failure is. */
export function isCountedAsFailure(result: OperationEnd): boolean {
  return isFailure({ ...result, rc: effectiveRc(result.rc) });
}

/** Whether it is recorded as failed: it ended badly, or with another return code than the transition expected. */
export function isFailure(result: OperationEnd): boolean {
  switch (result.opStatus) {
    case opStatus.pending:
    case opStatus.cancelled:
      return false;
    case opStatus.done:
      return result.rc !== (parseTransitionKey(result.transitionKey)?.targetRc ?? 0);
    default:
      return true;
  }
}

/**
 * The records of a result. A recurring operation and a migration have one of their own, everything else is the
 * resource's last; a failure is kept beside it until it is cleaned up.
 */
export function operationRecords(result: OperationResult): readonly XmlElement[] {
  return recordIds(result).map((id) => record(result, id));
}

function recordIds(result: OperationResult): readonly string[] {
  const { resource, intervalMs } = result;
  const last = formatOperationKey({ resource, action: "last", intervalMs: 0 });
  if (result.migration !== undefined) return [keyOf(result)];
  if (isFailure(result)) {
    const failure = formatOperationKey({ resource, action: "last_failure", intervalMs: 0 });
    return intervalMs > 0 ? [failure] : [failure, last];
  }
  return [intervalMs > 0 ? keyOf(result) : last];
}

function record(result: OperationResult, id: string): XmlElement {
  const { migration, lastRcChangeS } = result;
  const times = {
    "last-rc-change": String(lastRcChangeS),
    "exec-time": String(result.execMs ?? 0),
    "queue-time": String(result.queueMs ?? 0),
  };
  return element("lrm_rsc_op", {
    id,
    operation_key: keyOf(result),
    operation: taskOf(result),
    crm_feature_set: crmFeatureSet,
    "transition-key": result.transitionKey,
    "transition-magic": `${result.opStatus}:${result.rc};${result.transitionKey}`,
    "exit-reason": result.exitReason ?? "",
    on_node: result.node.uname,
    "call-id": String(result.callId),
    "rc-code": String(result.rc),
    "op-status": String(result.opStatus),
    interval: String(result.intervalMs),
    ...(lastRcChangeS !== undefined && times),
    ...(migration && { migrate_source: migration.source, migrate_target: migration.target }),
    ...digests(result),
  });
}

function digests(result: OperationResult): Record<string, string> {
  const { parameters, intervalMs, restartParameters, secretParameters } = result;
  const all = { "op-digest": parametersDigest(parameters, intervalMs) };
  const restart = restartParameters && {
    "op-force-restart": wordList(restartParameters),
    "op-restart-digest": restartDigest(parameters, restartParameters),
  };
  const secure = secretParameters?.length && {
    "op-secure-params": wordList(secretParameters),
    "op-secure-digest": secureDigest(parameters, secretParameters),
  };
  // A recurring monitor is never reloaded.
  return { ...all, ...(intervalMs === 0 && restart), ...(secure || {}) };
}

/** Blanks on both sides: readers look for " NAME ". */
function wordList(names: readonly string[]): string {
  return names.length === 0 ? "" : ` ${names.join("  ")} `;
}

/** A reload that went well counts as a start, and one that failed as a monitor. */
function taskOf(result: OperationResult): string {
  if (result.action !== "reload" && result.action !== "reload-agent") return result.action;
  return result.opStatus === opStatus.done ? "start" : "monitor";
}

function keyOf(result: OperationResult): string {
  const { resource, intervalMs } = result;
  return formatOperationKey({ resource, action: taskOf(result), intervalMs });
}
