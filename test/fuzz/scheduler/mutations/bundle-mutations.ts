/** Bundles: what is in them, how their containers are reached, and what they have of their hosts. */
import type { Prng } from "../../../../src/base/prng.ts";
import {
  attribute,
  element,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../../src/formats/xml/xml-element.ts";
import {
  type Choice,
  changeOne,
  freshId,
  idOf,
  type Mutation,
  pair,
  pickChoice,
  pickFrom,
  replaceElement,
  topResources,
} from "./change-tree.ts";

export const bundleMutations: readonly Mutation[] = [
  { feature: "new bundle", change: intoBundle },
  { feature: "new bundle", change: intoBundle },
  { feature: "bundle engine", change: changeEngine },
  { feature: "bundle engine", change: changeEngine },
  { feature: "bundle network", change: changeNetwork },
  { feature: "bundle storage", change: addStorage },
  { feature: "bundle meta", change: changeMeta },
  { feature: "bundle emptied", change: emptied },
];

const engines = ["docker", "podman"];
const ofEngine: readonly Choice[] = [
  ["replicas", ["1", "2", "3", "4"]],
  ["replicas-per-host", ["1", "2"]],
  ["promoted-max", ["0", "1", "2"]],
  ["run-command", ["/bin/other"]],
  ["network", ["host", "none"]],
  ["options", ["--log-driver=none"]],
];
const ofNetwork: readonly Choice[] = [
  ["ip-range-start", ["192.168.122.131", "10.0.0.250"]],
  ["control-port", ["3121", "9999"]],
  ["host-interface", ["eth0"]],
  ["host-netmask", ["24", "16"]],
  ["add-host", ["true", "false"]],
];

function chosen(choices: readonly Choice[], prng: Prng, share: number): Record<string, string> {
  return Object.fromEntries(
    choices.flatMap((choice) => (prng.chance(share) ? [pickChoice(choice, prng)] : [])),
  );
}

/** A container around a primitive of the top, which may run there as before. */
function intoBundle(cib: XmlElement, prng: Prng): XmlElement {
  const target = pickFrom(
    topResources(cib).filter(
      (each) => each.name === "primitive" && attribute(each, "class") !== "stonith",
    ),
    prng,
  );
  if (target === undefined) return cib;
  const keeps = prng.chance(0.3);
  const id = keeps ? idOf(target) : freshId(cib, "fuzz-bundle");
  const inner = keeps ? withAttributes(target, { id: freshId(cib, `${id}-inner`) }) : target;
  const network = element("network", chosen(ofNetwork, prng, 0.5), [
    ...(prng.chance(0.4)
      ? [element("port-mapping", { id: `${id}-port`, port: prng.pick(["80", "3306"]) })]
      : []),
  ]);
  const reachable =
    attribute(network, "ip-range-start") !== undefined ||
    attribute(network, "control-port") !== undefined;
  const parts = [
    element(prng.pick(engines), { image: "fuzz:latest", ...chosen(ofEngine, prng, 0.4) }),
    network,
    element("storage", {}, [storage(id, prng)]),
    ...(reachable && prng.chance(0.8) ? [inner] : []),
  ];
  return replaceElement(cib, target, () => element("bundle", { id }, parts));
}

function storage(id: string, prng: Prng): XmlElement {
  const where = prng.chance(0.5)
    ? { "source-dir": "/srv/fuzz" }
    : { "source-dir-root": "/var/log/fuzz" };
  return element("storage-mapping", {
    id: `${id}-store-${prng.below(1000)}`,
    ...where,
    "target-dir": prng.pick(["/data", "/var/log"]),
    ...(prng.chance(0.5) ? { options: "rw" } : {}),
  });
}

function changeEngine(cib: XmlElement, prng: Prng): XmlElement {
  return changeOne(cib, engines, prng, (old) => {
    if (prng.chance(0.15)) {
      return { ...old, name: old.name === "docker" ? "podman" : "docker" };
    }
    const [name, value] = pickChoice(prng.pick(ofEngine), prng);
    return withAttributes(old, { [name]: prng.chance(0.25) ? undefined : value });
  });
}

function changeNetwork(cib: XmlElement, prng: Prng): XmlElement {
  return changeOne(cib, ["network"], prng, (old) => {
    const [name, value] = pickChoice(prng.pick(ofNetwork), prng);
    return withAttributes(old, { [name]: prng.chance(0.3) ? undefined : value });
  });
}

function addStorage(cib: XmlElement, prng: Prng): XmlElement {
  return changeOne(cib, ["storage"], prng, (old) =>
    withChildren(old, [...old.children, storage(freshId(cib, "fuzz-storage"), prng)]),
  );
}

const metas: readonly Choice[] = [
  ["target-role", ["Stopped", "Started", "Unpromoted", "Promoted"]],
  ["is-managed", ["false"]],
  ["maintenance", ["true"]],
  ["container-attribute-target", ["host"]],
  ["priority", ["10"]],
  ["resource-stickiness", ["0", "100"]],
  ["allow-migrate", ["true"]],
];

function changeMeta(cib: XmlElement, prng: Prng): XmlElement {
  return changeOne(cib, ["bundle"], prng, (old) => {
    const [name, value] = pickChoice(prng.pick(metas), prng);
    const id = freshId(cib, "fuzz-bundle-meta");
    const block = element("meta_attributes", { id }, [pair(`${id}-pair`, name, value)]);
    const at = old.children.findIndex((each) => each.name === "primitive");
    const place = at < 0 ? old.children.length : at;
    return withChildren(old, [
      ...old.children.slice(0, place),
      block,
      ...old.children.slice(place),
    ]);
  });
}

/** Its containers run nothing of the cluster's. */
function emptied(cib: XmlElement, prng: Prng): XmlElement {
  return changeOne(cib, ["bundle"], prng, (old) =>
    withChildren(
      old,
      old.children.filter((each) => each.name !== "primitive"),
    ),
  );
}
