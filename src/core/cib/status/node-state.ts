/** <node_state>: whether a node is a member, and how it takes part. */
import { element, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { CibChange } from "../change.ts";
import type { StatusNode } from "./operation-result.ts";

export type JoinState = "down" | "pending" | "member" | "banned" | "nack";

export type NodeState = StatusNode & {
  /** A member of the cluster: it is heard. */
  readonly inCluster: boolean;
  /** Its controller takes part. */
  readonly controllerOnline: boolean;
  readonly join: JoinState;
  /** What the DC expects it to be: a member that is not there is unclean. */
  readonly expected: JoinState;
};

export function nodeStateElement(state: NodeState): XmlElement {
  return element("node_state", {
    id: state.id,
    uname: state.uname,
    in_ccm: String(state.inCluster),
    crmd: state.controllerOnline ? "online" : "offline",
    join: state.join,
    expected: state.expected,
  });
}

/** Sets what is given and leaves the history and the attributes of the node. */
export function nodeStateChange(state: NodeState): CibChange {
  return inStatus(nodeStateElement(state));
}

/** Quorum and DC, as <cib> itself says them. */
export function quorumChange(quorum: {
  readonly haveQuorum: boolean;
  readonly dcId: string;
}): CibChange {
  const have = { "have-quorum": quorum.haveQuorum ? "1" : "0", "dc-uuid": quorum.dcId };
  return { kind: "modify", at: { section: "all" }, xml: element("cib", have) };
}

export function inStatus(xml: XmlElement): CibChange {
  return { kind: "modify", at: { section: "status" }, xml, allowCreate: true };
}
