/** The guests in `holdfast status`: where, since when, and how many good copies their disks have. */
import type { LiveStatus } from "../../../api/cluster-live.ts";
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import type { DiskResourceStatus } from "../../../api/disk-status.ts";
import type { PrimitiveStatus } from "../../../decision/cluster-status.ts";
import { donePerMille } from "../../drbd/progress-bar.ts";
import { primitivesOf } from "../resource-queries.ts";
import type { TimeTexts } from "../time-texts.ts";
import type { Cell } from "./table-lines.ts";

type Rows = readonly (readonly Cell[])[];

export function guestRows(
  snapshot: ClusterSnapshot,
  times: TimeTexts,
): { readonly guests: Rows; readonly others: Rows } {
  const primitives = primitivesOf(snapshot.status.resources).filter(
    ({ agent }) => !agent.startsWith("stonith:"),
  );
  const row = (primitive: PrimitiveStatus): readonly Cell[] => [
    primitive.name,
    stateCell(primitive),
    sinceText(primitive, snapshot, times),
    copiesCell(primitive.name, snapshot.live),
  ];
  const isGuest = ({ agent }: PrimitiveStatus): boolean => /:(Xen|VirtualDomain)$/.test(agent);
  return {
    guests: primitives.filter(isGuest).map(row),
    others: primitives
      .filter((each) => !isGuest(each))
      .map((each) => [...row(each).slice(0, 3), { text: each.agent, tone: "dim" }]),
  };
}

function stateCell(of: PrimitiveStatus): Cell {
  const where = of.nodes.join(" and ");
  if (of.nodes.length > 1) return { text: `${of.role} on ${where}`, tone: "bad" };
  if (of.failed) return { text: where === "" ? "FAILED" : `FAILED on ${where}`, tone: "bad" };
  const doing = pendingText(of);
  if (doing !== undefined) return { text: doing, tone: "warn" };
  if (of.nodes.length === 0) {
    return {
      text: of.disabled ? "stopped, as wanted" : of.role,
      tone: of.disabled ? "dim" : "bad",
    };
  }
  const lost = of.nodeLost ? ", which is lost" : "";
  const flags = of.managed ? "" : ", left alone";
  const role = of.role === "Started" ? "runs" : of.role;
  return { text: `${role} on ${where}${lost}${flags}`, tone: lost === "" ? "good" : "bad" };
}

const pendingWords: Readonly<Record<string, string>> = {
  Starting: "starts on",
  Stopping: "stops on",
  Migrating: "moves away from",
  Promoting: "is promoted on",
  Demoting: "is demoted on",
};

/** What is being done with it; undefined where nothing is. */
export function pendingText({ pending, node }: PrimitiveStatus): string | undefined {
  if (pending === undefined || pending === "Monitoring") return undefined;
  const words = Object.hasOwn(pendingWords, pending) ? pendingWords[pending] : `${pending} on`;
  return `${words} ${node ?? "some node"}`;
}

/** By the last operation that brought it there; for what ran before the cluster knew of it, when it was found. */
function sinceText(of: PrimitiveStatus, { history }: ClusterSnapshot, times: TimeTexts): string {
  const [node] = of.nodes;
  const operations = history
    .filter((each) => each.node === node)
    .flatMap(({ resources }) => resources.filter(({ name }) => name === of.name))
    .flatMap((resource) => resource.operations)
    .filter(({ rc, intervalMs }) => (rc === 0 || rc === 8) && intervalMs === 0);
  const lastMs = (actions: readonly string[]): number =>
    Math.max(
      0,
      ...operations
        .filter(({ action }) => actions.includes(action))
        .map(({ lastRcChangeS }) => (lastRcChangeS ?? 0) * 1000),
    );
  const broughtMs = lastMs(["start", "migrate_from", "promote"]);
  if (broughtMs > 0) return `since ${times.short(broughtMs)}`;
  const foundMs = lastMs(["monitor"]);
  return foundMs > 0 ? `found ${times.short(foundMs)}` : "";
}

/** The worst of its disks, as this node's disk servers see them. */
function copiesCell(resource: string, live: LiveStatus | undefined): Cell {
  const wanted = live?.guests.find((guest) => guest.resource === resource)?.drbdResources ?? [];
  const statuses = (live?.disks ?? [])
    .filter(({ drbdResource }) => wanted.includes(drbdResource))
    .flatMap(({ status }) => (status === undefined ? [] : [status]));
  if (live === undefined || wanted.length === 0) return "";
  if (statuses.length < wanted.length) return { text: "disks are not up here", tone: "warn" };
  return worstCopies(live.node, statuses);
}

function worstCopies(here: string, statuses: readonly DiskResourceStatus[]): Cell {
  const volumes = statuses.flatMap((status) =>
    status.volumes.map((volume) => ({ volume, peer: status.connection.peerName })),
  );
  const whole = ({ volume }: (typeof volumes)[number]): boolean =>
    volume.disk === "UpToDate" && volume.peerDisk === "UpToDate";
  const resyncs = volumes.flatMap(({ volume }) =>
    volume.resync === undefined ? [] : [volume.resync],
  );
  if (volumes.every(whole) && resyncs.length === 0) {
    return { text: "two good copies", tone: "good" };
  }
  if (resyncs.length > 0) {
    const done = Math.min(...resyncs.map(donePerMille));
    return { text: `second copy ${(done / 10).toFixed(1)} % in sync`, tone: "warn" };
  }
  const bad = volumes.filter((each) => !whole(each));
  if (bad.some(({ volume }) => volume.disk !== "UpToDate" && volume.peerDisk !== "UpToDate")) {
    return { text: "NO good copy is known here", tone: "bad" };
  }
  const places = bad.map(({ volume, peer }) => (volume.disk === "UpToDate" ? here : peer));
  return { text: `one good copy, on ${[...new Set(places)].sort().join(" or ")}`, tone: "warn" };
}
