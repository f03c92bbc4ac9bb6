/** The scheduler (core/scheduler) as the controller uses it. */
import { wallTime } from "../../base/time.ts";
import type { DownCause, Reasons } from "../../decision/reasons.ts";
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
    return [{ about: resource, reason: words(down) }];
  });
}

function words(down: DownCause): string {
  switch (down.kind) {
    case "removed":
    case "disabled":
      return "it is meant to be stopped";
    case "stop-all-resources":
      return "stop-all-resources is set";
    case "maintenance":
      return "it is in maintenance";
    case "unmanaged":
      return "it is not managed";
    case "blocked": {
      const failed = down.failures.map(({ operation, node }) => `${operation} on ${node}`);
      return `it failed and somebody must look at it (${failed.join(", ")})`;
    }
    case "no-fence-device":
      return "fencing is on and there is no fence device";
    case "no-quorum":
      return `there is no quorum (no-quorum-policy=${down.policy})`;
    case "no-node":
      return "no node may run it";
    case "unfenced-nodes":
      return `it may still run on ${down.nodes.join(", ")}, which cannot be fenced`;
    case "waits-for":
      return `these come first and cannot be done: ${down.actions.join(", ")}`;
    case "surplus-instance":
      return "there are more instances than nodes can take";
    case "other":
      return down.reason ?? "the scheduler gives no reason";
  }
}
