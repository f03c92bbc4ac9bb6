/** The rules of clones. */
import type { Resource, VariantRules } from "../model/types.ts";
import {
  addCloneConstraints,
  cloneActionFlags,
  collectCloneActions,
  createCloneActions,
  createCloneProbe,
} from "../order/clone.ts";
import { updateInstancesOrdered } from "../order/instance-orderings.ts";
import {
  addCloneUtilization,
  applyCloneColocation,
  applyCloneLocation,
  assignClone,
  cloneWith,
  withClone,
} from "../place/clone.ts";
import { colocatedResources } from "../place/colocated-resources.ts";
import { addColocatedScores } from "../place/colocated-scores.ts";

export const cloneRules: VariantRules = {
  assign: assignClone,
  createActions: createCloneActions,
  createProbe: createCloneProbe,
  internalConstraints: addCloneConstraints,
  applyColocation: applyCloneColocation,
  colocatedResources,
  withThisColocations: withClone,
  thisWithColocations: cloneWith,
  addColocatedScores,
  applyLocation: applyCloneLocation,
  actionFlags: cloneActionFlags,
  updateOrdered: updateInstancesOrdered,
  addUtilization: addCloneUtilization,
  // Clones are not locked to nodes that shut down.
  shutdownLock: () => {},
  collectActions: collectCloneActions,
  graphMeta: addCloneMeta,
};

function addCloneMeta(resource: Resource, attributes: Map<string, string>): void {
  const traits = resource.clone;
  if (traits === undefined) return;
  const set = (name: string, value: number | boolean): void => {
    attributes.set(`CRM_meta_${name}`, String(value));
  };
  set("globally_unique", resource.unique);
  set("notify", resource.notify);
  set("clone_max", traits.max);
  set("clone_node_max", traits.nodeMax);
  if (!resource.promotable) return;
  set("promoted_max", traits.promotedMax);
  set("promoted_node_max", traits.promotedNodeMax);
  // Agents may still look for the names that these had before.
  set("master_max", traits.promotedMax);
  set("master_node_max", traits.promotedNodeMax);
}
