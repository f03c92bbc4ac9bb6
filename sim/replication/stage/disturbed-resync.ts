/** The same short resync again and again, with something done to each packet of it in turn, of either side. */
import type { SimNode } from "../sim-node.ts";
import { bringUpInSync, reconnect, writeApart } from "./operator.ts";
import type { Stage } from "./stage.ts";

/** Of a handshake and the resync after it, in their order. */
const packets: readonly string[] = [
  "P_CONNECTION_FEATURES",
  "P_PROTOCOL",
  "P_SYNC_PARAM89",
  "P_SIZES",
  "P_UUIDS",
  "P_STATE",
  "P_COMPRESSED_BITMAP",
  "P_SYNC_UUID",
  "P_RS_DATA_REQUEST",
  "P_RS_THIN_REQ",
  "P_RS_DATA_REPLY",
  "P_RS_WRITE_ACK",
  "P_PING",
  "P_PING_ACK",
];

/** @param disturb sets the rule for the next packet of this name that this node sends. */
export function disturbEveryPacket(
  stage: Stage,
  disturb: (node: SimNode, packet: string) => void,
): void {
  bringUpInSync(stage);
  const { alpha, bravo } = stage;
  stage.record.expectErrors("protocol-error", "connection-refused", "resync-unfinished");
  for (const packet of packets) {
    for (const node of [alpha, bravo]) {
      writeApart(stage, alpha, 0, 12);
      disturb(node, packet);
      reconnect(stage, alpha);
      stage.until("both are in sync again", () => inSync(stage), 300_000);
      stage.packets.release();
    }
  }
}

/** A node that was told something it can't believe may stand alone: an operator connects it again. */
function inSync(stage: Stage): boolean {
  const nodes = [stage.alpha, stage.bravo];
  for (const node of nodes)
    if (stage.volume(node).conn === "StandAlone") stage.do(node, { name: "connect" });
  return nodes.every((node) => {
    const { conn, disk, peerDisk } = stage.volume(node);
    return conn === "Connected" && disk === "UpToDate" && peerDisk === "UpToDate";
  });
}
