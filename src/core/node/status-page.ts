/** The snapshot of a node for status pages. */
import type { Instant, WallTime } from "../../base/time.ts";
import type { Reasons } from "../../decision/reasons.ts";
import { formatOperationKey } from "../../formats/cib/operation-key.ts";
import { readVersion } from "../cib/version.ts";
import type { Dc } from "../controller/dc.ts";
import type { TransitionRecord } from "../controller/engine.ts";
import type { GraphAction } from "../controller/types.ts";
import { attentionRows } from "./attention.ts";
import type { NodeParts } from "./node-parts.ts";
import type {
  ControllerStatus,
  MemberStatus,
  NodeStatus,
  TransitionStatus,
} from "./node-status.ts";

export function nodeStatus(
  parts: NodeParts,
  at: { readonly now: Instant; readonly wall: WallTime; readonly twin: string | undefined },
): NodeStatus {
  const { membership, links, cib, controller, executor, fencer } = parts;
  const { dc, obeys } = controller;
  const membershipState = membership.state(at.now);
  const isStarting = obeys === undefined && !membershipState.settled;
  return {
    self: parts.self,
    membership: membershipState,
    links: links.state(),
    role: dc !== undefined ? "dc" : isStarting ? "starting" : obeys ? "following" : "alone",
    dc: obeys,
    cib: {
      version: readVersion(cib.cib),
      generation: cib.generation,
      pendingChanges: cib.pendingChanges,
    },
    controller: dc && controllerStatus(parts, dc),
    operations: executor.running(at.now),
    disks: Object.fromEntries(fencer.disks.all()),
    readiness: parts.readiness(),
    evidence: fencer.evidence(),
    fencing: fencer.history(),
    attention: attentionRows(parts, at),
  };
}

function controllerStatus(parts: NodeParts, dc: Dc): ControllerStatus {
  const { engine } = dc;
  return {
    members: memberStatuses(parts, dc),
    transition: engine.transition && transitionStatus(engine.transition),
    blocked: engine.blocked,
    // What the node's own scheduler said comes back as it was.
    reasons: engine.reasons as Reasons | undefined,
    disks: engine.disks,
    idle: dc.isIdle,
  };
}

function memberStatuses({ self, readiness }: NodeParts, dc: Dc): readonly MemberStatus[] {
  return [...dc.memberStates()].map(([name, state]) => ({
    ...{ name, state },
    readiness: name === self ? readiness() : (dc.members.get(name)?.readiness ?? {}),
  }));
}

function transitionStatus(transition: TransitionRecord): TransitionStatus {
  const { number, reason, state, began, ended, changes, counts, underWay } = transition;
  const { done, failed, all } = counts;
  return {
    ...{ number, reason, state, began, changes, actions: { done, failed, all } },
    ...(ended !== undefined && { ended }),
    underWay: underWay.map((action) => ({ key: keyOf(action), node: action.node?.name ?? "" })),
  };
}

function keyOf({ key, operation, resource }: GraphAction): string {
  if (key !== "" || resource === undefined) return key;
  return formatOperationKey({ resource: resource.id, action: operation, intervalMs: 0 });
}
