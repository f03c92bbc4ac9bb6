/** A cluster of two hosts with the how-to's two guests, as its daemon would tell of it: for tests of what is shown. */
import type { LiveStatus, PeerStatus } from "../../src/api/cluster-live.ts";
import type { ClusterNotice } from "../../src/api/cluster-notice.ts";
import type { ClusterSnapshot, OperationRecord } from "../../src/api/cluster-snapshot.ts";
import type { DiskResourceStatus, DiskVolumeStatus } from "../../src/api/disk-status.ts";
import type { NodeStatus, PrimitiveStatus } from "../../src/decision/cluster-status.ts";

/** 2009-04-08 21:08:56 UTC. */
export const takenAtMs = 1_239_224_936_000;

/** All is well: host1 runs on xen1, host2 on xen2, xen2 decides, xen1 answers. */
export function howtoSnapshot(
  changes: Partial<ClusterSnapshot> & { readonly live?: LiveStatus } = {},
): ClusterSnapshot {
  const host1 = primitive("host1", "xen1");
  const host2 = primitive("host2", "xen2");
  return {
    takenAtMs,
    summary: {
      stack: "holdfast",
      clusterName: undefined,
      dc: { name: "xen2", id: "1b3dbdb3-f9ca-4d16-bf7d-8a57167b85ed" },
      dcVersion: "0.1.0",
      mixedVersion: false,
      quorate: true,
      cibVersion: "0.5.12",
      lastChange: { written: undefined, user: "root", client: "cibadmin", origin: "xen1" },
      options: {
        fencingEnabled: false,
        fencingAction: "reboot",
        fencingDevices: 0,
        fencingTimeoutMs: 60_000,
        priorityFencingDelayMs: 0,
        symmetric: true,
        noQuorumPolicy: "stop",
      },
    },
    status: {
      maintenance: false,
      stopAll: false,
      instances: 2,
      disabled: 0,
      blocked: 0,
      nodes: [node("xen1"), node("xen2")],
      resources: [host1, host2],
    },
    implicit: [],
    nodes: [
      { ...detail("xen1", "ea043f8c-5afc-4aee-9ffc-d17cb3cfed06"), running: [host1] },
      { ...detail("xen2", "1b3dbdb3-f9ca-4d16-bf7d-8a57167b85ed"), running: [host2] },
    ],
    resources: ["host1", "host2"].map((id) => ({
      id,
      agent: "ocf:heartbeat:Xen",
      parents: [],
      targetRole: "started",
      managed: true,
      allowMigrate: true,
    })),
    history: [
      { node: "xen1", resources: [history("host1", takenAtMs - 3_600_000)] },
      { node: "xen2", resources: [history("host2", takenAtMs - 90_000_000)] },
    ],
    failures: [],
    locations: [],
    tickets: [],
    live: live(),
    ...changes,
  };
}

export function node(name: string, changes: Partial<NodeStatus> = {}): NodeStatus {
  return {
    name,
    kind: "member",
    online: true,
    unclean: false,
    pending: false,
    standby: "no",
    maintenance: false,
    hasResources: true,
    health: "green",
    reason: undefined,
    ...changes,
  };
}

export function primitive(
  name: string,
  on: string | undefined,
  changes: Partial<PrimitiveStatus> = {},
): PrimitiveStatus {
  return {
    kind: "primitive",
    id: name,
    name,
    agent: "ocf:heartbeat:Xen",
    role: on === undefined ? "Stopped" : "Started",
    pending: undefined,
    failed: false,
    removed: false,
    nodes: on === undefined ? [] : [on],
    node: on,
    nodeLost: false,
    locked: false,
    disabled: false,
    heldUnpromoted: undefined,
    blocked: false,
    maintenance: false,
    managed: true,
    failureIgnored: false,
    failedProbe: undefined,
    implicit: false,
    targetRole: undefined,
    description: undefined,
    ...changes,
  };
}

export function live(changes: Partial<LiveStatus> = {}): LiveStatus {
  const names = ["host1_root", "host1_swap", "host2_root", "host2_swap"];
  return {
    node: "xen1",
    version: "0.1.0",
    startedAtMs: takenAtMs - 7_200_000,
    phase: "settled",
    dcSinceMs: takenAtMs - 7_000_000,
    peers: [peer("xen2")],
    disks: names.map((name, minor) => ({ drbdResource: name, status: disk(name, { minor }) })),
    guests: ["host1", "host2"].map((resource) => ({
      resource,
      drbdResources: [`${resource}_root`, `${resource}_swap`],
      readiness: ["xen1", "xen2"].map((each) => ({ node: each, ready: true, reason: "" })),
    })),
    fencing: { enabled: false, devices: [], history: [], evidence: [] },
    transition: {
      number: undefined,
      running: false,
      cause: "",
      summary: [],
      actionsDone: 0,
      actionsTotal: 0,
    },
    operations: [],
    blocked: [],
    configRemarks: [],
    notices: [notice("operation", "host1 runs on xen1 (1.2 s).")],
    ...changes,
  };
}

export function peer(name: string, changes: Partial<PeerStatus> = {}): PeerStatus {
  return {
    name,
    standing: "member",
    late: false,
    heard: true,
    silentForMs: 400,
    addresses: ["10.0.0.2"],
    linkUp: true,
    paths: [{ path: "eth0", up: true }],
    ...changes,
  };
}

export function notice(
  code: string,
  message: string,
  changes: Partial<ClusterNotice> = {},
): ClusterNotice {
  return {
    number: 1,
    atMs: takenAtMs - 3_600_000,
    monotonicMs: 5_000_000,
    node: "xen1",
    level: "info",
    code,
    message,
    fields: {},
    ...changes,
  };
}

export function disk(
  name: string,
  changes: Partial<DiskVolumeStatus> = {},
  resource: Partial<DiskResourceStatus> = {},
): DiskResourceStatus {
  const isHere = name.startsWith("host1");
  return {
    name,
    role: isHere ? "Primary" : "Secondary",
    suspended: { user: false, noData: false, fencing: false },
    writeOrdering: "flush",
    twoPrimariesWindow: false,
    connection: {
      state: "Connected",
      peerName: "xen2",
      peerRole: isHere ? "Secondary" : "Primary",
      protocol: "C",
      local: "10.0.0.1:7788",
      remote: "10.0.0.2:7788",
      congested: false,
    },
    roleChanges: [],
    volumes: [volume(changes)],
    ...resource,
  };
}

function volume(changes: Partial<DiskVolumeStatus>): DiskVolumeStatus {
  return {
    volume: 0,
    minor: 0,
    device: "/dev/drbd0",
    isOpen: true,
    backingDisk: "/dev/xenhostfs/host1-root",
    connectionState: "Connected",
    disk: "UpToDate",
    peerDisk: "UpToDate",
    sizeKib: 10_485_404,
    resyncSuspended: { user: false, peer: false, dependency: false },
    alSuspended: false,
    counters: {
      sentKib: 0,
      receivedKib: 0,
      writtenKib: 0,
      readKib: 0,
      alWrites: 0,
      bitmapWrites: 0,
      localPending: 0,
      peerPending: 0,
      unacknowledged: 0,
      applicationPending: 0,
      epochs: 0,
      outOfSyncKib: 0,
    },
    lastSyncDecision: "",
    ...changes,
  };
}

function detail(name: string, id: string) {
  return {
    ...{ name, id, attributes: [], featureSet: "3.16.2" },
    ...{ shutdown: false, expectedUp: true, guestOf: undefined, guestOn: undefined },
  };
}

function history(id: string, startedAtMs: number) {
  const start: OperationRecord = {
    key: `${id}_start_0`,
    action: "start",
    intervalMs: 0,
    callId: "7",
    rc: 0,
    opStatus: 0,
    exitReason: "",
    lastRcChangeS: startedAtMs / 1000,
    execMs: "1200",
    queueMs: "0",
  };
  return {
    id,
    name: id,
    known: true,
    migrationThreshold: 1,
    failCount: 0,
    lastFailureS: 0,
    operations: [start],
  };
}
