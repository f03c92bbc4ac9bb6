import { bringUpInSync, promote } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";
import { StateCode } from "../../../src/core/replication/state/state-codes.ts";

export const scenario: Scenario = {
  asserts: "A second Primary is refused while there is one, with the words of DRBD.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    stage.refused(bravo, { name: "primary" }, StateCode.TwoPrimaries);
    stage.refused(bravo, { name: "primary", force: true }, StateCode.TwoPrimaries);
    stage.check(stage.status(bravo).role === "Secondary", "bravo stays Secondary");
    stage.write(alpha, 0);
  },
};
