import { disturbEveryPacket } from "../../../sim/replication/stage/disturbed-resync.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Whichever packet of a handshake or a resync comes twice: it costs a connection at most, ends in bounded time, and spoils nothing.",
  run: (stage) => {
    disturbEveryPacket(stage, (node, packet) => stage.packets.repeat(node, packet));
  },
};
