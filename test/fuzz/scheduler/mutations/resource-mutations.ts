/** What is said of a resource: its meta-attributes, operations, parameters and needs. */
import type { Prng } from "../../../../src/base/prng.ts";
import {
  attribute,
  child,
  element,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../../src/formats/xml/xml-element.ts";
import {
  type Choice,
  changeOne,
  elementsNamed,
  freshId,
  idOf,
  type Mutation,
  pickChoice,
  pickFrom,
  pickNamed,
  replaceElement,
  setInBlock,
  setOnOne,
} from "./change-tree.ts";

const booleans = ["true", "false"];
const roles = ["Stopped", "Started", "Promoted", "Unpromoted"];
const ofAny: readonly Choice[] = [
  ["target-role", roles],
  ["is-managed", booleans],
  ["maintenance", booleans],
  ["resource-stickiness", ["0", "1", "100", "-10", "INFINITY", "-INFINITY"]],
  ["migration-threshold", ["1", "2", "3"]],
  ["failure-timeout", ["1", "1h"]],
  ["priority", ["5", "10", "-5", "INFINITY"]],
  ["allow-migrate", booleans],
  ["multiple-active", ["block", "stop_only", "stop_start", "stop_unexpected"]],
  ["requires", ["nothing", "quorum", "fencing", "unfencing"]],
  ["critical", booleans],
  ["allow-unhealthy-nodes", ["true"]],
];
const ofClone: readonly Choice[] = [
  ["interleave", booleans],
  ["ordered", booleans],
  ["notify", booleans],
  ["clone-max", ["0", "1", "2", "3", "4"]],
  ["clone-min", ["1", "2"]],
  ["clone-node-max", ["1", "2"]],
  ["globally-unique", booleans],
  ["promotable", booleans],
  ["promoted-max", ["0", "1", "2"]],
  ["promoted-node-max", ["1", "2"]],
  ["target-role", roles],
  ["resource-stickiness", ["0", "100"]],
];
const ofEngine: readonly Choice[] = [
  ["replicas", ["1", "2", "3"]],
  ["replicas-per-host", ["1", "2"]],
  ["promoted-max", ["0", "1", "2"]],
  ["run-command", ["/bin/other"]],
  ["network", ["host"]],
];
const collectives = ["group", "clone", "master", "bundle"];

export const resourceMutations: readonly Mutation[] = [
  meta("primitive meta", ["primitive"], ofAny),
  meta("primitive meta", ["primitive"], ofAny),
  meta("collective meta", collectives, ofAny),
  meta("clone meta", ["clone", "master"], ofClone),
  meta("clone meta", ["clone", "master"], ofClone),
  {
    feature: "bundle",
    change: (cib, prng) =>
      setOnOne(
        cib,
        ["docker", "podman"],
        Object.fromEntries([pickChoice(prng.pick(ofEngine), prng)]),
        prng,
      ),
  },
  {
    feature: "parameters",
    change: (cib, prng) =>
      setOwn(cib, "instance_attributes", ["fuzz", prng.pick(["1", "2"])], prng),
  },
  { feature: "parameters", change: changeParameter },
  { feature: "utilization", change: (cib, prng) => setNeed(cib, prng) },
  {
    feature: "agent",
    change: (cib, prng) =>
      setOnOne(cib, ["primitive"], { type: prng.pick(["Dummy", "Stateful", "other"]) }, prng),
  },
  { feature: "fencing device", change: provideUnfencing },
  { feature: "operation", change: changeOperation },
  { feature: "operation", change: addOperation },
  { feature: "operation", change: addOperation },
  { feature: "operation", change: (cib, prng) => changeOne(cib, ["op"], prng, () => "removed") },
];

function meta(feature: string, kinds: readonly string[], choices: readonly Choice[]): Mutation {
  return {
    feature,
    change: (cib, prng) =>
      changeOne(cib, kinds, prng, (old) =>
        setInBlock(old, "meta_attributes", pickChoice(prng.pick(choices), prng)),
      ),
  };
}

function setOwn(
  cib: XmlElement,
  block: string,
  value: readonly [string, string],
  prng: Prng,
): XmlElement {
  return changeOne(cib, ["primitive"], prng, (old) => setInBlock(old, block, value));
}

function changeParameter(cib: XmlElement, prng: Prng): XmlElement {
  const blocks = elementsNamed(cib, "primitive").flatMap((each) =>
    each.children.filter(({ name }) => name === "instance_attributes"),
  );
  const target = pickFrom(
    blocks.flatMap((each) => each.children),
    prng,
  );
  if (target === undefined) return cib;
  return replaceElement(cib, target, (old) =>
    prng.chance(0.3) ? "removed" : withAttributes(old, { value: "fuzz" }),
  );
}

function setNeed(cib: XmlElement, prng: Prng): XmlElement {
  const value = ["memory", prng.pick(["1", "10", "60"])] as const;
  const ofNode = prng.chance(0.4);
  return changeOne(cib, [ofNode ? "node" : "primitive"], prng, (old) =>
    setInBlock(old, "utilization", value),
  );
}

function provideUnfencing(cib: XmlElement, prng: Prng): XmlElement {
  const device = pickFrom(
    elementsNamed(cib, "primitive").filter((each) => attribute(each, "class") === "stonith"),
    prng,
  );
  if (device === undefined) return cib;
  return replaceElement(cib, device, (old) =>
    prng.chance(0.3) ? "removed" : setInBlock(old, "meta_attributes", ["provides", "unfencing"]),
  );
}

const onFail = ["block", "stop", "ignore", "restart", "standby", "fence", "demote"];
const opChoices: readonly Choice[] = [
  ["on-fail", onFail],
  ["on-fail", onFail],
  ["enabled", ["false"]],
  ["role", roles],
  ["timeout", ["7s"]],
  ["interval", ["11s", "0"]],
  ["start-delay", ["5s"]],
];

function changeOperation(cib: XmlElement, prng: Prng): XmlElement {
  const choice = pickChoice(prng.pick(opChoices), prng);
  return setOnOne(cib, ["op"], Object.fromEntries([choice]), prng);
}

function addOperation(cib: XmlElement, prng: Prng): XmlElement {
  const target = pickNamed(cib, ["primitive"], prng);
  if (target === undefined) return cib;
  const name = prng.pick([
    "monitor",
    "monitor",
    "start",
    "stop",
    "promote",
    "demote",
    "migrate_to",
  ]);
  const operation = element("op", {
    id: freshId(cib, `${idOf(target)}-fuzz-op`),
    name,
    interval: name === "monitor" ? prng.pick(["10s", "7s", "0"]) : "0",
    ...(name === "monitor" && prng.chance(0.5) ? { role: prng.pick(roles) } : {}),
    ...(prng.chance(0.6) ? { "on-fail": prng.pick(onFail) } : {}),
  });
  return replaceElement(cib, target, (old) => {
    const block = child(old, "operations");
    if (block === undefined)
      return withChildren(old, [...old.children, element("operations", {}, [operation])]);
    return replaceElement(old, block, (each) => withChildren(each, [...each.children, operation]));
  });
}
