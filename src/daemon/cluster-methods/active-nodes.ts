/** Where a resource is active, as the scheduler reads the status section. */
import type { WallTime } from "../../base/time.ts";
import { findResource } from "../../core/scheduler/model/find-resource.ts";
import { locationsOf } from "../../core/scheduler/model/resources.ts";
import { readCluster } from "../../core/scheduler/plan.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";

/** Names of nodes, each once; none for a resource that there is not. */
export function activeNodes(cib: XmlElement, resource: string, now: WallTime): readonly string[] {
  const cluster = readCluster({ cib, now: Math.floor(now / 1000), sanitized: true });
  const found = findResource(cluster, resource);
  if (found === undefined) return [];
  return locationsOf(found, { current: true }).map((node) => node.name);
}
