import { bringUpInSync, demote, promote } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Two disks of different sizes agree on the smaller one's, and what is written is on both.",
  options: { volumeBytes: 0, diskBytes: [8 * 1024 * 1024, 6 * 1024 * 1024] },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    stage.check(stage.volume(alpha).sizeBytes === stage.volume(bravo).sizeBytes, "one size");
    stage.check(stage.volume(alpha).sizeBytes < 6 * 1024 * 1024, "the smaller disk's");
    promote(stage, bravo);
    stage.write(bravo, 1000);
    demote(stage, bravo);
  },
};
