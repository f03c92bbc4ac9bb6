import { Load } from "../../../sim/replication/stage/load.ts";
import {
  becomeInSync,
  bringUpInSync,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The guest writes without a pause while what was missed is synced: the resync ends all the same.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    writeApart(stage, alpha, 0, 1000);
    const load = new Load(stage, alpha, { from: 900, blocks: 200, everyMs: 1 });
    reconnect(stage, alpha);
    stage.becomes(bravo, { conn: "SyncTarget" });
    becomeInSync(stage);
    load.stop();
  },
};
