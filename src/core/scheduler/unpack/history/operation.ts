/** One recorded operation (<lrm_rsc_op>), parsed; what remapping finds out about it is written into it. */
import { parseTransitionKey } from "../../../../formats/cib/operation-key.ts";
import { attribute, type XmlElement } from "../../../../formats/xml/xml-element.ts";
import { opStatus } from "../../../cib/status/operation-result.ts";
import { isProbe } from "../../actions/operation-meta.ts";
import type { ClusterNode, Resource } from "../../model/types.ts";
import { scanInteger } from "../../values/number.ts";

/** Execution status: how the executor fared, apart from the agent's return code. */
export const execution: typeof opStatus & { readonly unknown: -2 } = { ...opStatus, unknown: -2 };

/** OCF return codes. */
export const ocf: {
  readonly ok: 0;
  readonly invalidParam: 2;
  readonly unimplemented: 3;
  readonly insufficientPrivileges: 4;
  readonly notInstalled: 5;
  readonly notConfigured: 6;
  readonly notRunning: 7;
  readonly promoted: 8;
  readonly failedPromoted: 9;
  readonly degraded: 190;
  readonly degradedPromoted: 191;
  readonly unknown: 193;
} = {
  ok: 0,
  invalidParam: 2,
  unimplemented: 3,
  insufficientPrivileges: 4,
  notInstalled: 5,
  notConfigured: 6,
  notRunning: 7,
  promoted: 8,
  failedPromoted: 9,
  degraded: 190,
  degradedPromoted: 191,
  unknown: 193,
};

export type Operation = {
  readonly resource: Resource;
  readonly node: ClusterNode;
  readonly xml: XmlElement;
  readonly id: string;
  readonly key: string;
  readonly task: string;
  readonly intervalMs: number;
  /** -1 if it is not recorded. */
  readonly expected: number;
  readonly probe: boolean;
  /** A probe whose agent or program is not there; by what was recorded. */
  readonly masked: boolean;
  rc: number;
  status: number;
};

const stateTasks: ReadonlySet<string> = new Set([
  "monitor",
  "start",
  "stop",
  "promote",
  "demote",
  "migrate_to",
  "migrate_from",
  "asyncmon",
]);

/** Undefined for what is not valid or says nothing about the resource's state. */
export function parseOperation(
  resource: Resource,
  node: ClusterNode,
  xml: XmlElement,
): Operation | undefined {
  const id = attribute(xml, "id");
  const task = attribute(xml, "operation");
  if (id === undefined || task === undefined || !stateTasks.has(task)) return undefined;
  const status = scanInteger(attribute(xml, "op-status"));
  const rc = scanInteger(attribute(xml, "rc-code"));
  if (status === undefined || status < execution.pending || status > execution.noSecrets) {
    return undefined;
  }
  if (status === execution.cancelled || rc === undefined || rc < 0 || rc > 255) return undefined;
  const intervalMs = intervalOfEntry(xml);
  const probe = isProbe(task, intervalMs);
  return {
    resource,
    node,
    xml,
    id,
    key: historyKey(xml) as string,
    task,
    intervalMs,
    expected: targetRc(xml),
    probe,
    masked: probe && saysNothingThere(rc, status),
    rc,
    status,
  };
}

export function targetRc(xml: XmlElement): number {
  const key = attribute(xml, "transition-key");
  return key === undefined ? -1 : (parseTransitionKey(key)?.targetRc ?? -1);
}

/** Very old entries have their key as id. */
export function historyKey(xml: XmlElement): string | undefined {
  const key = attribute(xml, "operation_key");
  return key === undefined || key === "" ? attribute(xml, "id") : key;
}

export function intervalOfEntry(xml: XmlElement): number {
  return Math.max(0, scanInteger(attribute(xml, "interval")) ?? 0);
}

function isProbeEntry(xml: XmlElement): boolean {
  return isProbe(attribute(xml, "operation"), intervalOfEntry(xml));
}

/** A probe that failed because the agent or its program is not there says no more than "not running". */
export function isMaskedProbe(xml: XmlElement): boolean {
  if (!isProbeEntry(xml)) return false;
  const rc = scanInteger(attribute(xml, "rc-code")) ?? 0;
  const status = scanInteger(attribute(xml, "op-status")) ?? execution.unknown;
  return saysNothingThere(rc, status);
}

function saysNothingThere(rc: number, status: number): boolean {
  return rc === ocf.notInstalled || rc === ocf.invalidParam || status === execution.notInstalled;
}

/** Degraded is a kind of success. */
export function effectiveRc(rc: number): number {
  if (rc === ocf.degraded) return ocf.ok;
  return rc === ocf.degradedPromoted ? ocf.promoted : rc;
}
