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
    "invalidate throws away this copy and takes the peer's; a Primary without another good copy refuses.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    fill(stage, alpha, 0, 16);
    stage.laws.mayLose.add(bravo);
    stage.do(bravo, { name: "invalidate", volume: 0 });
    becomeInSync(stage);
    stage.laws.mayLose.add(alpha);
    stage.do(alpha, { name: "invalidate", volume: 0 });
    stage.write(alpha, 3);
    becomeInSync(stage);
    stage.do(bravo, { name: "disconnect" });
    stage.refused(alpha, { name: "invalidate", volume: 0 });
    reconnect(stage, bravo);
  },
};
