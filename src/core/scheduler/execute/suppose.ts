/**
 * What a simulation supposes before it decides anything: nodes that come, go or fail, quorum, tickets, results of
 * operations. They are written into the CIB as the cluster itself would write them when they happened.
 */

import { unreachable } from "../../../base/assert.ts";
import { err, ok, type Result } from "../../../base/result.ts";
import type { AttributeSet, Supposition } from "../../../decision/transition.ts";
import { diskConstraint } from "../../../formats/cib/disk-constraint.ts";
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { findResource } from "../model/find-resource.ts";
import type { Cluster } from "../model/types.ts";
import { scanInteger } from "../values/number.ts";
import { opKey } from "../values/op-key.ts";
import { countFailure } from "./count-failure.ts";
import { parseOperationSpec } from "./operation-spec.ts";
import { recordResult, resourceHistory } from "./record-result.ts";
import {
  childMade,
  type Draft,
  draftOf,
  newDraft,
  nodeState,
  setAttributes,
} from "./status-draft.ts";

export type Supposed = {
  readonly cib: XmlElement;
  readonly done: readonly (Supposition | AttributeSet)[];
};

type Work = {
  readonly cib: Draft;
  /** As it was before anything was supposed. */
  readonly cluster: Cluster;
  readonly done: (Supposition | AttributeSet)[];
};

/** @param wanted in the order in which they happen. @param cluster read from this CIB. The error is a clause for people. */
export function suppose(
  cib: XmlElement,
  cluster: Cluster,
  wanted: readonly Supposition[],
): Result<Supposed> {
  const work: Work = { cib: draftOf(cib), cluster, done: [] };
  for (const each of wanted) {
    work.done.push(each);
    const problem = apply(work, each);
    if (problem !== undefined) return err(problem);
    // Others can see that it is not the CIB that was read.
    const updates = scanInteger(attribute(work.cib, "num_updates")) ?? 0;
    setAttributes(work.cib, { num_updates: String(updates + 1) });
  }
  return ok({ cib: work.cib, done: work.done });
}

function apply(work: Work, what: Supposition): string | undefined {
  switch (what.kind) {
    case "quorum":
      setAttributes(work.cib, { "have-quorum": what.value });
      return undefined;
    case "watchdog":
      setWatchdog(work.cib, what.value);
      return undefined;
    case "node":
      return nodeEvent(work, what.node, what.event);
    case "ticket":
      ticketEvent(work.cib, what.ticket, what.event);
      return undefined;
    case "disk":
      return diskState(work, what);
    case "operation":
      return operationResult(work, what.spec);
    default:
      return unreachable(what);
  }
}

function setWatchdog(cib: Draft, value: string): void {
  const options = childMade(childMade(cib, "configuration"), "crm_config");
  const id = "cib-bootstrap-options";
  let set = options.children.find((each) => attribute(each, "id") === id);
  if (set === undefined) {
    set = newDraft("cluster_property_set", { id });
    options.children.push(set);
  }
  const name = "have-watchdog";
  const pair = set.children.find((each) => attribute(each, "name") === name);
  if (pair !== undefined) setAttributes(pair, { value });
  else set.children.push(newDraft("nvpair", { id: `${id}-${name}`, name, value }));
}

const nodeStates = {
  up: { in_ccm: "true", crmd: "online", join: "member", expected: "member" },
  down: { in_ccm: "false", crmd: "offline", join: "down", expected: "down" },
  // Gone from the membership, and nobody has asked it to go.
  fail: { in_ccm: "false" },
} as const;

function nodeEvent(work: Work, node: string, event: "up" | "down" | "fail"): string | undefined {
  const known = work.cluster.nodes.find(({ name }) => name === node);
  if (known === undefined && event !== "up") return noSuchNode(work, node);
  if (known === undefined) {
    const nodes = childMade(childMade(work.cib, "configuration"), "nodes");
    nodes.children.push(newDraft("node", { id: node, uname: node }));
  }
  const state = nodeState(childMade(work.cib, "status"), node, known?.id ?? node);
  setAttributes(state, nodeStates[event]);
  if (event !== "down") return undefined;
  state.children = state.children.filter(
    ({ name }) => name !== "lrm" && name !== "transient_attributes",
  );
  return undefined;
}

const ticketStates = {
  grant: { granted: "true" },
  revoke: { granted: "false" },
  standby: { standby: "true" },
  activate: { standby: "false" },
} as const;

function ticketEvent(cib: Draft, ticket: string, event: keyof typeof ticketStates): void {
  const tickets = childMade(childMade(cib, "status"), "tickets");
  let state = tickets.children.find((each) => attribute(each, "id") === ticket);
  if (state === undefined) {
    state = newDraft("ticket_state", { id: ticket });
    tickets.children.push(state);
  }
  setAttributes(state, ticketStates[event]);
}

/** As the controller tells the scheduler of disks. */
function diskState(
  work: Work,
  { ready, resource, node }: Extract<Supposition, { kind: "disk" }>,
): string | undefined {
  if (!work.cluster.nodes.some(({ name }) => name === node)) return noSuchNode(work, node);
  if (findResource(work.cluster, resource) === undefined) {
    return `there is no resource "${resource}"`;
  }
  const section = childMade(childMade(work.cib, "configuration"), "constraints");
  const constraint = diskConstraint(resource, node);
  const id = attribute(constraint, "id");
  section.children = section.children.filter((each) => attribute(each, "id") !== id);
  if (!ready) section.children.push(draftOf(constraint));
  return undefined;
}

function operationResult(work: Work, text: string): string | undefined {
  const spec = parseOperationSpec(text);
  if (!spec.ok) return spec.error;
  const { resource: name, task, intervalMs, node: nodeName, rc } = spec.value;
  const node = work.cluster.nodes.find((each) => each.name === nodeName);
  if (node === undefined) return noSuchNode(work, nodeName);
  const resource = findResource(work.cluster, name);
  if (resource === undefined) return `there is no resource "${name}"`;
  const { now } = work.cluster;
  const state = nodeState(childMade(work.cib, "status"), nodeName, node.id);
  work.done.push(...countFailure(state, { resource: name, task, intervalMs, rc, now }));
  const agent = {
    id: resource.historyId ?? name,
    agentClass: attribute(resource.xml, "class"),
    provider: attribute(resource.xml, "provider"),
    type: attribute(resource.xml, "type"),
  };
  const history = resourceHistory(state, name, agent);
  if (history === undefined) return `"${name}" has no agent that could report a result`;
  const id = agent.id;
  recordResult(history, {
    ...{ resource: id, task, intervalMs, rc, targetRc: 0, node: nodeName, now },
    exitReason: "Simulated action result",
    featureSet: attribute(work.cib, "crm_feature_set"),
    ...{ digest: undefined, migration: undefined },
    entryId: intervalMs > 0 ? opKey(id, task, intervalMs) : opKey(id, "last", 0),
  });
  return undefined;
}

function noSuchNode({ cluster }: Work, node: string): string {
  const names = cluster.nodes.map(({ name }) => name).join(", ");
  return `there is no node "${node}"; the CIB has ${names === "" ? "none" : names}`;
}
