/** What is to be said of replicated disks, as this node's disk servers see them. */
import type { DiskStatusRow } from "../../../api/cluster-live.ts";
import type {
  DiskResourceStatus,
  DiskSplitBrain,
  DiskVolumeStatus,
} from "../../../api/disk-status.ts";
import { donePerMille, finishTime } from "../../drbd/progress-bar.ts";
import { agoText } from "../time-texts.ts";
import type { Problem } from "./problem.ts";

export function diskProblems(rows: readonly DiskStatusRow[]): readonly Problem[] {
  const known = rows.flatMap(({ status }) => (status === undefined ? [] : [status]));
  return [
    ...rows
      .filter(({ status }) => status === undefined)
      .map(({ drbdResource }) => notUp(drbdResource)),
    ...suspensionProblems(known),
    ...splitBrainProblems(known),
    ...standAloneProblems(known),
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

/** Told together where the same has to be done. */
function standAloneProblems(statuses: readonly DiskResourceStatus[]): readonly Problem[] {
  const groups = new Map<string, string[]>();
  for (const status of statuses) {
    const { name, role, connection } = status;
    if (connection.state !== "StandAlone" || isSplit(status)) continue;
    const copy = role === "Primary" ? "the copy here is in use" : "the copy here is not in use";
    const key = `not connected to ${peerOf(connection)} any more: both copies were written apart (split brain), or somebody disconnected; ${copy}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups].map(([what, names]) => {
    const all = names.join(" ");
    return {
      severity: "trouble",
      text: `${names.join(", ")} ${names.length === 1 ? "is" : "are"} StandAlone, ${what}`,
      remedy: `holdfast resolve ${names[0]} tells whether it is a split brain; if it is none: drbdadm connect ${all} on both nodes`,
    };
  });
}

function splitBrainProblems(statuses: readonly DiskResourceStatus[]): readonly Problem[] {
  return statuses.filter(isSplit).map(({ name, volumes, connection }) => {
    const changed = (of: (found: DiskSplitBrain) => number): number =>
      volumes.reduce(
        (sum, { splitBrain }) => sum + (splitBrain === undefined ? 0 : of(splitBrain)),
        0,
      );
    const apart = Math.max(...volumes.map(({ splitBrain }) => splitBrain?.apartMs ?? 0));
    const since = apart === 0 ? "" : `, apart for ${agoText(apart)}`;
    const here = changed((found) => found.selfChangedKib);
    const there = changed((found) => found.peerChangedKib);
    return {
      severity: "trouble",
      text: `${name} is in split brain${since}: ${here} KiB changed here, ${there} KiB on ${peerOf(connection)}, each without the other`,
      remedy: `holdfast resolve ${name} shows what happened, and the two ways out`,
    };
  });
}

function isSplit({ volumes }: DiskResourceStatus): boolean {
  return volumes.some(({ splitBrain }) => splitBrain !== undefined);
}

function peerOf({ peerName }: DiskResourceStatus["connection"]): string {
  return peerName === "" ? "the peer" : peerName;
}

/** Told together where they wait for the same. */
function suspensionProblems(statuses: readonly DiskResourceStatus[]): readonly Problem[] {
  const names = new Map<string, string[]>();
  for (const { name, suspended, connection } of statuses) {
    const why = suspensionReason(suspended, peerOf(connection));
    if (why !== undefined) names.set(why, [...(names.get(why) ?? []), name]);
  }
  return [...names].map(([why, resources]) => ({
    severity: "trouble",
    text: `${resources.join(", ")}: writing waits, and the guest with it, ${why}`,
    remedy: why === byHand ? `drbdadm resume-io ${resources.join(" ")}` : "holdfast why",
  }));
}

const byHand = "because somebody suspended it";

function suspensionReason(
  { user, noData, fencing }: DiskResourceStatus["suspended"],
  peer: string,
): string | undefined {
  if (fencing) return `until it is known that ${peer} cannot go on with an older copy`;
  if (noData) return "because no good copy can be reached";
  return user ? byHand : undefined;
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
    const isAlone = status.connection.state === "StandAlone";
    for (const volume of status.volumes) {
      const { disk, peerDisk, resync } = volume;
      // That the other copy is not known is no wonder where nobody asks for it.
      if (isAlone && disk === "UpToDate") continue;
      if (resync !== undefined || (disk === "UpToDate" && peerDisk === "UpToDate")) continue;
      const fault = { disk, peerDisk, peer: peerOf(status.connection) };
      const key = `${disk} ${peerDisk} ${fault.peer}`;
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
