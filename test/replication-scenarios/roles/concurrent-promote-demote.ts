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
    "A promotion that finds the other node Primary waits a moment, and succeeds when that one is demoted or dies meanwhile.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    for (const end of ["demoted", "dead"] as const) {
      promote(stage, alpha);
      stage.write(alpha, 0);
      let ok: boolean | undefined;
      bravo.admin({ name: "primary" }, (result) => {
        ok = result.ok;
      });
      if (end === "demoted") demote(stage, alpha);
      else powerCut(stage, alpha);
      stage.until("the promotion is answered", () => ok !== undefined);
      if (ok !== true) stage.do(bravo, { name: "primary" });
      stage.write(bravo, 1);
      stage.do(bravo, { name: "secondary" });
      if (end === "dead") powerOn(alpha);
      becomeInSync(stage);
    }
  },
};
