import { bringUpInSync, demote, fill, promote } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The Primary role goes to and fro while each Primary writes: both copies stay equal, no resync is ever needed.",
  run: (stage) => {
    bringUpInSync(stage);
    for (let round = 0; round < 12; round++) {
      const node = round % 2 === 0 ? stage.alpha : stage.bravo;
      promote(stage, node);
      fill(stage, node, 3 * round, 3 * round + 4);
      demote(stage, node);
    }
    stage.check(
      stage.record.notices(stage.alpha, "resync-began") === 0,
      "nothing was to be synced",
    );
  },
};
