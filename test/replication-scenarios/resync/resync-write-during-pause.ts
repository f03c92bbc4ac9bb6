import {
  bringUpInSync,
  fill,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Writes while the resync is paused reach both copies where they can, or are marked; nothing is missing when it goes on.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    writeApart(stage, alpha, 0, 200);
    stage.do(bravo, { name: "pause-sync", volume: 0 });
    reconnect(stage, alpha);
    stage.becomes(bravo, { conn: "PausedSyncT" });
    fill(stage, alpha, 100, 300);
    stage.advance(1000);
    stage.check(stage.volume(bravo).conn === "PausedSyncT", "it waits");
    stage.do(bravo, { name: "resume-sync", volume: 0 });
  },
};
