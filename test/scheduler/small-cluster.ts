/**
 * Small clusters in a few words, for tables of the scheduler's rules: nodes by their state, resources and constraints as
 * XML, the past as lines "RESOURCE NODE OPERATION RC" (`vm n1 start 0`, `vm n1 monitor/10 7`, `vm n2 probe 7`).
 */
import { assert } from "../../src/base/assert.ts";
import { wallTime } from "../../src/base/time.ts";
import { statusSection } from "../../src/core/cib/status/history.ts";
import { type OperationResult, opStatus } from "../../src/core/cib/status/operation-result.ts";
import type { GraphActionId } from "../../src/core/scheduler/graph/transition-graph.ts";
import { schedule, type Transition } from "../../src/core/scheduler/schedule.ts";
import { parseXml } from "../../src/formats/xml/parse-xml.ts";
import {
  attribute,
  descendants,
  element,
  type XmlElement,
} from "../../src/formats/xml/xml-element.ts";
import { changeLines } from "../../src/view/scheduler/changes-text.ts";

export type NodeWord =
  | "online"
  | "lost"
  | "down"
  | "standby"
  | "maintenance"
  | "leaving"
  | "pending";

export type SmallCluster = {
  /** n1 and n2, both online, unless given. */
  readonly nodes?: Readonly<Record<string, NodeWord>>;
  readonly options?: Readonly<Record<string, string>>;
  /** rsc_defaults. */
  readonly defaults?: Readonly<Record<string, string>>;
  readonly resources: string;
  readonly constraints?: string;
  /** Everything is probed and found stopped where nothing else is said, unless this is false. */
  readonly probed?: boolean;
  readonly history?: readonly string[];
  /** Transient attributes by node. */
  readonly attributes?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Permanent attributes by node. */
  readonly permanent?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Utilization attributes by node. */
  readonly capacity?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly quorum?: boolean;
};

/** The clock of all of them, seconds since 1970. */
export const nowS = 1_700_000_000;

export type Decision = {
  /** As crm_simulate words them, without padding. */
  readonly changes: readonly string[];
  /** `KEY@NODE`, in the order of the graph. */
  readonly actions: readonly string[];
  /** `KEY@NODE -> KEY@NODE`: what waits for what. */
  readonly order: readonly string[];
  readonly transition: Transition;
};

export function decide(spec: SmallCluster): Decision {
  const transition = schedule(cibOf(spec), wallTime(nowS * 1000));
  const { synapses } = transition.graph;
  return {
    changes: changeLines(transition.changes).map((line) => line.replace(/\s+/g, " ")),
    actions: synapses.map(({ action }) => nameOf(action)),
    order: synapses.flatMap(({ action, inputs }) =>
      inputs.map((input) => `${nameOf(input)} -> ${nameOf(action)}`),
    ),
    transition,
  };
}

/** A primitive with meta-attributes, of the agent ocf:pacemaker:Dummy; `more` goes inside. */
export function primitive(
  id: string,
  meta: Readonly<Record<string, string>> = {},
  more = "",
): string {
  return `<primitive id="${id}" class="ocf" provider="pacemaker" type="Dummy">${metaOf(id, meta)}${more}</primitive>`;
}

export function metaOf(id: string, meta: Readonly<Record<string, string>>): string {
  return `<meta_attributes id="${id}-meta">${pairs(`${id}-meta`, meta)}</meta_attributes>`;
}

export function operations(id: string, ...ops: readonly string[]): string {
  const all = ops.map((op, index) => `<op id="${id}-op${index}" ${op}/>`);
  return `<operations>${all.join("")}</operations>`;
}

export const fenceDevice = `<primitive id="fencing" class="stonith" type="fence_dummy"/>`;
/** A device that was started on n2 (its own probes are done). */
export const fenceDeviceRuns: readonly string[] = ["fencing n2 start 0"];

export function cibOf(spec: SmallCluster): XmlElement {
  const nodes = spec.nodes ?? { n1: "online", n2: "online" };
  const options = { "fencing-enabled": "false", ...spec.options };
  const text = `<cib validate-with="pacemaker-4.0" crm_feature_set="3.20.0" admin_epoch="0" epoch="1" num_updates="0"
    have-quorum="${spec.quorum === false ? 0 : 1}" dc-uuid="n2" execution-date="${nowS}"><configuration>
    <crm_config><cluster_property_set id="options">${pairs("options", options)}</cluster_property_set></crm_config>
    <nodes>${Object.entries(nodes)
      .map(([name, word]) => nodeXml(name, word, spec))
      .join("")}</nodes>
    <resources>${spec.resources}</resources>
    <constraints>${spec.constraints ?? ""}</constraints>
    <rsc_defaults>${metaOf("defaults", spec.defaults ?? {})}</rsc_defaults>
    </configuration><status/></cib>`;
  const parsed = parseXml(text);
  assert(parsed.ok, `a CIB of a test is XML: ${parsed.ok ? "" : parsed.error.message}`);
  const { value } = parsed;
  const children = value.children.map((each) =>
    each.name === "status" ? statusOf(spec, nodes, value) : each,
  );
  return { ...value, children };
}

function nameOf({ key, node }: GraphActionId): string {
  return node === undefined ? key : `${key}@${node.name}`;
}

function pairs(prefix: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `<nvpair id="${prefix}-${name}" name="${name}" value="${value}"/>`)
    .join("");
}

function nodeXml(name: string, word: NodeWord, { permanent, capacity }: SmallCluster): string {
  const own: Record<string, string> = { ...permanent?.[name] };
  if (word === "standby") own["standby"] = "on";
  if (word === "maintenance") own["maintenance"] = "true";
  const set = `<instance_attributes id="${name}-own">${pairs(name, own)}</instance_attributes>`;
  const room = capacity?.[name];
  const utilization =
    room === undefined
      ? ""
      : `<utilization id="${name}-room">${pairs(`${name}-room`, room)}</utilization>`;
  return `<node id="${name}" uname="${name}">${set}${utilization}</node>`;
}

function statusOf(
  spec: SmallCluster,
  nodes: Readonly<Record<string, NodeWord>>,
  cib: XmlElement,
): XmlElement {
  const lines = spec.history ?? [];
  const attributes = new Map<string, Record<string, string>>();
  for (const [name, word] of Object.entries(nodes)) {
    attributes.set(name, {
      ...(word === "leaving" ? { shutdown: String(nowS - 100) } : {}),
      ...spec.attributes?.[name],
    });
  }
  return statusSection({
    nodes: Object.entries(nodes).map(([name, word]) => ({
      id: name,
      uname: name,
      inCluster: word !== "lost" && word !== "down",
      controllerOnline: word !== "lost" && word !== "down" && word !== "pending",
      join: word === "lost" || word === "down" || word === "pending" ? "down" : "member",
      expected: word === "down" || word === "pending" ? "down" : "member",
    })),
    results: [...probes(spec, nodes, cib, lines), ...lines].map((line, index) =>
      resultOf(line, index + 1, cib),
    ),
    attributes,
  });
}

function probes(
  spec: SmallCluster,
  nodes: Readonly<Record<string, NodeWord>>,
  cib: XmlElement,
  lines: readonly string[],
): string[] {
  if (spec.probed === false) return [];
  const ids = [...descendants(cib)]
    .filter((each) => each.name === "primitive")
    .map((each) => attribute(each, "id") ?? "");
  const known = new Set(lines.map((line) => line.split(" ").slice(0, 2).join(" ")));
  return Object.entries(nodes)
    .filter(([, word]) => word !== "down" && word !== "pending")
    .flatMap(([name]) => ids.map((id) => `${id} ${name}`))
    .filter((pair) => !known.has(pair))
    .map((pair) => `${pair} probe 7`);
}

/** "RESOURCE NODE OPERATION[/SECONDS] RC [pending|timeout|error] [ago=SECONDS]"; "from=N to=N" for migrations. */
function resultOf(line: string, callId: number, cib: XmlElement): OperationResult {
  const [resource = "", node = "", operation = "", rc = "", ...rest] = line.split(" ");
  const [name = "", seconds = "0"] = operation.split("/");
  const probe = name === "probe";
  const more = new Map(
    rest.map((word): [string, string | undefined] => {
      const [key = "", value] = word.split("=");
      return [key, value];
    }),
  );
  const expected = probe ? 7 : 0;
  const [source, target] = [more.get("from"), more.get("to")];
  const timeout: Record<string, string> =
    Number(seconds) > 0 ? Object.fromEntries([["CRM_meta_timeout", "20000"]]) : {};
  return {
    node: { id: node, uname: node },
    resource,
    agent: agentOf(cib, resource),
    action: probe ? "monitor" : name,
    intervalMs: Number(seconds) * 1000,
    rc: Number(rc),
    opStatus: statusFor(more, Number(rc) !== expected),
    callId: more.has("pending") ? -1 : callId,
    transitionKey: `${callId}:1:${expected}:00000000-0000-0000-0000-000000000001`,
    lastRcChangeS: nowS - Number(more.get("ago") ?? 10_000 - callId),
    parameters: timeout,
    ...(source !== undefined && target !== undefined ? { migration: { source, target } } : {}),
  };
}

function statusFor(more: ReadonlyMap<string, string | undefined>, unexpected: boolean): number {
  if (more.has("pending")) return opStatus.pending;
  if (more.has("timeout")) return opStatus.timeout;
  return more.has("error") && unexpected ? opStatus.error : opStatus.done;
}

function agentOf(cib: XmlElement, resource: string): OperationResult["agent"] {
  const id = resource.replace(/:\d+$/, "");
  const found = [...descendants(cib)].find(
    (each) => each.name === "primitive" && attribute(each, "id") === id,
  );
  const xml = found ?? element("primitive", { class: "ocf", provider: "pacemaker", type: "Dummy" });
  const provider = attribute(xml, "provider");
  return {
    class: attribute(xml, "class") ?? "ocf",
    ...(provider === undefined ? {} : { provider }),
    type: attribute(xml, "type") ?? "Dummy",
  };
}
