/** The rules of bundles. */
import type { VariantRules } from "../model/types.ts";
import {
  addBundleConstraints,
  bundleActionFlags,
  collectBundleActions,
  createBundleActions,
  createBundleProbe,
} from "../order/bundle.ts";
import { updateInstancesOrdered } from "../order/instance-orderings.ts";
import {
  addBundleUtilization,
  applyBundleColocation,
  applyBundleLocation,
  assignBundle,
  bundleWith,
  withBundle,
} from "../place/bundle.ts";
import { colocatedResources } from "../place/colocated-resources.ts";
import { addColocatedScores } from "../place/colocated-scores.ts";

export const bundleRules: VariantRules = {
  assign: assignBundle,
  createActions: createBundleActions,
  createProbe: createBundleProbe,
  internalConstraints: addBundleConstraints,
  applyColocation: applyBundleColocation,
  colocatedResources,
  withThisColocations: withBundle,
  thisWithColocations: bundleWith,
  addColocatedScores,
  applyLocation: applyBundleLocation,
  actionFlags: bundleActionFlags,
  updateOrdered: updateInstancesOrdered,
  addUtilization: addBundleUtilization,
  // Bundles are not locked to nodes that shut down.
  shutdownLock: () => {},
  collectActions: collectBundleActions,
  graphMeta: () => {},
};
