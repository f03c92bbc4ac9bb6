import {
  becomeInSync,
  bringUpInSync,
  demote,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The source of a resync that was interrupted is written to no more; the former target, promoted, becomes its source.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    writeApart(stage, alpha, 0, 50);
    demote(stage, alpha);
    reconnect(stage, alpha);
    becomeInSync(stage);
    writeApart(stage, bravo, 25, 75);
    demote(stage, bravo);
    reconnect(stage, bravo);
    stage.becomes(alpha, { conn: "SyncTarget" });
  },
};
