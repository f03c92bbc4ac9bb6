import {
  breakSockets,
  bringUpInSync,
  demote,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The source loses its disk in the middle of the resync (drbd 40): the target does not wait for it for ever, nor takes itself for good; it goes on when the disk is back.",
  options: { disk: { resyncRateKiBs: 2048 } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    stage.record.expectErrors("disk-failed", "disk-error");
    writeApart(stage, alpha, 0, 800);
    demote(stage, alpha);
    reconnect(stage, alpha);
    stage.becomes(bravo, { conn: "SyncTarget" });
    stage.advance(100);
    alpha.disk.faults.readFails = 1;
    alpha.disk.faults.writeFails = 1;
    stage.until(
      "bravo is no SyncTarget any more",
      () => stage.volume(bravo).conn !== "SyncTarget",
      200_000,
    );
    stage.check(stage.volume(bravo).disk === "Inconsistent", "it knows that it is not good");
    stage.refused(bravo, { name: "primary" });
    alpha.disk.faults.readFails = 0;
    alpha.disk.faults.writeFails = 0;
    if (stage.volume(alpha).disk === "Diskless") alpha.attach(0);
    for (const node of [alpha, bravo]) stage.ask(node, { name: "connect" });
    stage.until("bravo is tried again", () => {
      if (stage.volume(bravo).conn === "Connected" && stage.volume(bravo).disk === "Inconsistent")
        breakSockets(bravo);
      return stage.volume(bravo).disk === "UpToDate";
    });
  },
};
