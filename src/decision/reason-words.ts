/** Reasons in words, once for all who tell them: clauses that follow a name. */
import { unreachable } from "../base/assert.ts";
import type {
  DownCause,
  FailureReason,
  FencingOutlook,
  NodeObstacle,
  PlacementChoice,
} from "./reasons.ts";

/** Why a resource is down: "host1: no node can take it". */
export function causeText(cause: DownCause): string {
  switch (cause.kind) {
    case "removed":
      return cause.kept
        ? "it was removed from the configuration, and what was removed goes on (stop-orphan-resources=false)"
        : "it was removed from the configuration";
    case "disabled":
      return `it shall be stopped: target-role of ${cause.by} is Stopped`;
    case "stop-all-resources":
      return "all resources shall be stopped (stop-all-resources)";
    case "maintenance":
      return `${maintained(cause)} is in maintenance, and it is left alone`;
    case "unmanaged":
      return "it is not managed, and left alone";
    case "blocked":
      return blockedText(cause);
    case "ticket":
      return `ticket ${cause.ticket} was lost, and it is left as it is (loss-policy=freeze)`;
    case "no-fence-device":
      return "fencing is enabled and there is no fence device";
    case "no-quorum":
      return `there is no quorum (no-quorum-policy=${cause.policy})`;
    case "no-node":
      return "no node can take it";
    case "unfenced-nodes":
      return `it may still run on ${cause.nodes.join(" and ")}, which cannot be fenced`;
    case "waits-for":
      return `it waits for what cannot be done: ${cause.actions.join(", ")}`;
    case "surplus-instance":
      return "it is one instance more than can run";
    case "needs":
      return cause.how === "after"
        ? `it comes after ${cause.on}, which does not run`
        : `it must be with ${cause.on}, which cannot be there`;
    case "other":
      return cause.reason === undefined ? "the scheduler gives no reason" : cause.reason;
    default:
      return unreachable(cause);
  }
}

function maintained({ of, node }: Extract<DownCause, { kind: "maintenance" }>): string {
  if (of === "node") return node ?? "its node";
  return of === "cluster" ? "the cluster" : "it";
}

function blockedText({ failures, activeOn }: Extract<DownCause, { kind: "blocked" }>): string {
  const named = failures.map(
    (each) => `${each.operation} on ${each.node} failed (${exitClause(each)})`,
  );
  const several =
    activeOn.length > 1
      ? `it runs on ${activeOn.join(" and ")} at once`
      : "what runs cannot be told";
  const known = named.length === 0 ? several : named.join(", ");
  return `it is blocked until somebody has looked: ${known}`;
}

/** "rc 1: no memory". */
export function exitClause({ rc, exitReason = "" }: FailureReason): string {
  return `rc ${rc}${exitReason === "" ? "" : `: ${exitReason}`}`;
}

/** Why a resource runs where it will: "host1 on xen2: no other node can take it". */
export const choiceText: Readonly<Record<PlacementChoice, string>> = {
  "only-node": "no other node can take it",
  score: "that node has the best score",
  preferred: "of equally good nodes the one that was asked for",
  "free-capacity": "of equally good nodes the one with most free capacity",
  "fewer-resources": "of equally good nodes the one with fewest resources",
  stays: "of equally good nodes the one where it is",
  name: "of equally good nodes the first by name",
};

/** "xen1 is in standby". */
export const obstacleText: Readonly<Record<NodeObstacle, string>> = {
  offline: "offline",
  unclean: "unclean",
  pending: "not joined yet",
  standby: "in standby",
  "standby-after-failure": "in standby after a failure",
  maintenance: "in maintenance",
  "shutting-down": "shutting down",
};

/** What is done about an unclean node; empty where nothing has to be. */
export const fencingText: Readonly<Record<FencingOutlook, string>> = {
  "not-needed": "",
  planned: "it will be fenced",
  disabled: "it will not be fenced: fencing is off",
  "no-device": "it cannot be fenced: there is no fence device",
  "no-quorum": "it cannot be fenced: there is no quorum",
  "nothing-managed": "it is not fenced: the cluster manages nothing",
  "host-lost": "it cannot be fenced: its host is lost",
};
