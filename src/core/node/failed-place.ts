/** crm_resource --fail: whose executor is told, and whether there is anything that can have failed. */
import { err, ok, type Result } from "../../base/result.ts";
import { attribute, descendants, type XmlElement } from "../../formats/xml/xml-element.ts";
import { knownNode, knownResource } from "../cib/edit/planned-edit.ts";
import { type CibRefusal, refusal } from "../cib/refusal.ts";
import { sectionChildren } from "../cib/sections.ts";
import type { StatusNode } from "../cib/status/operation-result.ts";
import { activeNodes, mayRun } from "../controller/active-nodes.ts";
import { statusNode } from "../controller/status-changes.ts";

export type FailedPlace = {
  /** As the executor knows it: of a clone whose instances have numbers, with the number. */
  readonly resource: string;
  /** The cluster node where it runs, or which has the connection to where it runs. */
  readonly node: string;
  readonly remoteNode?: string;
};

/** @param nodes the cluster nodes. */
export function failedPlace(
  cib: XmlElement,
  asked: { readonly resource: string; readonly node: string },
  nodes: readonly string[],
): Result<FailedPlace, CibRefusal> {
  const resource = knownResource(cib, baseName(asked.resource));
  if (!resource.ok) return resource;
  const host = knownNode(cib, asked.node);
  if (!host.ok) return host;
  const { name: kind } = resource.value.element;
  if (kind !== "primitive") {
    const message = `${asked.resource} is a ${kind}: what is in it fails, and not the ${kind}.`;
    return err(refusal("HF4005", message, { remedy: "Name the resource in it that has failed." }));
  }
  const found = runningThere(cib, asked.resource, host.value);
  if (!found.ok) return found;
  const { uname } = host.value;
  if (nodes.includes(uname)) return ok({ resource: found.value, node: uname });
  const ids = activeNodes(cib).get(uname);
  const router = nodes.find((each) => ids?.has(statusNode(cib, each).id) === true);
  if (router !== undefined) {
    return ok({ resource: found.value, node: router, remoteNode: uname });
  }
  return err(refusal("HF4015", `No node has a connection to ${uname}.`));
}

/** The name of the instance that is meant. */
function runningThere(
  cib: XmlElement,
  asked: string,
  node: StatusNode,
): Result<string, CibRefusal> {
  const running = runningOn(cib, node);
  if (running.includes(asked)) return ok(asked);
  const instances = running.filter((each) => baseName(each) === baseName(asked));
  const [first, ...others] = instances;
  if (first === undefined) {
    const message = `${asked} does not run on ${node.uname}, and can't have failed there.`;
    const remedy = `Where it runs: crm_resource --locate --resource ${asked}`;
    return err(refusal("HF4015", message, { remedy }));
  }
  if (others.length === 0) return ok(first);
  const message = `Several instances of ${asked} run on ${node.uname}: ${instances.join(", ")}.`;
  return err(refusal("HF4011", message, { remedy: "Name the one that has failed." }));
}

function runningOn(cib: XmlElement, node: StatusNode): readonly string[] {
  return sectionChildren(cib, "status")
    .filter((state) => attribute(state, "id") === node.id)
    .flatMap((state) => [...descendants(state)])
    .filter((each) => each.name === "lrm_resource" && mayRun(each))
    .map((each) => attribute(each, "id") ?? "");
}

/** Without the number of a clone's instance. */
function baseName(id: string): string {
  return id.replace(/:\d+$/, "");
}
