import {
  becomeInSync,
  bringUpInSync,
  cut,
  demote,
  mend,
  promote,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The end of a resync was missed, and then the former target becomes Primary: both come together without a step back.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    writeApart(stage, alpha, 0, 8);
    demote(stage, alpha);
    stage.packets.holdWhen(bravo, "P_STATE", () => stage.volume(bravo).conn === "Connected");
    reconnect(stage, alpha);
    stage.until("bravo has finished", () => stage.record.notices(bravo, "resync-done") === 1);
    stage.advance(100);
    cut(stage);
    stage.packets.release();
    stage.do(alpha, { name: "disconnect" });
    stage.do(alpha, { name: "outdate", volume: 0 });
    promote(stage, bravo);
    stage.write(bravo, 2);
    mend(stage);
    reconnect(stage, alpha);
    becomeInSync(stage);
  },
};
