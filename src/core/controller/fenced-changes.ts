/** What the end of a fence action writes into the status section. */
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import type { CibChange } from "../cib/change.ts";
import { nodesOf } from "../cib/read/nodes.ts";
import { remoteNodesOf } from "../cib/read/remote-nodes.ts";
import type { StatusNode } from "../cib/status/operation-result.ts";
import { transientAttributeChange } from "../cib/status/transient-attributes.ts";
import type { FenceAction } from "../fencer/types.ts";
import { metaOf } from "./graph-order.ts";
import { remoteDownChange } from "./remote-status.ts";
import { downChange, statusNode } from "./status-changes.ts";
import type { GraphAction } from "./types.ts";

export type Fenced = {
  readonly target: StatusNode;
  readonly how: FenceAction;
  /** Of the transition; undefined when somebody else had asked for it. */
  readonly action: GraphAction | undefined;
  /** Since 1970. */
  readonly nowS: number;
};

export function fencedChanges(cib: XmlElement, fenced: Fenced): readonly CibChange[] {
  return fenced.how === "on" ? unfencedChanges(fenced) : downedChanges(cib, fenced);
}

/** Since when, and by which devices with which parameters, as the scheduler compares them. */
function unfencedChanges({ target, action, nowS }: Fenced): readonly CibChange[] {
  const ofDevices = (name: string): string | undefined => action && metaOf(action, name);
  const attributes = {
    "#node-unfenced": String(nowS),
    "#digests-all": ofDevices("digests_all"),
    "#digests-secure": ofDevices("digests_secure"),
  };
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => transientAttributeChange(target, name, value));
}

/** What is off takes down what it hosts: guests that are nodes of their own. */
function downedChanges(cib: XmlElement, { target, action }: Fenced): readonly CibChange[] {
  const hosted = (action?.downed ?? []).filter((id) => id !== target.id);
  const nodes = hosted.map(
    (id) => nodesOf(cib).find((each) => each.id === id) ?? statusNode(cib, id),
  );
  return [target, ...nodes].map((node) => fencedDownChange(cib, node));
}

/** It executes nothing. */
export function fencedDownChange(cib: XmlElement, node: StatusNode): CibChange {
  const isRemote = remoteNodesOf(cib).some(({ id }) => id === node.id);
  return isRemote ? remoteDownChange(node) : downChange(node);
}
