import { becomeInSync, bringUpInSync, reconnect } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Whichever node starts first, whichever leaves in order and comes back, both end Connected; nothing is synced when nothing was written.",
  run: (stage) => {
    bringUpInSync(stage);
    for (const node of [stage.alpha, stage.bravo]) {
      stage.do(node, { name: "disconnect" });
      stage.becomes(node, { conn: "StandAlone" });
      stage.becomes(stage.other(node), { conn: "WFConnection" });
      reconnect(stage, node);
      becomeInSync(stage);
    }
    stage.check(
      stage.record.notices(stage.alpha, "resync-began") === 0,
      "nothing was to be synced",
    );
  },
};
