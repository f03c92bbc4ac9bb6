import {
  becomeInSync,
  bringUpInSync,
  fill,
  promote,
  reconnect,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The Secondary leaves in order, or by force, while the Primary writes: on its return only what was written meanwhile is synced.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    for (const force of [false, true]) {
      stage.do(bravo, { name: "disconnect", force });
      stage.becomes(alpha, { conn: "WFConnection" });
      fill(stage, alpha, 20, 30);
      reconnect(stage, bravo);
      becomeInSync(stage);
      stage.check(
        / 40 KB/.test(stage.record.lastNotice(bravo, "resync-began")),
        "40 KiB are synced",
      );
    }
  },
};
