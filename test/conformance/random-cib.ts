/** Random small clusters in random states: what the laws of the scheduler are tested with. */
import fc from "fast-check";
import { statusSection } from "../../src/core/cib/status/history.ts";
import { element, type XmlElement } from "../../src/formats/xml/xml-element.ts";
import { type Activity, type InstanceState, instanceResults } from "./random-history.ts";

export type NodeSpec = {
  readonly name: string;
  readonly state: "online" | "lost" | "down" | "standby" | "leaving";
};

export type PrimitiveSpec = {
  readonly name: string;
  readonly migratable: boolean;
  readonly disabled: boolean;
  readonly managed: boolean;
  readonly threshold: number | undefined;
  readonly priority: number;
  readonly onFail: string | undefined;
  /** By node index; further nodes are unknown. */
  readonly activity: readonly Activity[];
};

export type ResourceSpec = {
  readonly kind: "primitive" | "group" | "clone" | "promotable";
  readonly members: readonly PrimitiveSpec[];
  readonly interleave: boolean;
  readonly ordered: boolean;
  readonly notify: boolean;
};

export type ConstraintSpec = {
  readonly kind: "location" | "colocation" | "order";
  readonly a: number;
  readonly b: number;
  readonly node: number;
  readonly score: string;
  readonly orderKind: string;
  readonly symmetrical: boolean;
};

export type ClusterSpec = {
  readonly nodes: readonly NodeSpec[];
  readonly resources: readonly ResourceSpec[];
  readonly constraints: readonly ConstraintSpec[];
  readonly fencing: boolean;
  readonly device: boolean;
  readonly quorum: boolean;
  readonly policy: string;
  readonly stickiness: number;
  readonly symmetric: boolean;
};

const mostly = <T>(usual: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(usual, ...others) },
  );

const primitiveArbitrary = (
  states: fc.Arbitrary<Activity>,
): fc.Arbitrary<Omit<PrimitiveSpec, "name">> =>
  fc.record({
    migratable: fc.boolean(),
    disabled: mostly(false, true),
    managed: mostly(true, false),
    threshold: mostly<number | undefined>(undefined, 1, 2),
    priority: mostly(0, 5, 10),
    onFail: mostly<string | undefined>(undefined, "block", "stop", "ignore", "fence", "standby"),
    activity: fc.array(states, { minLength: 3, maxLength: 3 }),
  });

const activityArbitrary: fc.Arbitrary<Activity> = mostly<Activity>(
  "probed",
  "unknown",
  "running",
  "running",
  "stopped",
  "failed-monitor",
  "failed-start",
);

export type Scope = {
  readonly kinds: readonly ResourceSpec["kind"][];
  readonly activities: fc.Arbitrary<Activity>;
  readonly nodeStates: fc.Arbitrary<NodeSpec["state"]>;
};

export const anything: Scope = {
  kinds: ["primitive", "group", "clone", "promotable"],
  activities: activityArbitrary,
  nodeStates: mostly<NodeSpec["state"]>("online", "lost", "down", "standby", "leaving"),
};

export function clusterArbitrary(scope: Scope = anything): fc.Arbitrary<ClusterSpec> {
  const resource = fc.record({
    kind: fc.constantFrom(...scope.kinds),
    members: fc.array(primitiveArbitrary(scope.activities), { minLength: 2, maxLength: 3 }),
    interleave: fc.boolean(),
    ordered: mostly(false, true),
    notify: mostly(false, true),
  });
  const constraint = fc.record({
    kind: fc.constantFrom("location", "colocation", "order") as fc.Arbitrary<
      ConstraintSpec["kind"]
    >,
    a: fc.nat(4),
    b: fc.nat(4),
    node: fc.nat(2),
    score: fc.constantFrom("INFINITY", "100", "50", "-50", "-INFINITY"),
    orderKind: mostly("Mandatory", "Optional", "Serialize"),
    symmetrical: mostly(true, false),
  });
  return fc
    .record({
      nodes: fc.array(scope.nodeStates, { minLength: 2, maxLength: 3 }),
      resources: fc.array(resource, { minLength: 1, maxLength: 4 }),
      constraints: fc.array(constraint, { maxLength: 4 }),
      fencing: fc.boolean(),
      device: mostly(true, false),
      quorum: mostly(true, false),
      policy: mostly("stop", "ignore", "freeze", "demote"),
      stickiness: fc.constantFrom(0, 1, 100),
      symmetric: mostly(true, false),
    })
    .map((spec) => ({
      ...spec,
      nodes: spec.nodes.map((state, index) => ({ name: `n${index + 1}`, state })),
      resources: spec.resources.map((each, index) => named(each, index)),
    }));
}

function named(
  spec: Omit<ResourceSpec, "members"> & { readonly members: Omit<PrimitiveSpec, "name">[] },
  index: number,
): ResourceSpec {
  const single = spec.kind !== "group";
  const members = single ? spec.members.slice(0, 1) : spec.members;
  return {
    ...spec,
    members: members.map((member, at) => ({
      ...member,
      name: `r${index}${single ? "" : `m${at}`}`,
    })),
  };
}

/** The id by which constraints know the resource. */
function topId(spec: ResourceSpec, index: number): string {
  return spec.kind === "primitive" ? `r${index}` : `${spec.kind}${index}`;
}

export function cibOf(spec: ClusterSpec): XmlElement {
  const configuration = element("configuration", {}, [
    element("crm_config", {}, [element("cluster_property_set", { id: "options" }, options(spec))]),
    element("nodes", {}, spec.nodes.map(nodeElement)),
    element("resources", {}, [...spec.resources.map(resourceElement), ...devices(spec)]),
    element("constraints", {}, constraintElements(spec)),
    element("rsc_defaults", {}, [
      meta("defaults", [["resource-stickiness", String(spec.stickiness)]]),
    ]),
  ]);
  const attributes = {
    "validate-with": "pacemaker-3.9",
    crm_feature_set: "3.16.1",
    admin_epoch: "0",
    epoch: "1",
    num_updates: "0",
    "have-quorum": spec.quorum ? "1" : "0",
    "dc-uuid": "n1",
    "execution-date": "1700000000",
  };
  return element("cib", attributes, [configuration, status(spec)]);
}

function options(spec: ClusterSpec): XmlElement[] {
  return nvpairs("options", [
    ["stonith-enabled", String(spec.fencing)],
    ["no-quorum-policy", spec.policy],
    ["symmetric-cluster", String(spec.symmetric)],
  ]);
}

function nvpairs(prefix: string, values: readonly (readonly [string, string])[]): XmlElement[] {
  return values.map(([name, value]) => element("nvpair", { id: `${prefix}-${name}`, name, value }));
}

function meta(id: string, values: readonly (readonly [string, string])[]): XmlElement {
  return element("meta_attributes", { id: `${id}-meta` }, nvpairs(id, values));
}

function nodeElement({ name, state }: NodeSpec): XmlElement {
  const standby = element(
    "instance_attributes",
    { id: `${name}-own` },
    nvpairs(name, [["standby", "on"]]),
  );
  return element("node", { id: name, uname: name }, state === "standby" ? [standby] : []);
}

function devices({ device }: ClusterSpec): XmlElement[] {
  return device
    ? [element("primitive", { id: "fence", class: "stonith", type: "fence_dummy" })]
    : [];
}

function resourceElement(spec: ResourceSpec, index: number): XmlElement {
  const id = topId(spec, index);
  const members = spec.members.map((member) =>
    primitiveElement(member, spec.kind === "promotable"),
  );
  if (spec.kind === "primitive") return members[0] as XmlElement;
  if (spec.kind === "group") return element("group", { id }, members);
  const values: [string, string][] = [
    ["interleave", String(spec.interleave)],
    ["ordered", String(spec.ordered)],
    ["notify", String(spec.notify)],
  ];
  if (spec.kind === "promotable") values.push(["promotable", "true"]);
  return element("clone", { id }, [meta(id, values), ...members]);
}

function primitiveElement(spec: PrimitiveSpec, promotable: boolean): XmlElement {
  const { name } = spec;
  const values: [string, string][] = [["allow-migrate", String(spec.migratable)]];
  if (spec.disabled) values.push(["target-role", "Stopped"]);
  if (!spec.managed) values.push(["is-managed", "false"]);
  if (spec.threshold !== undefined) values.push(["migration-threshold", String(spec.threshold)]);
  if (spec.priority > 0) values.push(["priority", String(spec.priority)]);
  const onFail = spec.onFail === undefined ? {} : { "on-fail": spec.onFail };
  const monitor = {
    id: `${name}-monitor`,
    name: "monitor",
    interval: "10s",
    timeout: "20s",
    ...onFail,
  };
  return element(
    "primitive",
    { id: name, class: "ocf", provider: "pacemaker", type: promotable ? "Stateful" : "Dummy" },
    [meta(name, values), element("operations", {}, [element("op", monitor)])],
  );
}

/** Constraints between resources that are there, each pair once in a way that schemas allow. */
function constraintElements(spec: ClusterSpec): XmlElement[] {
  const ids = spec.resources.map(topId);
  return spec.constraints.flatMap((constraint, index) => {
    const id = `c${index}`;
    // Never in a circle: what waits for each other never starts.
    const [low, high] = [constraint.a % ids.length, constraint.b % ids.length].sort();
    const a = ids[low as number] as string;
    const b = ids[high as number] as string;
    const { score } = constraint;
    if (constraint.kind === "location") {
      const node = spec.nodes[constraint.node % spec.nodes.length]?.name as string;
      return [element("rsc_location", { id, rsc: a, node, score })];
    }
    if (a === b) return [];
    if (constraint.kind === "colocation") {
      return [element("rsc_colocation", { id, rsc: a, "with-rsc": b, score })];
    }
    const { orderKind: kind, symmetrical } = constraint;
    const symmetry = kind === "Serialize" ? {} : { symmetrical: String(symmetrical) };
    const ends = Object.fromEntries(new Map([["first", a]]).set("then", b));
    return [element("rsc_order", { id, ...ends, kind, ...symmetry })];
  });
}

function status(spec: ClusterSpec): XmlElement {
  const instances: InstanceState[] = [];
  for (const resource of spec.resources) {
    for (const { name, activity } of resource.members) {
      spec.nodes.forEach((node, index) => {
        const type = resource.kind === "promotable" ? "Stateful" : "Dummy";
        const state = node.state === "down" ? "unknown" : (activity[index] ?? "unknown");
        instances.push({ resource: name, type, node: node.name, activity: state });
      });
    }
  }
  const { results, attributes } = instanceResults(instances);
  for (const { name, state } of spec.nodes) {
    if (state === "leaving")
      attributes.set(name, { ...attributes.get(name), shutdown: "1699999000" });
  }
  return statusSection({
    nodes: spec.nodes.map(({ name, state }) => {
      const there = state !== "lost" && state !== "down";
      return {
        id: name,
        uname: name,
        inCluster: there,
        controllerOnline: there,
        join: there ? ("member" as const) : ("down" as const),
        expected: state === "down" ? ("down" as const) : ("member" as const),
      };
    }),
    results,
    attributes,
  });
}
