/** The rules of primitives. */

import { rulesOf } from "../model/rules-of.ts";
import type { Action, Resource, VariantRules } from "../model/types.ts";
import { createPrimitiveActions } from "../order/primitive-actions.ts";
import { addPrimitiveConstraints } from "../order/primitive-constraints.ts";
import { probeOn } from "../order/probes.ts";
import { updateOrderedActions } from "../order/update-ordered.ts";
import { applyToPrimitive } from "../place/apply-colocation.ts";
import { releaseCapacity } from "../place/capacity.ts";
import { colocatedResources } from "../place/colocated-resources.ts";
import { addColocatedScores } from "../place/colocated-scores.ts";
import { primitiveWith, withPrimitive } from "../place/own-colocations.ts";
import { assignPrimitive } from "../place/primitive.ts";
import { applyLocation } from "../score/locations.ts";
import { applyShutdownLock } from "../score/shutdown-lock.ts";

export const primitiveRules: VariantRules = {
  assign: assignPrimitive,
  createActions: createPrimitiveActions,
  createProbe: probeOn,
  internalConstraints: addPrimitiveConstraints,
  applyColocation: (dependent, primary, colocation, forDependent) =>
    forDependent
      ? rulesOf(primary).applyColocation(dependent, primary, colocation, false)
      : applyToPrimitive(dependent, primary, colocation),
  colocatedResources,
  withThisColocations: withPrimitive,
  thisWithColocations: primitiveWith,
  addColocatedScores,
  applyLocation,
  actionFlags: (action) => action.flags,
  updateOrdered: updateOrderedActions,
  addUtilization: (resource, _origin, _all, sum) => {
    if (resource.unassigned) releaseCapacity(sum, resource);
  },
  shutdownLock: applyShutdownLock,
  collectActions: collectOwnActions,
  graphMeta: addPrimitiveMeta,
};

/** The resource's own actions, then its children's. */
export function collectOwnActions(resource: Resource, add: (action: Action) => void): void {
  const { actions } = resource;
  for (let i = actions.length - 1; i >= 0; i--) add(actions[i] as Action);
  for (const child of resource.children) rulesOf(child).collectActions(child, add);
}

function addPrimitiveMeta(resource: Resource, attributes: Map<string, string>): void {
  const { meta } = resource;
  const set = (name: string, value: string | undefined): void => {
    if (value !== undefined) attributes.set(name, value);
  };
  set("CRM_meta_clone", meta.get("clone"));
  set("CRM_meta_remote_node", meta.get("remote-node"));
  for (let up: Resource | undefined = resource; up !== undefined; up = up.parent) {
    set("CRM_meta_container", up.launcher?.id);
  }
  set("pcmk_external_ip", meta.get("external-ip"));
}
