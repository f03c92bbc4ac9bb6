import {
  becomeInSync,
  breakSockets,
  bringUpInSync,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The connection breaks after the target has finished and before the source has heard of it: the source corrects itself, and the next resync is not forgotten.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    writeApart(stage, alpha, 0, 8);
    stage.packets.holdWhen(bravo, "P_STATE", () => stage.volume(bravo).conn === "Connected");
    reconnect(stage, alpha);
    stage.until("bravo has finished", () => stage.record.notices(bravo, "resync-done") === 1);
    stage.advance(100);
    breakSockets(bravo);
    stage.packets.release();
    becomeInSync(stage);
    stage.check(/sync 0 KB/.test(stage.record.lastNotice(bravo, "resync-began")), "no block twice");
    writeApart(stage, alpha, 20, 24);
    reconnect(stage, alpha);
    becomeInSync(stage);
    stage.check(/sync 16 KB/.test(stage.record.lastNotice(bravo, "resync-began")), "the next one");
  },
};
