/** The how-to's configuration (two guests on xen1 and xen2) in any state: for the tests that play with it. */
import { statusSection } from "../../src/core/cib/status/history.ts";
import type { NodeState } from "../../src/core/cib/status/node-state.ts";
import { type OperationResult, opStatus } from "../../src/core/cib/status/operation-result.ts";
import {
  attribute,
  element,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../src/formats/xml/xml-element.ts";

export type NodeName = "xen1" | "xen2";
export type GuestName = "host1" | "host2";

export type HowToState = {
  /** Where each guest runs; nothing if it is stopped. */
  readonly running?: Readonly<Partial<Record<GuestName, NodeName>>>;
  /** Nodes that are not simply there. */
  readonly nodes?: Readonly<Partial<Record<NodeName, "lost" | "down" | "standby">>>;
  readonly quorum?: boolean;
  /** Cluster options, by name. */
  readonly options?: Readonly<Record<string, string>>;
  readonly stickiness?: number;
  /** Adds a fence device that runs on xen2. */
  readonly fenceDevice?: boolean;
  /** A guest whose stop failed where it runs. */
  readonly failedStop?: GuestName;
  /** A guest that crm_resource moved to a node. */
  readonly moved?: { readonly guest: GuestName; readonly to: NodeName };
};

const nodeIds: Readonly<Record<NodeName, string>> = {
  xen1: "ea043f8c-5afc-4aee-9ffc-d17cb3cfed06",
  xen2: "1b3dbdb3-f9ca-4d16-bf7d-8a57167b85ed",
};
const nodeNames: readonly NodeName[] = ["xen1", "xen2"];
const guests: readonly GuestName[] = ["host1", "host2"];
const agents = {
  guest: { class: "ocf", provider: "heartbeat", type: "Xen" },
  fence: { class: "stonith", type: "external/ipmi" },
} as const;
const transition = "00000000-0000-0000-0000-000000000001";
const recordedAt = 1_240_000_000;

export function howToCib(seed: XmlElement, state: HowToState): XmlElement {
  const configuration = seed.children.find((each) => each.name === "configuration") as XmlElement;
  const sections = configuration.children.map((section) => withState(section, state));
  const cib = withAttributes(seed, {
    "have-quorum": state.quorum === false ? "false" : "true",
    "dc-uuid": state.nodes?.xen2 === undefined ? nodeIds.xen2 : nodeIds.xen1,
    crm_feature_set: "3.16.1",
  });
  return withChildren(cib, [withChildren(configuration, sections), status(state)]);
}

function withState(section: XmlElement, state: HowToState): XmlElement {
  switch (section.name) {
    case "crm_config":
      return withOptions(section, state.options ?? {});
    case "nodes":
      return withStandby(section, state);
    case "resources":
      return state.fenceDevice === true
        ? withChildren(section, [...section.children, fenceDevice])
        : section;
    case "constraints":
      return state.moved === undefined
        ? section
        : withChildren(section, [moveConstraint(state.moved)]);
    case "rsc_defaults":
      return state.stickiness === undefined ? section : withStickiness(section, state.stickiness);
    default:
      return section;
  }
}

function withOptions(section: XmlElement, options: Readonly<Record<string, string>>): XmlElement {
  const [set] = section.children as [XmlElement];
  const kept = set.children.filter(
    (pair) => !Object.hasOwn(options, attribute(pair, "name") ?? ""),
  );
  const own = Object.entries(options).map(([name, value]) =>
    element("nvpair", { id: `own-${name}`, name, value }),
  );
  return withChildren(section, [withChildren(set, [...kept, ...own])]);
}

function withStandby(section: XmlElement, state: HowToState): XmlElement {
  const nodes = section.children.map((node) => {
    const name = attribute(node, "uname") as NodeName;
    if (state.nodes?.[name] !== "standby") return node;
    const pair = element("nvpair", { id: `${name}-standby`, name: "standby", value: "on" });
    return withChildren(node, [element("instance_attributes", { id: `${name}-own` }, [pair])]);
  });
  return withChildren(section, nodes);
}

function withStickiness(section: XmlElement, stickiness: number): XmlElement {
  const [block] = section.children as [XmlElement];
  const pairs = block.children.map((pair) =>
    attribute(pair, "name") === "resource-stickiness"
      ? withAttributes(pair, { value: String(stickiness) })
      : pair,
  );
  return withChildren(section, [withChildren(block, pairs)]);
}

const fenceDevice = element("primitive", { id: "fence", ...agents.fence }, [
  element("instance_attributes", { id: "fence-own" }, [
    element("nvpair", { id: "fence-hosts", name: "hostname", value: "xen1 xen2" }),
  ]),
]);

/** As crm_resource --move writes it. */
function moveConstraint({ guest, to }: NonNullable<HowToState["moved"]>): XmlElement {
  return element("rsc_location", {
    id: `cli-prefer-${guest}`,
    rsc: guest,
    role: "Started",
    node: to,
    score: "INFINITY",
  });
}

function status(state: HowToState): XmlElement {
  const results: OperationResult[] = [];
  for (const name of nodeNames) {
    let callId = 0;
    const add = (resource: string, rest: Partial<OperationResult>): void => {
      callId++;
      results.push({ ...plainResult(name, resource, callId), ...rest });
    };
    if (state.nodes?.[name] === "down") continue;
    for (const guest of guests) {
      const there = state.running?.[guest] === name;
      if (!there) add(guest, { action: "monitor", rc: 7, ...expecting(7) });
      else {
        add(guest, { action: "start" });
        add(guest, { action: "monitor", intervalMs: 10_000, parameters: monitored(guest) });
      }
      if (there && state.failedStop === guest) {
        add(guest, { action: "stop", rc: 1, opStatus: opStatus.error });
      }
    }
    if (state.fenceDevice === true) {
      const parameters = { hostname: "xen1 xen2" };
      if (name === "xen2") add("fence", { action: "start", parameters });
      else add("fence", { action: "monitor", rc: 7, parameters, ...expecting(7) });
    }
  }
  const attributes = new Map<string, Record<string, string>>();
  const failed = state.failedStop;
  const where = failed === undefined ? undefined : state.running?.[failed];
  if (failed !== undefined && where !== undefined) {
    attributes.set(nodeIds[where], {
      [`fail-count-${failed}#stop_0`]: "INFINITY",
      [`last-failure-${failed}#stop_0`]: String(recordedAt),
    });
  }
  return statusSection({
    nodes: nodeNames.map((name) => nodeState(name, state)),
    results,
    attributes,
  });
}

function nodeState(name: NodeName, state: HowToState): NodeState {
  const how = state.nodes?.[name];
  const there = how !== "lost" && how !== "down";
  return {
    id: nodeIds[name],
    uname: name,
    inCluster: there,
    controllerOnline: there,
    join: there ? "member" : "down",
    expected: how === "down" ? "down" : "member",
  };
}

function plainResult(name: NodeName, resource: string, callId: number): OperationResult {
  return {
    node: { id: nodeIds[name], uname: name },
    resource,
    agent: resource === "fence" ? agents.fence : agents.guest,
    action: "start",
    intervalMs: 0,
    rc: 0,
    opStatus: opStatus.done,
    callId,
    transitionKey: `${callId}:1:0:${transition}`,
    lastRcChangeS: recordedAt,
    parameters: resource === "fence" ? {} : parametersOf(resource),
  };
}

function expecting(rc: number): Pick<OperationResult, "transitionKey"> {
  return { transitionKey: `1:1:${rc}:${transition}` };
}

function parametersOf(guest: string): Record<string, string> {
  return { xmfile: `/etc/xen/${guest}.dom`, target_role: "started" };
}

function monitored(guest: string): Record<string, string> {
  return { ...parametersOf(guest), CRM_meta_timeout: "60000" };
}
