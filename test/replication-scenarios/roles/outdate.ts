import {
  becomeInSync,
  bringUpInSync,
  crash,
  demote,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";
import { StateCode } from "../../../src/core/replication/state/state-codes.ts";

export const scenario: Scenario = {
  asserts: "An Outdated copy refuses promotion, also after a restart, until it has been synced.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    stage.do(bravo, { name: "disconnect" });
    stage.do(bravo, { name: "outdate", volume: 0 });
    stage.refused(bravo, { name: "primary" }, StateCode.NoUpToDateDisk);
    crash(stage, bravo);
    bravo.start();
    stage.becomes(bravo, { disk: "Outdated" }, 1000);
    stage.refused(bravo, { name: "primary" }, StateCode.NoUpToDateDisk);
    stage.write(alpha, 5);
    becomeInSync(stage);
    demote(stage, alpha);
    stage.do(bravo, { name: "primary" });
  },
};
