import {
  becomeInSync,
  bringUpInSync,
  fill,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "invalidate-remote makes the peer take everything anew, though both believed to be equal.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    fill(stage, alpha, 0, 32);
    stage.laws.mayLose.add(bravo);
    stage.do(alpha, { name: "invalidate-remote", volume: 0 });
    stage.becomes(bravo, { conn: "SyncTarget", disk: "Inconsistent" });
    becomeInSync(stage);
    stage.check(stage.record.notices(bravo, "resync-done") === 1, "one full sync");
  },
};
