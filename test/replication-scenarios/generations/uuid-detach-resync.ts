import {
  becomeInSync,
  bringUpInSync,
  fill,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The Secondary detaches while the Primary writes, and is attached again: it is behind, knows it, and is synced.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    for (let round = 0; round < 3; round++) {
      fill(stage, alpha, 0, 4);
      stage.do(bravo, { name: "detach", volume: 0 });
      fill(stage, alpha, 4 * round, 4 * round + 8);
      bravo.attach(0);
      becomeInSync(stage);
    }
    stage.check(stage.record.notices(bravo, "resync-done") === 3, "three resyncs");
  },
};
