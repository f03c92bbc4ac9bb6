import {
  bringUpInSync,
  fill,
  powerCut,
  powerOn,
  promote,
  reconnect,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Of two copies of one generation the one that is Inconsistent becomes the target, whoever crashed as Primary.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    fill(stage, alpha, 0, 8);
    powerCut(stage, alpha);
    stage.becomes(bravo, { conn: "WFConnection" });
    stage.do(bravo, { name: "disconnect" });
    powerOn(alpha);
    stage.becomes(alpha, { disk: "UpToDate", conn: "WFConnection" });
    stage.do(alpha, { name: "invalidate", volume: 0 });
    stage.becomes(alpha, { disk: "Inconsistent" });
    reconnect(stage, bravo);
    stage.becomes(alpha, { conn: "SyncTarget" });
  },
};
