/** The rules of groups. */

import { rulesOf } from "../model/rules-of.ts";
import type { VariantRules } from "../model/types.ts";
import {
  addGroupConstraints,
  createGroupActions,
  groupActionFlags,
  updateGroupOrdered,
} from "../order/group.ts";
import { probeOn } from "../order/probes.ts";
import {
  addGroupScores,
  addGroupUtilization,
  applyGroupColocation,
  applyGroupLocation,
  assignGroup,
  groupColocatedResources,
} from "../place/group.ts";
import { groupWith, withGroup } from "../place/own-colocations.ts";
import { collectOwnActions } from "./primitive.ts";

export const groupRules: VariantRules = {
  assign: assignGroup,
  createActions: createGroupActions,
  createProbe: probeOn,
  internalConstraints: addGroupConstraints,
  applyColocation: applyGroupColocation,
  colocatedResources: groupColocatedResources,
  withThisColocations: withGroup,
  thisWithColocations: groupWith,
  addColocatedScores: addGroupScores,
  applyLocation: applyGroupLocation,
  actionFlags: groupActionFlags,
  updateOrdered: updateGroupOrdered,
  addUtilization: addGroupUtilization,
  shutdownLock: (group) => {
    for (const member of group.children) rulesOf(member).shutdownLock(member);
  },
  collectActions: collectOwnActions,
  graphMeta: () => {},
};
