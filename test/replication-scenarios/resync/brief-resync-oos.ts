import {
  bringUpInSync,
  fill,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A write that reaches the source while its bitmap is on its way is synced too, even if the resync that began meanwhile has nothing else to do.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    writeApart(stage, alpha, 5, 6);
    stage.packets.hold(bravo, "P_COMPRESSED_BITMAP");
    stage.packets.hold(bravo, "P_BITMAP");
    reconnect(stage, alpha);
    stage.becomes(alpha, { conn: "WFBitMapS" });
    fill(stage, alpha, 40, 60);
    stage.packets.release();
  },
};
