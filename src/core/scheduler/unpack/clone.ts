/** Clones: instances of one primitive or group, numbered from 0. */
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import { attribute, withAttributes, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { configError, configWarning } from "../model/issues.ts";
import { walk } from "../model/resources.ts";
import type { CloneTraits, Cluster, Resource } from "../model/types.ts";
import { countMeta, isUniqueByMeta } from "./resource-numbers.ts";

type ReadChild = (xml: XmlElement, parent: Resource) => Resource | undefined;

/** Undefined when there is nothing to clone. */
export function cloneTraits(
  cluster: Cluster,
  xml: XmlElement,
  meta: ReadonlyMap<string, string>,
): CloneTraits | undefined {
  const child = xml.children.find((each) => each.name === "primitive" || each.name === "group");
  if (child === undefined) return undefined;
  const promotable = booleanOr(meta.get("promotable"), false);
  let nodeMax = countMeta(meta, ["clone-node-max"]) ?? 1;
  if (nodeMax > 1 && !isUniqueByMeta(meta)) {
    configError(cluster, `${attribute(xml, "id")}: anonymous clones run once a node`);
    nodeMax = 1;
  }
  const wanted = countMeta(meta, ["clone-max"]) ?? Math.max(1, cluster.nodes.length);
  return {
    max: limitInstances(cluster, attribute(xml, "id"), wanted),
    nodeMax,
    promotedMax: promotable ? (countMeta(meta, ["promoted-max", "master-max"]) ?? 1) : 0,
    promotedNodeMax: promotable
      ? (countMeta(meta, ["promoted-node-max", "master-node-max"]) ?? 1)
      : 0,
    ordered: booleanOr(meta.get("ordered"), false),
    child,
    made: 0,
    promotionAdded: false,
    promotionSorted: false,
    notifications: undefined,
  };
}

/** More instances of one clone or bundle are a mistake, and would take all memory. */
const instancesMax = 1000;

export function limitInstances(cluster: Cluster, id: string | undefined, wanted: number): number {
  if (wanted <= instancesMax) return wanted;
  configError(cluster, `${id}: ${wanted} instances are asked for, ${instancesMax} are made`);
  return instancesMax;
}

export function readInstances(clone: Resource, readChild: ReadChild): boolean {
  const traits = clone.clone;
  if (traits === undefined) {
    configError(clone.cluster, `${clone.id} has nothing to clone`);
    return false;
  }
  // Instances stay where they are unless something better than nothing is gained.
  if (!clone.meta.has("resource-stickiness")) clone.meta.set("resource-stickiness", "1");
  clone.meta.set("globally-unique", clone.unique ? "true" : "false");
  // With clone-max=0 there is still one, to which the status of former instances belongs.
  const wanted = Math.max(1, traits.max);
  for (let i = 0; i < wanted; i++) {
    if (addInstance(clone, readChild) === undefined) return false;
    // An agent that cannot tell its instances apart may have lowered the number.
    if (i + 1 >= Math.max(1, traits.max)) break;
  }
  return true;
}

/** The next instance; one beyond clone-max is there only because the status section knows it. */
export function addInstance(clone: Resource, readChild: ReadChild): Resource | undefined {
  const traits = clone.clone;
  if (traits === undefined) return undefined;
  const removed = traits.made >= traits.max;
  const instance = readChild(withCloneNumber(traits.child, String(traits.made)), clone);
  if (instance === undefined) return undefined;
  instance.meta.set("clone-max", String(traits.max));
  traits.made++;
  clone.children.push(instance);
  if (removed) {
    walk(instance, (each) => {
      each.removed = true;
    });
  }
  return instance;
}

/** Instances that cannot be told apart run at most once a node. `beside` is not yet among the children. */
export function forceAnonymous(clone: Resource, beside: Resource): void {
  const traits = clone.clone;
  configWarning(clone.cluster, `${clone.id}: its agent's instances cannot be told apart`);
  if (traits !== undefined) {
    traits.nodeMax = 1;
    traits.max = Math.min(traits.max, clone.cluster.nodes.length);
  }
  const clear = (each: Resource): void => {
    each.unique = false;
    each.meta.set("globally-unique", "false");
  };
  walk(clone, clear);
  clear(beside);
}

export function withCloneNumber(xml: XmlElement, number: string): XmlElement {
  return withAttributes(xml, { clone: number });
}

/** As many instances as there are nodes. */
export function isUniversal(clone: Resource): boolean {
  return clone.clone?.max === clone.cluster.nodes.length;
}
