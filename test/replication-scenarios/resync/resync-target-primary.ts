import {
  becomeInSync,
  bringUpInSync,
  demote,
  fill,
  promote,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The target becomes Primary while it is synced: what is not there yet is read from the source, and writes go to both.",
  options: { disk: { resyncRateKiBs: 2048 } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    writeApart(stage, alpha, 0, 1500);
    demote(stage, alpha);
    reconnect(stage, alpha);
    stage.becomes(bravo, { conn: "SyncTarget" });
    promote(stage, bravo);
    for (const block of [1499, 3, 700]) {
      const [newest] = stage.lineage.writesAt(block).slice(-1);
      const found = stage.read(bravo, block);
      stage.check(
        typeof found !== "string" && newest !== undefined && found.has(newest.id),
        "newest",
      );
    }
    fill(stage, bravo, 700, 720);
    becomeInSync(stage);
  },
};
