/** crm_resource --digests: the parameters of a resource's last operation on a node, as they are now, and their digests. */
import type { ResourceDigests } from "../../api/cluster-protocol.ts";
import type { WallTime } from "../../base/time.ts";
import { knownNode, knownResource } from "../../core/cib/edit/planned-edit.ts";
import { digestedParameters, parametersHash } from "../../core/scheduler/actions/digests.ts";
import { findResource } from "../../core/scheduler/model/find-resource.ts";
import { readCluster } from "../../core/scheduler/plan.ts";
import {
  attribute,
  childrenNamed,
  descendants,
  type XmlElement,
} from "../../formats/xml/xml-element.ts";
import { asUserError } from "./cib-desk.ts";

export type DigestsQuestion = {
  readonly resource: string;
  readonly node: string;
  readonly overrides: ReadonlyMap<string, string>;
};

/** @throws UserError HF4008, HF4009 when there is no such resource or node. */
export function resourceDigests(
  cib: XmlElement,
  now: WallTime,
  { resource: id, node: nodeName, overrides }: DigestsQuestion,
): ResourceDigests {
  const cluster = readCluster({ cib, now: Math.floor(now / 1000), sanitized: true });
  const resource = findResource(cluster, id) ?? findResource(cluster, `${id}:0`);
  const known = knownResource(cib, id);
  if (resource === undefined)
    throw known.ok ? new Error(`${id} is not read`) : asUserError(known.error);
  const node = cluster.nodes.find((each) => each.name === nodeName);
  if (node === undefined) {
    const found = knownNode(cib, nodeName);
    throw found.ok ? new Error(`${nodeName} is not read`) : asUserError(found.error);
  }
  const recorded = lastOperation(cib, resource.historyId ?? resource.id, node.id);
  const task = (recorded && attribute(recorded, "operation")) ?? "start";
  const intervalMs = Number((recorded && attribute(recorded, "interval")) ?? 0);
  const query = { resource, node, task, intervalMs, recorded, secure: true, overrides };
  const { all, secure, restart } = digestedParameters(query);
  const kinds = [
    ["all", all],
    ["nonprivate", secure],
    ["nonreloadable", restart],
  ] as const;
  const digests = kinds.flatMap(([of, parameters]) =>
    parameters === undefined
      ? []
      : { of, hash: parametersHash(parameters), parameters: Object.fromEntries(parameters) },
  );
  return { task, intervalMs, digests };
}

/** By which the cluster looks whether the definition has changed: the last that found or brought it up, not a recurring one. */
function lastOperation(cib: XmlElement, id: string, nodeId: string): XmlElement | undefined {
  const state = [...descendants(cib)].find(
    (each) => each.name === "node_state" && attribute(each, "id") === nodeId,
  );
  const history =
    state &&
    [...descendants(state)].find(
      (each) => each.name === "lrm_resource" && attribute(each, "id") === id,
    );
  if (history === undefined) return undefined;
  return childrenNamed(history, "lrm_rsc_op")
    .filter(
      (op) =>
        attribute(op, "interval") === "0" &&
        ["start", "monitor", "migrate_from"].includes(attribute(op, "operation") ?? ""),
    )
    .reduce<XmlElement | undefined>(
      (last, op) => (last === undefined || callOf(op) > callOf(last) ? op : last),
      undefined,
    );
}

function callOf(operation: XmlElement): number {
  return Number(attribute(operation, "call-id") ?? 0);
}
