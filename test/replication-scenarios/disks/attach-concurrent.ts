import {
  becomeInSync,
  bringUpInSync,
  demote,
  fill,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Both nodes take their disks back at the same moment, while connected: they come to the same decision.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    for (let round = 0; round < 6; round++) {
      stage.do(bravo, { name: "detach", volume: 0 });
      if (round % 2 === 1) {
        promote(stage, alpha);
        fill(stage, alpha, round, round + 4);
        demote(stage, alpha);
      }
      stage.do(alpha, { name: "detach", volume: 0 });
      alpha.attach(0);
      stage.advance(round / 2);
      bravo.attach(0);
      becomeInSync(stage);
    }
  },
};
