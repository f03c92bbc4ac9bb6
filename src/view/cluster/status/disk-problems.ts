/** What is to be said of replicated disks, as this node's disk servers see them. */
import type { DiskStatusRow } from "../../../api/cluster-live.ts";
import type { DiskResourceStatus, DiskVolumeStatus } from "../../../api/disk-status.ts";
import { donePerMille, finishTime } from "../../drbd/progress-bar.ts";
import type { Problem } from "./problem.ts";

export function diskProblems(rows: readonly DiskStatusRow[]): readonly Problem[] {
  const known = rows.flatMap(({ status }) => (status === undefined ? [] : [status]));
  return [
    ...rows
      .filter(({ status }) => status === undefined)
      .map(({ drbdResource }) => notUp(drbdResource)),
    ...known.flatMap(connectionProblems),
    ...resyncProblems(known),
    ...copyProblems(known),
  ];
}

function notUp(name: string): Problem {
  return {
    severity: "degraded",
    text: `${name} is not up on this node: no copy is kept here`,
    remedy: `drbdadm up ${name}`,
  };
}

function connectionProblems(status: DiskResourceStatus): readonly Problem[] {
  const { name, connection, suspended } = status;
  const peer = connection.peerName === "" ? "its peer" : connection.peerName;
  if (suspended.user || suspended.noData || suspended.fencing) {
    const why = suspended.fencing
      ? `until it is known that ${peer} cannot go on with an older copy`
      : suspended.noData
        ? "because no good copy can be reached"
        : "because somebody suspended it";
    return [
      {
        severity: "trouble",
        text: `${name}: writing waits ${why}`,
        remedy: suspended.user ? `drbdadm resume-io ${name}` : "holdfast why",
      },
    ];
  }
  if (connection.state === "StandAlone" && connection.protocol !== undefined) {
    return [
      {
        severity: "trouble",
        text: `${name} is StandAlone: it does not look for ${peer}, as after a split brain`,
        remedy: `Which copy is to be lost? There: drbdadm connect --discard-my-data ${name}; then here: drbdadm connect ${name}`,
      },
    ];
  }
  return [];
}

function resyncProblems(statuses: readonly DiskResourceStatus[]): readonly Problem[] {
  return statuses.flatMap((status) =>
    status.volumes.flatMap((volume) =>
      volume.resync === undefined ? [] : [resyncProblem(volumeName(status, volume), volume)],
    ),
  );
}

function resyncProblem(name: string, { resync, connectionState }: DiskVolumeStatus): Problem {
  const done = resync === undefined ? 0 : donePerMille(resync);
  const rest = resync === undefined || done === 1000 ? "" : `, ${finishTime(resync)} left`;
  const what = connectionState.startsWith("Verify") ? "is compared" : "is made equal on both nodes";
  const isStalled = resync?.stalled === true;
  return {
    severity: isStalled ? "degraded" : "working",
    text: `${name} ${what}: ${(done / 10).toFixed(1)} %${isStalled ? ", and does not get on" : rest}`,
    remedy: isStalled ? "Look at the network and at both disks." : "",
  };
}

/** Volumes with the same fault are told together: a lost node is the fault of them all. */
function copyProblems(statuses: readonly DiskResourceStatus[]): readonly Problem[] {
  const groups = new Map<string, { readonly names: string[]; readonly fault: Fault }>();
  for (const status of statuses) {
    for (const volume of status.volumes) {
      const { disk, peerDisk, resync } = volume;
      if (resync !== undefined || (disk === "UpToDate" && peerDisk === "UpToDate")) continue;
      const { peerName } = status.connection;
      const fault = { disk, peerDisk, peer: peerName === "" ? "the peer" : peerName };
      const key = `${disk} ${peerDisk} ${peerName}`;
      const name = volumeName(status, volume);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { names: [name], fault });
      else group.names.push(name);
    }
  }
  return [...groups.values()].map(({ names, fault }) => copyProblem(names, fault));
}

type Fault = Pick<DiskVolumeStatus, "disk" | "peerDisk"> & { readonly peer: string };

function copyProblem(names: readonly string[], { disk, peerDisk, peer }: Fault): Problem {
  const have = `${names.join(", ")} ${names.length === 1 ? "has" : "have"}`;
  if (disk === "UpToDate") {
    const there =
      peerDisk === "DUnknown" ? `that of ${peer} is not known` : `${peer}'s is ${peerDisk}`;
    const text = `${have} one good copy, on this node: ${there}`;
    return { severity: "degraded", text, remedy: "" };
  }
  if (peerDisk === "UpToDate") {
    const text = `${have} one good copy, on ${peer}: this node's is ${disk}`;
    const remedy = disk === "Diskless" ? `drbdadm attach ${names.join(" ")}` : "";
    return { severity: "degraded", text, remedy };
  }
  return {
    severity: "trouble",
    text: `${have} no copy that is known to be good: ${disk} here, ${peerDisk} on ${peer}`,
    remedy: "holdfast why",
  };
}

export function volumeName({ name, volumes }: DiskResourceStatus, of: DiskVolumeStatus): string {
  return volumes.length === 1 ? name : `${name}/${of.volume}`;
}
