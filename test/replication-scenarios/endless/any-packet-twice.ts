import { bringUpInSync, reconnect, writeApart } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";
import type { Stage } from "../../../sim/replication/stage/stage.ts";

export const scenario: Scenario = {
  asserts:
    "Whichever packet of a handshake or a resync comes twice: it costs a connection at most, ends in bounded time, and spoils nothing.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    stage.record.expectErrors("protocol-error", "connection-refused", "resync-unfinished");
    for (const packet of packets) {
      for (const node of [alpha, bravo]) {
        writeApart(stage, alpha, 0, 12);
        stage.packets.repeat(node, packet);
        reconnect(stage, alpha);
        stage.until("both are in sync again", () => inSync(stage), 300_000);
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

function inSync(stage: Stage): boolean {
  const nodes = [stage.alpha, stage.bravo];
  for (const node of nodes)
    if (stage.volume(node).conn === "StandAlone") stage.do(node, { name: "connect" });
  return nodes.every((node) => {
    const { conn, disk, peerDisk } = stage.volume(node);
    return conn === "Connected" && disk === "UpToDate" && peerDisk === "UpToDate";
  });
}
