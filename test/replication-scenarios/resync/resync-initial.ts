import { becomeInSync, bringUp, cut, fill, mend } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The first sync of two new disks: forced Primary, full sync, and in the middle of it the cable is out for a while; it goes on where it was.",
  options: { disk: { resyncRateKiBs: 4096 } },
  run: (stage) => {
    bringUp(stage);
    const { alpha, bravo } = stage;
    stage.do(alpha, { name: "primary", force: true });
    stage.becomes(bravo, { conn: "SyncTarget" });
    fill(stage, alpha, 0, 64);
    cut(stage);
    mend(stage);
    becomeInSync(stage);
    stage.laws.begin();
    stage.write(alpha, 3);
  },
};
