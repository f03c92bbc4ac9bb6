import {
  becomeInSync,
  bringUpInSync,
  demote,
  powerCut,
  powerOn,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A Primary that wrote nothing dies: its peer is promoted, and afterwards nothing but the generation has changed.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    powerCut(stage, alpha);
    stage.becomes(bravo, { conn: "WFConnection" });
    promote(stage, bravo);
    powerOn(alpha);
    becomeInSync(stage);
    demote(stage, bravo);
    stage.do(alpha, { name: "primary" });
    stage.write(alpha, 0);
  },
};
