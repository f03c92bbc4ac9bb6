/** What only the running daemon knows, for status pages. */
import type {
  BlockedRow,
  ClusterPhase,
  ConfigRemark,
  DiskStatusRow,
  FencingStatus,
  GuestStatusRow,
  LiveStatus,
  PeerStatus,
  TransitionStatus,
} from "../../api/cluster-live.ts";
import type { ClusterNotice } from "../../api/cluster-notice.ts";
import { compareText } from "../../base/compare.ts";
import type { PlannedChange, ReadinessTable } from "../../core/controller/types.ts";
import type { NodeStatus } from "../../core/node/node-status.ts";
import { diskObstacles } from "./disk-obstacles.ts";

export type LiveFacts = {
  readonly version: string;
  readonly startedAtMs: number;
  readonly configRemarks: readonly ConfigRemark[];
  readonly fencingEnabled: boolean;
  readonly fencingDevices: readonly string[];
  readonly disks: readonly DiskStatusRow[];
  readonly notices: readonly ClusterNotice[];
};

export function liveStatus(status: NodeStatus, facts: LiveFacts, wallMs: number): LiveStatus {
  return {
    node: status.self,
    version: facts.version,
    startedAtMs: facts.startedAtMs,
    phase: phaseOf(status),
    dcSinceMs: undefined,
    peers: peersOf(status),
    disks: facts.disks,
    guests: guestsOf(status),
    fencing: fencingOf(status, facts),
    transition: transitionOf(status),
    operations: status.operations.map(({ resource, action, intervalMs, sinceMs }) => ({
      ...{ resource, action, intervalMs },
      sinceMs: wallMs - sinceMs,
    })),
    blocked: blockedOf(status),
    configRemarks: facts.configRemarks,
    notices: facts.notices,
  };
}

function phaseOf({ role, controller }: NodeStatus): ClusterPhase {
  switch (role) {
    case "starting":
      return "starting";
    case "alone":
      return "electing";
    case "following":
      return "settled";
    case "dc": {
      const isJoining = controller?.members.some((member) => member.state === "joining") ?? false;
      return isJoining ? "joining" : "settled";
    }
  }
}

function peersOf({ membership, links }: NodeStatus): readonly PeerStatus[] {
  return membership.peers.map((peer) => ({
    name: peer.name,
    standing: peer.standing,
    late: peer.late,
    heard: peer.heard,
    silentForMs: peer.silentForMs,
    addresses: peer.addresses,
    linkUp: links.some((link) => link.peer === peer.name && link.up),
    paths: peer.paths.map(({ path, up }) => ({ path, up })),
  }));
}

function guestsOf({ self, readiness, controller }: NodeStatus): readonly GuestStatusRow[] {
  const tables = new Map<string, ReadinessTable>([[self, readiness]]);
  for (const member of controller?.members ?? []) {
    if (member.name !== self) tables.set(member.name, member.readiness);
  }
  const nodes = [...tables.keys()].sort(compareText);
  const resources = new Set([...tables.values()].flatMap((table) => Object.keys(table)));
  return [...resources].sort(compareText).map((resource) => {
    const rows = nodes.flatMap((node) => {
      const found = tables.get(node)?.[resource];
      return found === undefined ? [] : [{ node, ...found }];
    });
    return {
      resource,
      drbdResources: [...new Set(rows.flatMap((row) => row.drbdResources))].sort(compareText),
      readiness: rows.map(({ node, ready, reason }) => ({ node, ready, reason })),
    };
  });
}

function fencingOf({ fencing, evidence }: NodeStatus, facts: LiveFacts): FencingStatus {
  return {
    enabled: facts.fencingEnabled,
    devices: facts.fencingDevices,
    history: fencing.map((record) => ({
      target: record.target,
      action: record.action,
      origin: record.origin,
      state: record.state,
      device: record.device,
      beganMs: record.began,
      endedMs: record.ended,
      why: record.why,
    })),
    evidence: evidence.map(({ kind, about, drbdResource, by, since }) => ({
      ...{ kind, about, drbdResource, by },
      sinceMs: since,
    })),
  };
}

function transitionOf({ controller }: NodeStatus): TransitionStatus {
  const transition = controller?.transition;
  return {
    number: transition?.number,
    running: transition?.state === "running",
    cause: transition?.reason ?? "",
    summary: (transition?.changes ?? []).map(changeText),
    actionsDone: transition?.actions.done ?? 0,
    actionsTotal: transition?.actions.all ?? 0,
  };
}

function changeText({ change, what, from, to, reason, blocked }: PlannedChange): string {
  const way =
    from !== undefined && to !== undefined && from !== to
      ? ` from ${from} to ${to}`
      : ` on ${to ?? from ?? "no node"}`;
  const why = reason === undefined || reason === "" ? "" : ` (${reason})`;
  return `${change} ${what}${what === (to ?? from) ? "" : way}${why}${blocked ? ", blocked" : ""}`;
}

function blockedOf(status: NodeStatus): readonly BlockedRow[] {
  const { attention, controller } = status;
  return [
    ...attention.map(({ code, message, remedy }) => ({
      ...{ about: "", code, reason: message, remedy },
    })),
    ...(controller?.blocked ?? []).map(({ about, reason }) => ({ about, reason, remedy: "" })),
    ...diskObstacles(status).map(({ resource, node, reason, remedy }) => ({
      about: resource,
      reason: `It is not started on ${node}: ${reason}.`,
      remedy,
    })),
  ];
}
