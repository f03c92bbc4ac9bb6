/**
 * The status section as facts that can be compared: what the simulation predicts, and what comes of running the transition.
 * A simulation records actions as they are named; a cluster does what they say. The differences are these, and no others:
 *
 * - an instance of a clone is known by the name that its node is told, also where an old history has its number
 * - what was deleted is not in the history, but for what was done to it afterwards
 * - a recurring operation that was cancelled is not in the history, nor is the cancelling itself
 * - notifications are not in the history
 * - a start or stop that ended well takes the records of earlier migrations out, and only a migration names its nodes
 * - where failures are forgotten, the last one is taken out
 * - guests that are nodes of their own are down when their host was fenced
 * - what was known of a remote node is not in the history when its connection has started, and what recurred there not when
 *   another node has taken the connection over
 *
 * The state of remote nodes themselves is left out: it says only what their connections say.
 */
import { sectionChildren } from "../../src/core/cib/sections.ts";
import type {
  GraphAction,
  TransitionGraph,
} from "../../src/core/scheduler/graph/transition-graph.ts";
import { attribute, descendants, type XmlElement } from "../../src/formats/xml/xml-element.ts";

/** A CIB whose histories name the instances of clones as their nodes are told in this transition. */
export function withShortNames(cib: XmlElement, graph: TransitionGraph): XmlElement {
  const names = shortNames(graph);
  const renamed = (each: XmlElement): XmlElement => {
    const short = each.name === "lrm_resource" && names.get(attribute(each, "id") ?? "");
    if (short) return { ...each, attributes: { ...each.attributes, id: short } };
    return each.children.length === 0 ? each : { ...each, children: each.children.map(renamed) };
  };
  const children = cib.children.map((each) => (each.name === "status" ? renamed(each) : each));
  return { ...cib, children };
}

/** Facts by the place where they stand. */
export type State = ReadonlyMap<string, string>;

export function playedState(cib: XmlElement, graph: TransitionGraph): State {
  return stateOf(cib, graph);
}

export function predictedState(cib: XmlElement, graph: TransitionGraph): State {
  const state = stateOf(cib, graph);
  for (const { action } of graph.synapses) {
    if (action.kind !== "pseudo") doWhatItSays(state, action, graph);
    else if (action.operation === "stonith") goDown(state, action, graph);
  }
  return state;
}

/** "- " what is missing, "+ " what is too much. */
export function differences(expected: State, found: State): readonly string[] {
  const places = [...new Set([...expected.keys(), ...found.keys()])].sort();
  return places.flatMap((place) => {
    const [wanted, is] = [expected.get(place), found.get(place)];
    if (wanted === is) return [];
    return [
      ...(wanted === undefined ? [] : [`- ${place}: ${wanted}`]),
      ...(is === undefined ? [] : [`+ ${place}: ${is}`]),
    ];
  });
}

function stateOf(cib: XmlElement, graph: TransitionGraph): Map<string, string> {
  const state = new Map<string, string>();
  const names = shortNames(graph);
  const remotes = remoteNames(graph);
  for (const node of sectionChildren(cib, "status")) {
    const uname = attribute(node, "uname") ?? attribute(node, "id") ?? "";
    const words = ["in_ccm", "crmd", "join", "expected"].map((each) => attribute(node, each));
    const isRemote = attribute(node, "remote_node") === "true" || remotes.has(uname);
    if (!isRemote) state.set(uname, words.join(" "));
    for (const history of descendants(node)) {
      if (history.name !== "lrm_resource") continue;
      const id = attribute(history, "id") ?? "";
      for (const record of history.children) {
        if (attribute(record, "operation") === "notify") continue;
        state.set(placeOf(uname, names.get(id) ?? id, attribute(record, "id") ?? ""), fact(record));
      }
    }
  }
  return state;
}

function fact(record: XmlElement): string {
  const names = ["operation", "interval", "rc-code", "op-status", "op-digest"];
  const isMigration = attribute(record, "operation")?.startsWith("migrate_") === true;
  const migration = isMigration ? ["migrate_source", "migrate_target"] : [];
  return [...names, ...migration].map((each) => attribute(record, each) ?? "").join(" ");
}

function placeOf(node: string, resource: string, record: string): string {
  return `${node} ${resource} ${record}`;
}

function shortNames(graph: TransitionGraph): ReadonlyMap<string, string> {
  const resources = graph.synapses.flatMap(({ action }) => action.resource ?? []);
  return new Map(resources.map(({ id, longId }) => [longId ?? id, id]));
}

/** Takes out what the simulation leaves of what the action ends. */
function doWhatItSays(
  state: Map<string, string>,
  action: GraphAction,
  graph: TransitionGraph,
): void {
  const [node, resource] = [action.node?.name ?? "", action.resource?.id ?? ""];
  const attributes = new Map(action.attributes);
  const take = (record: string): void => void state.delete(placeOf(node, resource, record));
  const interval = attributes.get("CRM_meta_interval") ?? "0";
  switch (action.operation) {
    case "delete":
    case "lrm_delete":
      forget(state, placeOf(node, resource, ""), recordedAfter(action, graph));
      return;
    case "stonith":
      if (attributes.get("CRM_meta_stonith_action") !== "on") goDown(state, action, graph);
      return;
    case "cancel":
      take(`${resource}_cancel_${interval}`);
      take(`${resource}_${attributes.get("CRM_meta_operation") ?? "monitor"}_${interval}`);
      return;
    case "clear_failcount":
      take(`${resource}_last_failure_0`);
      return;
    case "migrate_from":
      if (isConnection(action)) forgetRecurring(state, resource, recordedAfter(action, graph));
      return;
    case "start":
      if (isConnection(action)) forget(state, `${resource} `, recordedAfter(action, graph));
      take(`${resource}_migrate_to_0`);
      take(`${resource}_migrate_from_0`);
      return;
    case "stop":
      take(`${resource}_migrate_to_0`);
      take(`${resource}_migrate_from_0`);
      return;
    default:
      return;
  }
}

/** Guests that are nodes of their own go down with their host. */
function goDown(state: Map<string, string>, fence: GraphAction, graph: TransitionGraph): void {
  for (const id of fence.downed) {
    if (id === fence.node?.id && fence.kind !== "pseudo") continue;
    forget(state, `${id} `, recordedAfter(fence, graph));
  }
}

function forgetRecurring(
  state: Map<string, string>,
  remote: string,
  but: ReadonlySet<string>,
): void {
  for (const [place, record] of [...state]) {
    const recurs = record.split(" ")[1] !== "0";
    if (place.startsWith(`${remote} `) && recurs && !but.has(place)) state.delete(place);
  }
}

function forget(state: Map<string, string>, prefix: string, but: ReadonlySet<string>): void {
  for (const place of [...state.keys()]) {
    if (place.startsWith(prefix) && !but.has(place)) state.delete(place);
  }
}

/** The places of what is recorded only when the action is done. */
function recordedAfter(first: GraphAction, graph: TransitionGraph): ReadonlySet<string> {
  const after = new Set([first.id]);
  for (let before = 0; before !== after.size; ) {
    before = after.size;
    for (const { action, inputs } of graph.synapses) {
      if (inputs.some(({ id }) => after.has(id))) after.add(action.id);
    }
  }
  const places = new Set<string>();
  for (const { action } of graph.synapses) {
    const { node, resource, operation } = action;
    if (action === first || !after.has(action.id) || !node || !resource) continue;
    const interval = new Map(action.attributes).get("CRM_meta_interval") ?? "0";
    const record = interval === "0" ? "last_0" : `${operation}_${interval}`;
    places.add(placeOf(node.name, resource.id, `${resource.id}_${record}`));
  }
  return places;
}

function remoteNames(graph: TransitionGraph): ReadonlySet<string> {
  const names = graph.synapses.flatMap(({ action }) => [
    ...(action.routerNode === undefined ? [] : [action.node?.name ?? ""]),
    ...(isConnection(action) ? [action.resource?.id ?? ""] : []),
    ...(action.operation === "stonith" ? action.downed.filter((id) => id !== fenced(action)) : []),
  ]);
  return new Set(names);
}

/** The id of the cluster node that is fenced. */
function fenced({ kind, node }: GraphAction): string | undefined {
  return kind === "pseudo" ? undefined : node?.id;
}

function isConnection({ resource }: GraphAction): boolean {
  return resource?.provider === "pacemaker" && resource.type === "remote";
}
