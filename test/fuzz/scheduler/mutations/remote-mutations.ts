/** Nodes behind a connection: remote nodes, guests that are nodes, and how their connections fare. */
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
  elementsNamed,
  freshId,
  idOf,
  inSection,
  type Mutation,
  pickChoice,
  pickFrom,
  replaceElement,
  sectionOf,
  setInBlock,
  topResources,
} from "./change-tree.ts";

export const remoteMutations: readonly Mutation[] = [
  { feature: "new remote node", change: addRemote },
  { feature: "new remote node", change: addRemote },
  { feature: "remote connection", change: changeConnection },
  { feature: "remote connection", change: changeConnection },
  { feature: "remote meta", change: changeMeta },
  { feature: "on a remote node", change: runOnRemote },
  { feature: "on a remote node", change: runOnRemote },
  { feature: "guest leaves", change: forgetGuest },
];

const monitors = ["0", "0", "1", "7"];

/** A connection that runs on a member, with or without a state of the node behind it. */
function addRemote(cib: XmlElement, prng: Prng): XmlElement {
  const id = freshId(cib, "fuzz-remote");
  const operations = element("operations", {}, [
    element("op", { id: `${id}-monitor`, name: "monitor", interval: "20s" }),
  ]);
  const parameters: XmlElement[] = [];
  if (prng.chance(0.4)) {
    const [name, value] = prng.pick([
      ["server", "192.168.122.9"],
      ["reconnect_interval", "60s"],
    ] as const);
    const pair = element("nvpair", { id: `${id}-${name}`, name, value });
    parameters.push(element("instance_attributes", { id: `${id}-parameters` }, [pair]));
  }
  const connection = element(
    "primitive",
    { id, class: "ocf", provider: "pacemaker", type: "remote" },
    [...parameters, operations],
  );
  const configured = inSection(cib, "resources", (old) =>
    withChildren(old, [...old.children, connection]),
  );
  const histories = elementsNamed(configured, "lrm_resources");
  const host = pickFrom(histories, prng);
  if (host === undefined || prng.chance(0.3)) return configured;
  const connected = replaceElement(configured, host, (old) =>
    withChildren(old, [...old.children, connectionHistory(id, prng.pick(monitors))]),
  );
  return prng.chance(0.7) ? withState(connected, id, prng) : connected;
}

function connectionHistory(id: string, monitorRc: string): XmlElement {
  const result = (task: string, interval: string, rc: string, call: string): XmlElement => {
    const key = `${call}:1:0:00000000-0000-0000-0000-000000000002`;
    const failed = rc !== "0";
    return element("lrm_rsc_op", {
      id: failed ? `${id}_last_failure_0` : `${id}_${task}_${interval}`,
      operation_key: `${id}_${task}_${interval}`,
      operation: task,
      interval,
      "transition-key": key,
      "transition-magic": `${failed ? "4" : "0"}:${rc};${key}`,
      "call-id": call,
      "rc-code": rc,
      "op-status": failed ? "4" : "0",
      "last-rc-change": "1400000000",
    });
  };
  return element("lrm_resource", { id, class: "ocf", provider: "pacemaker", type: "remote" }, [
    result("start", "0", "0", "1"),
    result("monitor", "20000", monitorRc, "2"),
  ]);
}

function withState(cib: XmlElement, id: string, prng: Prng): XmlElement {
  const status = cib.children.find(({ name }) => name === "status");
  if (status === undefined) return cib;
  const some = pickFrom(elementsNamed(cib, "lrm_resource"), prng);
  const histories = some === undefined || prng.chance(0.4) ? [] : [some];
  const state = element(
    "node_state",
    { id, uname: id, remote_node: "true", in_ccm: prng.pick(["true", "true", "false"]) },
    [element("lrm", { id }, [element("lrm_resources", {}, histories)])],
  );
  return replaceElement(cib, status, (old) => withChildren(old, [...old.children, state]));
}

function connections(cib: XmlElement): readonly XmlElement[] {
  return elementsNamed(cib, "lrm_resource").filter(
    (each) => attribute(each, "type") === "remote" || attribute(each, "container") !== undefined,
  );
}

/** It fails, is lost, or runs elsewhere too. */
function changeConnection(cib: XmlElement, prng: Prng): XmlElement {
  const target = pickFrom(connections(cib), prng);
  if (target === undefined) return cib;
  switch (prng.below(3)) {
    case 0:
      return replaceElement(cib, target, (old) => {
        const { children } = connectionHistory(idOf(old), prng.pick(monitors));
        return withChildren(old, children);
      });
    case 1:
      return replaceElement(cib, target, () => "removed");
    default: {
      const to = pickFrom(elementsNamed(cib, "lrm_resources"), prng);
      if (to === undefined) return cib;
      return replaceElement(cib, to, (old) =>
        withChildren(old, [
          ...old.children.filter((each) => idOf(each) !== idOf(target)),
          connectionHistory(idOf(target), "0"),
        ]),
      );
    }
  }
}

const metas: readonly Choice[] = [
  ["remote-addr", ["192.168.122.77"]],
  ["remote-port", ["9999"]],
  ["remote-connect-timeout", ["90s"]],
  ["remote-allow-migrate", ["false"]],
  ["allow-migrate", ["true", "false"]],
  ["container-attribute-target", ["host"]],
];

function changeMeta(cib: XmlElement, prng: Prng): XmlElement {
  const targets = elementsNamed(cib, "primitive").filter(
    (each) =>
      attribute(each, "type") === "remote" ||
      elementsNamed(each, "nvpair").some((pair) => attribute(pair, "name") === "remote-node"),
  );
  const target = pickFrom(targets, prng);
  if (target === undefined) return cib;
  return replaceElement(cib, target, (old) =>
    setInBlock(old, "meta_attributes", pickChoice(prng.pick(metas), prng)),
  );
}

/** Something prefers, or is kept from, the node behind a connection. */
function runOnRemote(cib: XmlElement, prng: Prng): XmlElement {
  const names = [
    ...elementsNamed(cib, "primitive").flatMap((each) =>
      attribute(each, "type") === "remote" ? [idOf(each)] : [],
    ),
    ...elementsNamed(cib, "nvpair").flatMap((each) =>
      attribute(each, "name") === "remote-node" ? (attribute(each, "value") ?? []) : [],
    ),
  ];
  const node = pickFrom(names, prng);
  const rsc = pickFrom(topResources(cib), prng);
  if (node === undefined || rsc === undefined) return cib;
  const id = freshId(cib, "fuzz-on-remote");
  const made = element("rsc_location", {
    id,
    rsc: idOf(rsc),
    node,
    score: prng.pick(["INFINITY", "100", "-INFINITY"]),
    ...(prng.chance(0.2) ? { "resource-discovery": prng.pick(["never", "exclusive"]) } : {}),
  });
  return inSection(cib, "constraints", (old) => withChildren(old, [...old.children, made]));
}

/** A machine is no node any more, though its node's state is still there. */
function forgetGuest(cib: XmlElement, prng: Prng): XmlElement {
  if (sectionOf(cib, "resources").length === 0) return cib;
  const pairs = elementsNamed(cib, "nvpair").filter(
    (each) => attribute(each, "name") === "remote-node",
  );
  const target = pickFrom(pairs, prng);
  if (target === undefined) {
    return changeOne(cib, ["node"], prng, (old) =>
      attribute(old, "type") === "remote" ? withAttributes(old, { type: undefined }) : old,
    );
  }
  return replaceElement(cib, target, () => "removed");
}
