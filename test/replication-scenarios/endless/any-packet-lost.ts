import type { SimNode } from "../../../sim/replication/sim-node.ts";
import { bringUpInSync, reconnect, writeApart } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";
import type { Stage } from "../../../sim/replication/stage/stage.ts";

export const scenario: Scenario = {
  asserts:
    "Whichever packet of a handshake or a resync is swallowed, of either side: it ends in bounded time, with equal copies.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    stage.record.expectErrors("protocol-error", "connection-refused", "resync-unfinished");
    for (const packet of packets) {
      for (const node of [alpha, bravo]) {
        writeApart(stage, alpha, 0, 12);
        stage.packets.drop(node, packet);
        reconnect(stage, alpha);
        becomeInSyncAgain(stage);
        stage.packets.release();
      }
    }
  },
};

const packets = [
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

/** A node that was told something it can't believe may stand alone: an operator connects it again. */
function becomeInSyncAgain(stage: Stage): void {
  const nodes = [stage.alpha, stage.bravo];
  const inSync = (node: SimNode): boolean => {
    const { conn, disk, peerDisk } = stage.volume(node);
    return conn === "Connected" && disk === "UpToDate" && peerDisk === "UpToDate";
  };
  stage.until(
    "both are in sync again",
    () => {
      for (const node of nodes)
        if (stage.volume(node).conn === "StandAlone") stage.do(node, { name: "connect" });
      return nodes.every(inSync);
    },
    300_000,
  );
}
