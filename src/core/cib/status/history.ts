/** The history of operations in the status section: writing results down, and taking them out again. */
import { formatOperationKey } from "../../../formats/cib/operation-key.ts";
import { xpathLiteral } from "../../../formats/cib/xpath/literal.ts";
import { attribute, element, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { CibChange } from "../change.ts";
import { inStatus, type NodeState, nodeStateElement } from "./node-state.ts";
import {
  type OperationResult,
  operationRecords,
  opStatus,
  type StatusNode,
} from "./operation-result.ts";
import { attributeSet } from "./transient-attributes.ts";

/** Writes a result down; an older record of the same id goes whole, none of its attributes stays behind. */
export function historyChange(result: OperationResult): CibChange {
  const records = operationRecords(result);
  const ids = records.map((record) => attribute(record, "id") ?? "");
  const outdated = [...ids, ...overtakenBy(result)].map((id): CibChange => {
    const own = `lrm_rsc_op[@id=${xpathLiteral(id)}]`;
    return {
      kind: "delete",
      at: { xpath: `${resourcePath(result.node, result.resource)}/${own}` },
    };
  });
  const { node, resource, agent } = result;
  const history = element(
    "lrm_resource",
    {
      id: resource,
      class: agent.class,
      ...(agent.provider !== undefined && { provider: agent.provider }),
      type: agent.type,
    },
    records,
  );
  const state = element("node_state", { id: node.id, uname: node.uname }, [lrm(node, [history])]);
  return { kind: "sequence", changes: [...outdated, inStatus(state)] };
}

/**
 * Safety: a resource that was stopped here did not stay where it had arrived. Its old arrival must not be taken for the
 * arrival of a later migration from the same node, which would hide that the resource may be active on both.
 */
function overtakenBy({
  resource,
  action,
  rc,
  opStatus: status,
}: OperationResult): readonly string[] {
  if (action !== "stop" || rc !== 0 || status !== opStatus.done) return [];
  return [formatOperationKey({ resource, action: "migrate_from", intervalMs: 0 })];
}

/** Takes out what is known of a resource on a node: it will be probed there again. */
export function eraseResource(node: StatusNode, resource: string): CibChange {
  return { kind: "delete", at: { xpath: resourcePath(node, resource) }, everyMatch: true };
}

/** Takes out one operation, such as a recurring monitor that was cancelled, by its operation key. */
export function eraseOperation(
  node: StatusNode,
  resource: string,
  operationKey: string,
): CibChange {
  const own = `lrm_rsc_op[@id=${xpathLiteral(operationKey)}]`;
  return { kind: "delete", at: { xpath: `${resourcePath(node, resource)}/${own}` } };
}

/** Takes out all history and transient attributes of a node: it was fenced, or has joined anew. */
export function eraseNode(node: StatusNode): CibChange {
  const state = nodePath(node);
  return {
    kind: "sequence",
    changes: [
      { kind: "delete", at: { xpath: `${state}/lrm` } },
      { kind: "delete", at: { xpath: `${state}/transient_attributes` } },
    ],
  };
}

/** A whole status section made of facts: for tests, simulations and a DC that writes everything anew. */
export function statusSection(facts: {
  readonly nodes: readonly NodeState[];
  readonly results: readonly OperationResult[];
  readonly attributes?: ReadonlyMap<string, Readonly<Record<string, string>>>;
}): XmlElement {
  const states = facts.nodes.map((node) => {
    const results = facts.results.filter((each) => each.node.id === node.id);
    const attributes = facts.attributes?.get(node.id);
    return {
      ...nodeStateElement(node),
      children: [
        ...(attributes ? [attributeSet(node, attributes)] : []),
        ...(results.length > 0 ? [lrm(node, histories(results))] : []),
      ],
    };
  });
  return element("status", {}, states);
}

/** Later results take the place of earlier ones with the same record. */
function histories(results: readonly OperationResult[]): readonly XmlElement[] {
  const byResource = new Map<
    string,
    { agent: OperationResult["agent"]; records: Map<string, XmlElement> }
  >();
  for (const result of results) {
    const found = byResource.get(result.resource);
    const entry = found ?? { agent: result.agent, records: new Map<string, XmlElement>() };
    byResource.set(result.resource, entry);
    for (const id of overtakenBy(result)) entry.records.delete(id);
    for (const record of operationRecords(result)) {
      entry.records.set(attribute(record, "id") ?? "", record);
    }
  }
  return [...byResource].map(([id, { agent, records }]) =>
    element(
      "lrm_resource",
      {
        id,
        class: agent.class,
        ...(agent.provider !== undefined && { provider: agent.provider }),
        type: agent.type,
      },
      [...records.values()],
    ),
  );
}

function lrm(node: StatusNode, resources: readonly XmlElement[]): XmlElement {
  return element("lrm", { id: node.id }, [element("lrm_resources", {}, resources)]);
}

function resourcePath(node: StatusNode, resource: string): string {
  const own = `lrm_resource[@id=${xpathLiteral(resource)}]`;
  return `${nodePath(node)}/lrm/lrm_resources/${own}`;
}

function nodePath(node: StatusNode): string {
  return `/cib/status/node_state[@id=${xpathLiteral(node.id)}]`;
}
