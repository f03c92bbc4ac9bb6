/** Changes a CIB at random in ways that administrators and failures do: the configuration stays one that can be read. */
import type { Prng } from "../../../src/base/prng.ts";
import {
  attribute,
  descendants,
  element,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../src/formats/xml/xml-element.ts";

type Mutation = (cib: XmlElement, prng: Prng) => XmlElement;

/** @param times how many changes; one that finds nothing to change counts. */
export function mutateCib(cib: XmlElement, prng: Prng, times: number): XmlElement {
  let mutated = cib;
  for (let i = 0; i < times; i++) mutated = prng.pick(mutations)(mutated, prng);
  return mutated;
}

const clusterOptions: readonly (readonly [string, readonly string[]])[] = [
  ["stonith-enabled", ["true", "false"]],
  ["no-quorum-policy", ["stop", "ignore", "freeze", "demote"]],
  ["symmetric-cluster", ["true", "false"]],
  ["maintenance-mode", ["true", "false"]],
  ["stop-all-resources", ["true"]],
  ["start-failure-is-fatal", ["true", "false"]],
  ["placement-strategy", ["default", "utilization", "minimal", "balanced"]],
  ["startup-fencing", ["true", "false"]],
  ["stonith-action", ["reboot", "off"]],
  ["node-health-strategy", ["migrate-on-red", "only-green", "progressive"]],
  ["stop-orphan-resources", ["true", "false"]],
  ["concurrent-fencing", ["true", "false"]],
  ["priority-fencing-delay", ["15s"]],
  ["shutdown-lock", ["true"]],
];
const metaAttributes: readonly (readonly [string, readonly string[]])[] = [
  ["target-role", ["Stopped", "Started"]],
  ["is-managed", ["false", "true"]],
  ["resource-stickiness", ["0", "1", "100", "INFINITY"]],
  ["migration-threshold", ["1", "2", "3"]],
  ["failure-timeout", ["1", "1h"]],
  ["priority", ["5", "10", "-5"]],
  ["allow-migrate", ["true", "false"]],
  ["multiple-active", ["block", "stop_only", "stop_start", "stop_unexpected"]],
  ["requires", ["nothing", "quorum", "fencing"]],
  ["maintenance", ["true"]],
  ["critical", ["false"]],
];
const cloneAttributes: readonly (readonly [string, readonly string[]])[] = [
  ["interleave", ["true", "false"]],
  ["ordered", ["true", "false"]],
  ["notify", ["true", "false"]],
  ["clone-max", ["1", "2", "3"]],
  ["clone-min", ["1", "2"]],
  ["clone-node-max", ["1", "2"]],
  ["target-role", ["Stopped", "Slave", "Started"]],
];

const mutations: readonly Mutation[] = [
  (cib, prng) => setClusterOption(cib, prng.pick(clusterOptions), prng),
  (cib, prng) => setMeta(cib, ["primitive"], prng.pick(metaAttributes), prng),
  (cib, prng) => setMeta(cib, ["group", "clone", "master"], prng.pick(metaAttributes), prng),
  (cib, prng) => setMeta(cib, ["clone", "master"], prng.pick(cloneAttributes), prng),
  (cib, prng) => remove(cib, ["rsc_location", "rsc_order", "rsc_colocation", "rsc_ticket"], prng),
  (cib, prng) => remove(cib, ["lrm_rsc_op"], prng),
  (cib, prng) => remove(cib, ["lrm_rsc_op", "lrm_resource", "lrm_rsc_op"], prng),
  (cib, prng) => remove(cib, ["primitive", "op"], prng),
  (cib, prng) => addLocation(cib, prng),
  (cib, prng) => addPair(cib, prng),
  (cib, prng) => setOnOne(cib, ["rsc_location", "rsc_colocation"], scoreOf(prng), prng),
  (cib, prng) => setOnOne(cib, ["rsc_order"], { kind: prng.pick(["Optional", "Mandatory"]) }, prng),
  (cib, prng) => setOnOne(cib, ["op"], { "on-fail": prng.pick(onFail) }, prng),
  (cib, prng) => failOne(cib, prng),
  (cib, prng) => failOne(cib, prng),
  (cib, prng) => setNodeAttribute(cib, prng),
  (cib, prng) => setOnOne(cib, ["node_state"], prng.pick(nodeStates), prng),
  (cib, prng) => setOnOne(cib, ["node_state"], prng.pick(nodeStates), prng),
  (cib, prng) => addFailCount(cib, prng),
  (cib, prng) => withAttributes(cib, { "have-quorum": prng.pick(["0", "1"]) }),
];

const onFail = ["block", "stop", "ignore", "restart", "standby", "fence"];
const nodeStates: readonly Readonly<Record<string, string>>[] = [
  { in_ccm: "false", crmd: "offline", join: "down", expected: "member" },
  { in_ccm: "false", crmd: "offline", join: "down", expected: "down" },
  { in_ccm: "true", crmd: "online", join: "member", expected: "member" },
  { in_ccm: "true", crmd: "offline", join: "down", expected: "member" },
];
const scores = ["INFINITY", "100", "1", "-1", "-100", "-INFINITY"];
const scoreOf = (prng: Prng): Record<string, string> => ({ score: prng.pick(scores) });

/** Makes the tree anew with one element changed; "removed" takes it out. */
export function replaceElement(
  root: XmlElement,
  target: XmlElement,
  by: (old: XmlElement) => XmlElement | "removed",
): XmlElement {
  const children = root.children.flatMap((each) => {
    if (each !== target) return [replaceElement(each, target, by)];
    const replaced = by(each);
    return replaced === "removed" ? [] : [replaced];
  });
  const same = children.every((each, index) => each === root.children[index]);
  return same && children.length === root.children.length ? root : withChildren(root, children);
}

function pickNamed(
  cib: XmlElement,
  names: readonly string[],
  prng: Prng,
  filter: (each: XmlElement) => boolean = () => true,
): XmlElement | undefined {
  const found = [...descendants(cib)].filter((each) => names.includes(each.name) && filter(each));
  return found.length === 0 ? undefined : prng.pick(found);
}

function remove(cib: XmlElement, names: readonly string[], prng: Prng): XmlElement {
  const target = pickNamed(cib, [prng.pick(names)], prng);
  if (target === undefined) return cib;
  const id = attribute(target, "id");
  if (target.name === "primitive" && isReferenced(cib, id)) return cib;
  return replaceElement(cib, target, () => "removed");
}

const references = ["rsc", "with-rsc", "first", "then", "id", "container", "devices"];
const referring = /^(rsc_|resource_ref|obj_ref|fencing-level)/;

/** A constraint on what isn't there is not a configuration that Pacemaker takes; nor is an empty group or clone. */
function isReferenced(cib: XmlElement, id: string | undefined): boolean {
  for (const each of descendants(cib)) {
    const isParent = ["group", "clone", "master", "bundle"].includes(each.name);
    if (isParent && each.children.some((member) => attribute(member, "id") === id)) return true;
    if (!referring.test(each.name)) continue;
    if (
      references.some(
        (name) =>
          attribute(each, name)
            ?.split(",")
            .includes(id ?? "") === true,
      )
    )
      return true;
  }
  return false;
}

function setOnOne(
  cib: XmlElement,
  names: readonly string[],
  values: Readonly<Record<string, string>>,
  prng: Prng,
): XmlElement {
  const fits = (each: XmlElement): boolean =>
    Object.keys(values).every((name) => name !== "score" || attribute(each, name) !== undefined);
  const target = pickNamed(cib, names, prng, fits);
  return target === undefined
    ? cib
    : replaceElement(cib, target, (old) => withAttributes(old, values));
}

function setClusterOption(
  cib: XmlElement,
  [name, values]: readonly [string, readonly string[]],
  prng: Prng,
): XmlElement {
  const set = pickNamed(cib, ["cluster_property_set"], prng);
  if (set === undefined) return cib;
  return replaceElement(cib, set, (old) => setPair(old, name, prng.pick(values)));
}

function setMeta(
  cib: XmlElement,
  kinds: readonly string[],
  [name, values]: readonly [string, readonly string[]],
  prng: Prng,
): XmlElement {
  const target = pickNamed(cib, kinds, prng, (each) => attribute(each, "template") === undefined);
  if (target === undefined) return cib;
  const value = prng.pick(values);
  return replaceElement(cib, target, (old) => {
    const block = old.children.find(
      (each) => each.name === "meta_attributes" && attribute(each, "id-ref") === undefined,
    );
    if (block !== undefined)
      return replaceElement(old, block, (pairs) => setPair(pairs, name, value));
    const id = `${attribute(old, "id")}-fuzz-meta`;
    const made = element("meta_attributes", { id }, [pair(`${id}-${name}`, name, value)]);
    return withChildren(old, [made, ...old.children]);
  });
}

function setPair(set: XmlElement, name: string, value: string): XmlElement {
  const others = set.children.filter((each) => attribute(each, "name") !== name);
  const id = `${attribute(set, "id")}-fuzz-${name}`;
  return withChildren(set, [...others, pair(id, name, value)]);
}

function pair(id: string, name: string, value: string): XmlElement {
  return element("nvpair", { id, name, value });
}

const results: readonly (readonly [rc: string, status: string])[] = [
  ["1", "4"],
  ["7", "0"],
  ["0", "0"],
  ["1", "2"],
  ["5", "4"],
  ["8", "0"],
  ["193", "-1"],
];

/** Gives one recorded operation another result. */
function failOne(cib: XmlElement, prng: Prng): XmlElement {
  const target = pickNamed(cib, ["lrm_rsc_op"], prng);
  if (target === undefined) return cib;
  const [rc, status] = prng.pick(results);
  const key = attribute(target, "transition-key") ?? "1:1:0:00000000-0000-0000-0000-000000000001";
  return replaceElement(cib, target, (old) =>
    withAttributes(old, {
      "rc-code": rc,
      "op-status": status,
      "transition-key": key,
      "transition-magic": `${status}:${rc};${key}`,
    }),
  );
}

function someNode(cib: XmlElement, prng: Prng): string | undefined {
  const node = pickNamed(cib, ["node"], prng, (each) => attribute(each, "uname") !== undefined);
  return node === undefined ? undefined : attribute(node, "uname");
}

function someResource(cib: XmlElement, prng: Prng): string | undefined {
  const resources = cib.children
    .find((each) => each.name === "configuration")
    ?.children.find((each) => each.name === "resources");
  const top = resources?.children.filter((each) => each.name !== "template") ?? [];
  return top.length === 0 ? undefined : attribute(prng.pick(top), "id");
}

function addConstraint(cib: XmlElement, made: XmlElement, prng: Prng): XmlElement {
  const section = pickNamed(cib, ["constraints"], prng);
  if (section === undefined) return cib;
  const id = `fuzz-constraint-${section.children.length}`;
  const taken = section.children.some((each) => attribute(each, "id") === id);
  if (taken) return cib;
  return replaceElement(cib, section, (old) =>
    withChildren(old, [...old.children, withAttributes(made, { id })]),
  );
}

function addLocation(cib: XmlElement, prng: Prng): XmlElement {
  const [rsc, node] = [someResource(cib, prng), someNode(cib, prng)];
  if (rsc === undefined || node === undefined) return cib;
  return addConstraint(cib, element("rsc_location", { id: "", rsc, node, ...scoreOf(prng) }), prng);
}

function addPair(cib: XmlElement, prng: Prng): XmlElement {
  const [a, b] = [someResource(cib, prng), someResource(cib, prng)];
  if (a === undefined || b === undefined || a === b) return cib;
  const made = prng.chance(0.5)
    ? element("rsc_colocation", { id: "", rsc: a, "with-rsc": b, ...scoreOf(prng) })
    : element("rsc_order", {
        id: "",
        ...Object.fromEntries([["first", a] as const, ["then", b] as const]),
        kind: prng.pick(["Mandatory", "Optional"]),
      });
  return addConstraint(cib, made, prng);
}

const nodeAttributes: readonly (readonly [string, string])[] = [
  ["standby", "on"],
  ["standby", "off"],
  ["maintenance", "true"],
  ["#health-disk", "red"],
  ["#health-disk", "yellow"],
];

function setNodeAttribute(cib: XmlElement, prng: Prng): XmlElement {
  const node = pickNamed(cib, ["node"], prng);
  if (node === undefined) return cib;
  const [name, value] = prng.pick(nodeAttributes);
  return replaceElement(cib, node, (old) => {
    const block = old.children.find((each) => each.name === "instance_attributes");
    if (block !== undefined) return replaceElement(old, block, (set) => setPair(set, name, value));
    const id = `${attribute(old, "id")}-fuzz-own`;
    const made = element("instance_attributes", { id }, [pair(`${id}-${name}`, name, value)]);
    return withChildren(old, [...old.children, made]);
  });
}

function addFailCount(cib: XmlElement, prng: Prng): XmlElement {
  const state = pickNamed(cib, ["node_state"], prng);
  const resource = pickNamed(cib, ["primitive"], prng);
  if (state === undefined || resource === undefined) return cib;
  const of = `${attribute(resource, "id")}#${prng.pick(["monitor_10000", "start_0"])}`;
  const count = prng.pick(["1", "3", "INFINITY"]);
  return replaceElement(cib, state, (old) => {
    const block = old.children.find((each) => each.name === "transient_attributes");
    const id = `${attribute(old, "id")}-fuzz-transient`;
    const pairs = [
      pair(`${id}-fail-${of}`.replace("#", "."), `fail-count-${of}`, count),
      pair(`${id}-last-${of}`.replace("#", "."), `last-failure-${of}`, "1240000000"),
    ];
    const set = block?.children[0];
    if (block !== undefined && set !== undefined) {
      return replaceElement(old, set, (each) => {
        const names = pairs.map((one) => attribute(one, "name"));
        const rest = each.children.filter((one) => !names.includes(attribute(one, "name")));
        return withChildren(each, [...rest, ...pairs]);
      });
    }
    if (block !== undefined) return old;
    const made = element("transient_attributes", { id: attribute(old, "id") ?? "" }, [
      element("instance_attributes", { id }, pairs),
    ]);
    return withChildren(old, [...old.children, made]);
  });
}
