import { disturbEveryPacket } from "../../../sim/replication/stage/disturbed-resync.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Whichever packet of a handshake or a resync is swallowed, of either side: it ends in bounded time, with equal copies.",
  run: (stage) => {
    disturbEveryPacket(stage, (node, packet) => stage.packets.drop(node, packet));
  },
};
