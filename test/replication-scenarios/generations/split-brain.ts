import {
  becomeInSync,
  bringUpInSync,
  cut,
  demote,
  fill,
  mend,
  promote,
  reconnect,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Both nodes were written to while apart: nothing is exchanged but the finding, both say so and stand alone; discard-my-data on one of them brings them together.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    fill(stage, alpha, 0, 16);
    cut(stage);
    fill(stage, alpha, 8, 24);
    promote(stage, bravo);
    fill(stage, bravo, 16, 40);
    demote(stage, bravo);
    stage.record.expectErrors("sync-decision", "split-brain");
    mend(stage);
    stage.bothBecome({ conn: "StandAlone" });
    stage.check(stage.record.handlers(alpha, "split-brain") === 1, "alpha's handler is called");
    stage.check(stage.record.sent(bravo, "P_RS_DATA_REQUEST") === 0, "no block was exchanged");
    stage.laws.mayLose.add(bravo);
    stage.do(bravo, { name: "connect", discardMyData: true });
    reconnect(stage, alpha);
    becomeInSync(stage);
    stage.write(alpha, 100);
  },
};
