/** Nodes: whether they are there, what is said of them, and which there are. */
import type { Prng } from "../../../../src/base/prng.ts";
import {
  attribute,
  element,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../../src/formats/xml/xml-element.ts";
import {
  changeOne,
  elementsNamed,
  freshId,
  idOf,
  inSection,
  type Mutation,
  pair,
  pickNamed,
  replaceElement,
  setInBlock,
  setOnOne,
  setPair,
  xmlId,
} from "./change-tree.ts";

const states: readonly Readonly<Record<string, string>>[] = [
  { in_ccm: "false", crmd: "offline", join: "down", expected: "member" },
  { in_ccm: "false", crmd: "offline", join: "down", expected: "member" },
  { in_ccm: "false", crmd: "offline", join: "down", expected: "down" },
  { in_ccm: "true", crmd: "online", join: "member", expected: "member" },
  { in_ccm: "true", crmd: "online", join: "member", expected: "member" },
  { in_ccm: "true", crmd: "offline", join: "down", expected: "member" },
  { in_ccm: "true", crmd: "online", join: "pending", expected: "member" },
  { in_ccm: "true", crmd: "offline", join: "down", expected: "down" },
  { in_ccm: "true", crmd: "online", join: "banned", expected: "member" },
  { in_ccm: "1400000000", crmd: "1400000000", join: "member", expected: "member" },
];
const permanent: readonly (readonly [string, string])[] = [
  ["standby", "on"],
  ["standby", "off"],
  ["maintenance", "true"],
  ["#health-disk", "red"],
  ["#health-disk", "yellow"],
  ["#health-cpu", "green"],
  ["fuzz", "1"],
  ["fuzz", "2"],
];
const transient: readonly (readonly [string, string])[] = [
  ["shutdown", "1300000000"],
  ["shutdown", "1300000000"],
  ["terminate", "true"],
  ["standby", "true"],
  ["maintenance", "true"],
  ["#health-disk", "yellow"],
  ["fuzz", "3"],
];

export const nodeMutations: readonly Mutation[] = [
  { feature: "node state", change: (cib, prng) => setState(cib, prng) },
  { feature: "node state", change: (cib, prng) => setState(cib, prng) },
  { feature: "node state", change: (cib, prng) => setState(cib, prng) },
  { feature: "node attribute", change: setPermanent },
  { feature: "node leaving", change: (cib, prng) => setTransient(cib, prng.pick(transient), prng) },
  { feature: "promotion score", change: setPromotionScore },
  { feature: "promotion score", change: setPromotionScore },
  { feature: "fail count", change: addFailCount },
  { feature: "fail count", change: addFailCount },
  { feature: "new node", change: addNode },
  { feature: "node gone", change: removeState },
  { feature: "remote state", change: setRemoteState },
];

/** Of a full node: its state is what the cluster layer says. */
function setState(cib: XmlElement, prng: Prng): XmlElement {
  return setOnOne(cib, ["node_state"], prng.pick(states), prng);
}

function setRemoteState(cib: XmlElement, prng: Prng): XmlElement {
  const remote = elementsNamed(cib, "node_state").filter(
    (each) => attribute(each, "remote_node") !== undefined,
  );
  if (remote.length === 0) return cib;
  return replaceElement(cib, prng.pick(remote), (old) =>
    withAttributes(
      old,
      prng.chance(0.5)
        ? { node_fenced: prng.pick(["1", "1300000000", "0"]) }
        : { node_in_maintenance: prng.pick(["true", "false"]) },
    ),
  );
}

function setPermanent(cib: XmlElement, prng: Prng): XmlElement {
  return changeOne(cib, ["node"], prng, (old) =>
    setInBlock(old, "instance_attributes", prng.pick(permanent)),
  );
}

function setTransient(
  cib: XmlElement,
  [name, value]: readonly [string, string],
  prng: Prng,
): XmlElement {
  return changeOne(cib, ["node_state"], prng, (old) => {
    const block = old.children.find((each) => each.name === "transient_attributes");
    if (block === undefined) {
      const id = xmlId(`${idOf(old)}-transient`);
      const set = element("instance_attributes", { id }, [pair(`${id}-${name}`, name, value)]);
      return withChildren(old, [
        ...old.children,
        element("transient_attributes", { id: idOf(old) }, [set]),
      ]);
    }
    const set = block.children[0];
    return set === undefined ? old : replaceElement(old, set, (each) => setPair(each, name, value));
  });
}

function setPromotionScore(cib: XmlElement, prng: Prng): XmlElement {
  const promotable = elementsNamed(cib, "clone", "master", "bundle").flatMap((each) =>
    elementsNamed(each, "primitive"),
  );
  if (promotable.length === 0) return cib;
  const name = `master-${idOf(prng.pick(promotable))}`;
  return setTransient(
    cib,
    [name, prng.pick(["0", "1", "5", "10", "1000", "-INFINITY", "INFINITY"])],
    prng,
  );
}

function addFailCount(cib: XmlElement, prng: Prng): XmlElement {
  const resource = pickNamed(cib, ["primitive"], prng);
  if (resource === undefined) return cib;
  const of = `${idOf(resource)}#${prng.pick(["monitor_10000", "start_0", "promote_0"])}`;
  const own = prng.fork();
  const counted = setTransient(cib, [`fail-count-${of}`, prng.pick(["1", "3", "INFINITY"])], own);
  return setTransient(counted, [`last-failure-${of}`, "1240000000"], own);
}

/** Nothing is known of it, or it has just joined. */
function addNode(cib: XmlElement, prng: Prng): XmlElement {
  const id = freshId(cib, "9000");
  const added = inSection(cib, "nodes", (old) =>
    withChildren(old, [...old.children, element("node", { id, uname: `new-${id}` })]),
  );
  const status = added.children.find(({ name }) => name === "status");
  if (status === undefined || prng.chance(0.3)) return added;
  const state = element("node_state", { id, uname: `new-${id}`, ...prng.pick(states) });
  return replaceElement(added, status, (old) => withChildren(old, [...old.children, state]));
}

function removeState(cib: XmlElement, prng: Prng): XmlElement {
  return changeOne(
    cib,
    [prng.pick(["node_state", "node", "lrm", "transient_attributes"])],
    prng,
    () => "removed",
  );
}
