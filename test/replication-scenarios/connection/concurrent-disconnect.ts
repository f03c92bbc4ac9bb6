import {
  becomeInSync,
  bringUpInSync,
  demote,
  promote,
  reconnect,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Both nodes disconnect at the same moment: both commands end, both are StandAlone, nothing hangs.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    for (let round = 0; round < 5; round++) {
      promote(stage, alpha);
      stage.write(alpha, round);
      let answers = 0;
      for (const node of [alpha, bravo])
        node.admin({ name: "disconnect" }, () => {
          answers++;
        });
      stage.until("both are answered", () => answers === 2, 5000);
      for (const node of [alpha, bravo])
        if (stage.volume(node).conn !== "StandAlone") stage.do(node, { name: "disconnect" });
      stage.bothBecome({ conn: "StandAlone" });
      demote(stage, alpha);
      for (const node of [alpha, bravo]) reconnect(stage, node);
      becomeInSync(stage);
    }
  },
};
