/** The scheduler (core/scheduler) as the controller uses it. */
import { wallTime } from "../../base/time.ts";
import { causeText } from "../../decision/reason-words.ts";
import type { Reasons } from "../../decision/reasons.ts";
import type { Change } from "../../decision/transition.ts";
import type { BlockedReason, PlannedChange, Schedule } from "../controller/types.ts";
import { schedule } from "../scheduler/schedule.ts";

export const clusterScheduler: Schedule = ({ cib, nowS }) => {
  const { graph, changes, reasons } = schedule(cib, wallTime(nowS * 1000));
  return { graph, changes: changes.map(plannedChange), blocked: blockedReasons(reasons), reasons };
};

function plannedChange(change: Change): PlannedChange {
  if (change.kind === "node") {
    const { node, reason } = change;
    return { change: change.change, what: node, from: node, to: undefined, reason, blocked: false };
  }
  const { resource: what, from, to, reason, blocked } = change;
  return { change: change.change, what, from, to, reason, blocked };
}

/** Resources that are down, though nobody asked for it. */
function blockedReasons({ resources }: Reasons): readonly BlockedReason[] {
  return resources.flatMap(({ resource, down }) => {
    if (down === undefined || down.kind === "disabled" || down.kind === "removed") return [];
    return [{ about: resource, reason: causeText(down) }];
  });
}
