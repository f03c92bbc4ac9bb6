/** The nodes in `holdfast status`: state, how they are heard, how much runs there. */
import type { PeerStatus } from "../../../api/cluster-live.ts";
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import type { NodeStatus } from "../../../decision/cluster-status.ts";
import { agoText } from "../time-texts.ts";
import { peerOf } from "./node-problems.ts";
import type { Cell } from "./table-lines.ts";

export function nodeRows(snapshot: ClusterSnapshot): readonly (readonly Cell[])[] {
  return snapshot.status.nodes.map((node) => [
    node.name,
    stateCell(node, snapshot),
    heardCell(node, snapshot),
    loadText(node, snapshot),
  ]);
}

function stateCell(node: NodeStatus, { summary, live }: ClusterSnapshot): Cell {
  if (node.unclean) return { text: node.online ? "UNCLEAN" : "UNCLEAN, offline", tone: "bad" };
  if (!node.online) {
    const standing = peerOf(live, node.name)?.standing;
    if (standing === "restarting") return { text: "restarting", tone: "warn" };
    if (standing === "left") return { text: "left", tone: "warn" };
    if (standing === "unheard") return { text: "not heard yet", tone: "warn" };
    return { text: "OFFLINE", tone: "bad" };
  }
  if (node.pending) return { text: "joining", tone: "warn" };
  const decides = summary.dc?.name === node.name ? ", decides" : "";
  if (node.standby !== "no") return { text: `standby${decides}`, tone: "warn" };
  if (node.maintenance) return { text: `maintenance${decides}`, tone: "warn" };
  return { text: `online${decides}`, tone: "good" };
}

function heardCell(node: NodeStatus, { live }: ClusterSnapshot): Cell {
  if (live === undefined) return "";
  if (node.name === live.node) return { text: "this node", tone: "dim" };
  const peer = peerOf(live, node.name);
  if (peer === undefined) return { text: "not in ha.cf", tone: "warn" };
  const up = peer.paths.filter((each) => each.up).map(({ path }) => path);
  if (peer.heard) return pathsCell(peer, up);
  if (peer.silentForMs === undefined) return { text: "never heard", tone: "dim" };
  return { text: `silent for ${agoText(peer.silentForMs)}`, tone: "bad" };
}

function pathsCell(peer: PeerStatus, up: readonly string[]): Cell {
  const paths = up.length === 0 ? "heard" : `heard on ${up.join(", ")}`;
  const down = peer.paths.filter((each) => !each.up).map(({ path }) => path);
  if (down.length > 0) return { text: `${paths}; not on ${down.join(", ")}`, tone: "warn" };
  if (peer.late) return { text: `${paths}, late`, tone: "warn" };
  return peer.linkUp ? paths : { text: `${paths}; no link`, tone: "warn" };
}

function loadText(node: NodeStatus, snapshot: ClusterSnapshot): string {
  const running = snapshot.nodes.find(({ name }) => name === node.name)?.running ?? [];
  if (!node.online) return "";
  if (running.length === 0) return "runs nothing";
  return `runs ${running.length} ${running.length === 1 ? "resource" : "resources"}`;
}
