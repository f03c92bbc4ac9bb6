import {
  becomeInSync,
  bringUpInSync,
  fill,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A copy put back to a snapshot while its node was away is taken for what it is, older: it is synced with all that was written since.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    fill(stage, alpha, 0, 16);
    stage.do(bravo, { name: "disconnect" });
    bravo.crash();
    const snapshot = bravo.disk.snapshot();
    fill(stage, alpha, 16, 32);
    bravo.start();
    becomeInSync(stage);
    fill(stage, alpha, 32, 48);
    bravo.crash();
    stage.laws.rest();
    bravo.disk.restore(snapshot);
    bravo.start();
    stage.becomes(bravo, { conn: "SyncTarget" });
  },
};
