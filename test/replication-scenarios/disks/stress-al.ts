import {
  bringUpInSync,
  powerCut,
  powerOn,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Writes all over a disk with few active extents: the log is written again and again, nothing is locked up, and after a crash every difference is marked.",
  options: { volumeBytes: 64 * 1024 * 1024, disk: { alExtents: 7 } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    const extents = stage.blocks / 1024;
    for (let round = 0; round < 12; round++) {
      const submitted = Array.from({ length: extents }, (_, i) =>
        stage.submit(alpha, 1024 * i + round),
      );
      stage.until("all are answered", () =>
        submitted.every(({ outcome }) => outcome !== undefined),
      );
    }
    stage.check(
      stage.volume(alpha).alWrites > extents,
      `${stage.volume(alpha).alWrites} log writes`,
    );
    for (let i = 0; i < extents; i++) stage.submit(alpha, 1024 * i + 100);
    stage.advance(1);
    powerCut(stage, alpha);
    stage.becomes(bravo, { conn: "WFConnection" });
    powerOn(alpha);
  },
};
