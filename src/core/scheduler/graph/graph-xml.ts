/** The transition as XML, as Pacemaker writes it (transition_graph). */
import { element, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { GraphAction, GraphActionId, Synapse, TransitionGraph } from "./transition-graph.ts";

const elementOf = { resource: "rsc_op", pseudo: "pseudo_event", cluster: "crm_event" } as const;

/** @param number the transition's number in the life of the DC. */
export function graphToXml(graph: TransitionGraph, number: number): XmlElement {
  const attributes = present({
    "cluster-delay": graph.clusterDelay,
    "fencing-timeout": graph.fencingTimeout,
    "failed-stop-offset": graph.failedStopOffset,
    "failed-start-offset": graph.failedStartOffset,
    "batch-limit": graph.batchLimit,
    transition_id: String(number),
    "migration-limit": graph.migrationLimit,
    "recheck-by": graph.recheckBy === undefined ? undefined : String(graph.recheckBy),
  });
  return element("transition_graph", attributes, graph.synapses.map(synapseToXml));
}

function synapseToXml({ id, priority, action, inputs }: Synapse): XmlElement {
  const attributes = present({
    id: String(id),
    priority: priority > 0 ? String(priority) : undefined,
  });
  const triggers = inputs.map((input) => element("trigger", {}, [identityToXml(input, {}, [])]));
  return element("synapse", attributes, [
    element("action_set", {}, [actionToXml(action)]),
    element("inputs", {}, triggers),
  ]);
}

function actionToXml(action: GraphAction): XmlElement {
  const { shutdownLock, resource } = action;
  const extra = present({
    "shutdown-lock": shutdownLock === undefined ? undefined : String(shutdownLock),
  });
  const children: XmlElement[] = [];
  if (resource !== undefined) {
    const described = present({
      id: resource.id,
      "long-id": resource.longId,
      class: resource.agentClass,
      provider: resource.provider,
      type: resource.type,
    });
    children.push(element(resource.element, described));
  }
  children.push(attributesToXml(action.attributes));
  const node = (id: string): XmlElement => element("node", { id });
  if (action.downed.length > 0) children.push(element("downed", {}, action.downed.map(node)));
  if (action.maintenance.length > 0) {
    const nodes = action.maintenance.map(({ nodeId, on }) =>
      element("node", { id: nodeId, node_in_maintenance: on ? "1" : "0" }),
    );
    children.push(element("maintenance", {}, nodes));
  }
  return identityToXml(action, extra, children);
}

/** Names that are no XML names (they begin with a digit) become elements. */
function attributesToXml(pairs: GraphAction["attributes"]): XmlElement {
  const named = pairs.filter(([name]) => !/^\d/.test(name));
  const others = pairs.filter(([name]) => /^\d/.test(name));
  const params = others.map(([name, value]) => element("param", { name, value }));
  return element("attributes", Object.fromEntries(named), params);
}

function identityToXml(
  action: GraphActionId,
  extra: Readonly<Record<string, string>>,
  children: readonly XmlElement[],
): XmlElement {
  const attributes = present({
    mode: action.mode,
    id: String(action.id),
    operation: action.operation,
    operation_key: action.key,
    internal_operation_key: action.internalKey,
    on_node: action.node?.name,
    on_node_uuid: action.node?.id,
    router_node: action.routerNode,
  });
  return element(elementOf[action.kind], { ...attributes, ...extra }, children);
}

function present(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) kept[name] = value;
  return kept;
}
