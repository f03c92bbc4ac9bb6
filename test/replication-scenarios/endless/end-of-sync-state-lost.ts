import {
  becomeInSync,
  bringUpInSync,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The target ends the resync, and its word never reaches the source, which has nothing left to do (ganeti 1868): the source does not stay SyncSource at 100 %.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    writeApart(stage, alpha, 0, 50);
    stage.packets.dropWhen(bravo, "P_STATE", () => stage.volume(bravo).conn === "Connected");
    reconnect(stage, alpha);
    stage.until("bravo has finished", () => stage.record.notices(bravo, "resync-done") === 1);
    stage.advance(1000);
    stage.check(stage.volume(alpha).conn === "SyncSource", "the word is lost");
    becomeInSync(stage, boundMs);
  },
};

/** Three times ko-count times timeout, and a new connection. */
const boundMs = 200_000;
