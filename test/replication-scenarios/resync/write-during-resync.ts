import {
  bringUpInSync,
  fill,
  mend,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Writes to the very blocks that are being synced, on a slow link: no deadlock, and the newest content wins.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo, world } = stage;
    writeApart(stage, alpha, 0, 300);
    world.network.setLink(alpha.address, bravo.address, { delayMs: 20, jitterMs: 10 });
    reconnect(stage, alpha);
    stage.becomes(bravo, { conn: "SyncTarget" });
    for (let round = 0; round < 5; round++) fill(stage, alpha, 60 * round, 60 * round + 60);
    mend(stage);
  },
};
