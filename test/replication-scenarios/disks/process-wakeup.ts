import { bringUpInSync, promote } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Many who wait for an extent of the activity log at once are all woken, also when each of them makes another wait.",
  options: { volumeBytes: 128 * 1024 * 1024, disk: { alExtents: 3 } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha } = stage;
    promote(stage, alpha);
    const { prng } = stage.world;
    const extents = stage.blocks / 1024;
    const submitted = Array.from({ length: 150 }, () =>
      stage.submit(alpha, 1024 * prng.below(extents) + prng.below(1000)),
    );
    stage.until("all are answered", () => submitted.every(({ outcome }) => outcome !== undefined));
  },
};
