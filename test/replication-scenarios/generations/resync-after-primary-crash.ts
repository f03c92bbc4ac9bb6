import { Load } from "../../../sim/replication/stage/load.ts";
import {
  becomeInSync,
  bringUpInSync,
  demote,
  fill,
  powerCut,
  powerOn,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A Primary that crashed comes back as Secondary: the extents of its activity log are synced, from the side that went on.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    for (const wentOn of [false, true]) {
      promote(stage, alpha);
      const load = new Load(stage, alpha, { from: 0, blocks: 64, everyMs: 2 });
      stage.advance(150);
      load.die();
      powerCut(stage, alpha);
      stage.becomes(bravo, { conn: "WFConnection" });
      if (wentOn) {
        promote(stage, bravo);
        fill(stage, bravo, 32, 96);
        demote(stage, bravo);
      }
      powerOn(alpha);
      stage.becomes(wentOn ? alpha : bravo, { conn: "SyncTarget" });
      becomeInSync(stage);
    }
  },
};
