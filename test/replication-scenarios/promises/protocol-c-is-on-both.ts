import {
  bringUpInSync,
  powerCut,
  powerOn,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Protocol C: at the moment of the answer both copies have the write; a flush that is answered survives the loss of power of both.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    for (let round = 0; round < 10; round++) {
      const write = stage.write(alpha, 10 * round, 3);
      stage.check(stage.lineage.has(alpha.disk, write), "alpha has it");
      stage.check(stage.lineage.has(bravo.disk, write), "bravo has it");
    }
    stage.flush(alpha);
    stage.submit(alpha, 500, 8);
    stage.advance(1);
    for (const node of [alpha, bravo]) powerCut(stage, node);
    for (const node of [alpha, bravo]) powerOn(node);
  },
};
