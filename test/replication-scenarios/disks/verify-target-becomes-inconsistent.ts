import {
  becomeInSync,
  bringUpInSync,
  fill,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The copy that is being verified is invalidated meanwhile: the verify ends, the resync runs, and both come to rest.",
  options: { net: { verifyAlg: "sha1" }, disk: { resyncRateKiBs: 4096 } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    fill(stage, alpha, 0, 32);
    stage.do(alpha, { name: "verify", volume: 0 });
    stage.becomes(bravo, { conn: "VerifyT" });
    stage.advance(50);
    stage.laws.mayLose.add(bravo);
    const first = stage.ask(bravo, { name: "invalidate", volume: 0 });
    if (!first.ok) {
      stage.bothBecome({ conn: "Connected" });
      stage.laws.mayLose.add(bravo);
      stage.do(bravo, { name: "invalidate", volume: 0 });
    }
    becomeInSync(stage);
  },
};
