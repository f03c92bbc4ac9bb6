import {
  breakSockets,
  bringUpInSync,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The connection breaks again and again in the middle of a resync: each time it goes on with what is left, and it ends.",
  options: { disk: { resyncRateKiBs: 2048 } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    writeApart(stage, alpha, 0, 2000);
    reconnect(stage, alpha);
    let left = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 6; round++) {
      stage.becomes(bravo, { conn: "SyncTarget" });
      stage.advance(300);
      const now = stage.volume(bravo).outOfSyncBytes;
      stage.check(now < left, `less is left than before: ${now} of ${left}`);
      left = now;
      breakSockets(alpha);
      stage.becomes(bravo, { conn: "Unconnected" });
    }
  },
};
