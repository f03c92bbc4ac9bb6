/** What is to be said of resources. */
import type { ClusterSnapshot, FailedAction, LocationNote } from "../../../api/cluster-snapshot.ts";
import type { PrimitiveStatus } from "../../../decision/cluster-status.ts";
import { executionText } from "../execution-text.ts";
import { primitivesOf } from "../resource-queries.ts";
import { pendingText } from "./guest-rows.ts";
import type { Problem } from "./problem.ts";

export function resourceProblems(snapshot: ClusterSnapshot): readonly Problem[] {
  const failures = latestOf(snapshot.failures);
  const primitives = primitivesOf(snapshot.status.resources);
  return [
    ...primitives.flatMap((primitive) => onePrimitive(primitive, snapshot)),
    ...failures.map((failure) => failureProblem(failure, primitives)),
    ...commandProblems(snapshot.locations),
  ];
}

function onePrimitive(of: PrimitiveStatus, snapshot: ClusterSnapshot): readonly Problem[] {
  const { name, nodes } = of;
  if (nodes.length > 1 && !isClone(of, snapshot)) {
    return [
      {
        severity: "trouble",
        text: `${name} is active on ${nodes.join(" and ")}: two guests may run`,
        remedy: `holdfast why ${name}`,
      },
    ];
  }
  if (of.blocked && of.failed) {
    return [
      {
        severity: "trouble",
        text: `${name} has failed and must not be touched until a person has looked`,
        remedy: `holdfast why ${name}, then: crm_resource --cleanup --resource ${name}`,
      },
    ];
  }
  const doing = pendingText(of);
  if (doing !== undefined) return [{ severity: "working", text: `${name} ${doing}`, remedy: "" }];
  if (of.removed) {
    return [{ severity: "note", text: `${name} runs and is not configured`, remedy: "" }];
  }
  if (of.disabled) {
    return [
      {
        severity: "note",
        text: `${name} is stopped because somebody wants it so (target-role)`,
        remedy: `crm_resource --resource ${name} --meta --set-parameter target-role --parameter-value Started`,
      },
    ];
  }
  if (!of.managed && !of.maintenance) {
    return [{ severity: "note", text: `${name} is left alone (is-managed=false)`, remedy: "" }];
  }
  if (nodes.length > 0 || of.role !== "Stopped" || isSettling(snapshot)) return [];
  return [
    {
      severity: "trouble",
      text: `${name} should run and does not`,
      remedy: `holdfast why ${name}`,
    },
  ];
}

function isClone({ name }: PrimitiveStatus, { status }: ClusterSnapshot): boolean {
  return status.resources.some((each) => each.kind === "clone" && each.child === name);
}

/** What does not run may be about to. */
function isSettling({ live }: ClusterSnapshot): boolean {
  return live !== undefined && (live.phase !== "settled" || live.transition.running);
}

/** A resource's failures on a node count once. */
function latestOf(failures: readonly FailedAction[]): readonly FailedAction[] {
  const latest = new Map<string, FailedAction>();
  for (const failure of failures) latest.set(`${failure.resource} ${failure.node}`, failure);
  return [...latest.values()];
}

function failureProblem(failure: FailedAction, all: readonly PrimitiveStatus[]): Problem {
  const { resource, node, action, exitReason, opStatus } = failure;
  const name = resource ?? failure.key;
  const how = opStatus === 2 ? "ran out of time" : "failed";
  const why = exitReason === "" ? (opStatus > 2 ? executionText(opStatus) : "") : exitReason;
  const isDown = !all.some((each) => each.name === name && each.nodes.length > 0);
  return {
    severity: isDown ? "trouble" : "degraded",
    text: `${action} of ${name} ${how} on ${node}${why === "" ? "" : `: ${why}`}`,
    remedy: `Mend the cause, then: crm_resource --cleanup --resource ${name} --node ${node}`,
  };
}

/** A move or ban that somebody has forgotten decides for ever. */
function commandProblems(locations: readonly LocationNote[]): readonly Problem[] {
  return locations
    .filter(({ byCommand }) => byCommand)
    .map(({ resource, node, score, until, mark }) => {
      const wish = score < 0 ? `keeps ${resource} off ${node}` : `wants ${resource} on ${node}`;
      const who = mark === undefined ? "a command" : `a command of ${mark.owner}`;
      const end = until === undefined ? "" : ` until ${until}`;
      const isOnce = mark?.isOnce === true ? ", or that is done" : "";
      return {
        severity: "note",
        text: `${who} ${wish}${end}${isOnce}`,
        remedy: `crm_resource --clear --resource ${resource}`,
      };
    });
}
