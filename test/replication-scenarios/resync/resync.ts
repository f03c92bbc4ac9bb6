import {
  becomeInSync,
  bringUpInSync,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "What was written while apart is synced, and nothing else; while it runs the target is Inconsistent, and afterwards UpToDate.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    writeApart(stage, alpha, 100, 200);
    reconnect(stage, alpha);
    stage.becomes(bravo, { conn: "SyncTarget", disk: "Inconsistent" });
    becomeInSync(stage);
    stage.check(stage.record.sent(alpha, "P_RS_DATA_REPLY") >= 1, "blocks were sent");
    stage.check(/ 400 KB/.test(stage.record.lastNotice(bravo, "resync-began")), "400 KiB");
  },
};
