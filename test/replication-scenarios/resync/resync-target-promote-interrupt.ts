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
    "The target is Primary when the connection to its source breaks: it has no good data, says so, and goes on when the source is back.",
  options: { disk: { resyncRateKiBs: 2048 } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    writeApart(stage, alpha, 0, 1500);
    demote(stage, alpha);
    reconnect(stage, alpha);
    stage.becomes(bravo, { conn: "SyncTarget" });
    promote(stage, bravo);
    stage.write(bravo, 1400);
    cut(stage);
    const refused = stage.submit(bravo, 10);
    stage.until("an answer", () => refused.outcome !== undefined);
    stage.check(refused.outcome?.error !== undefined, "a write without good data is refused");
    mend(stage);
    becomeInSync(stage);
    stage.write(bravo, 10);
  },
};
