import { bringUpInSync, promote } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Requests of odd sizes and places, across extents, overlapping each other, writes and discards and flushes at once: both copies stay equal.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha } = stage;
    promote(stage, alpha);
    const { prng } = stage.world;
    for (let round = 0; round < 30; round++) {
      const block = prng.below(stage.blocks - 300);
      stage.write(alpha, block, 1 + prng.below(280));
      if (round % 3 === 0) stage.discard(alpha, block + 1, 1 + prng.below(200), round % 2 === 0);
      if (round % 5 === 0) stage.flush(alpha);
    }
  },
};
