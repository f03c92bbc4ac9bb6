import { bringUpInSync } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Both nodes ask for the Primary role at the same moment: one gets it, the other is refused.",
  run: (stage) => {
    bringUpInSync(stage);
    for (let round = 0; round < 6; round++) {
      let answers = 0;
      let promoted = 0;
      for (const node of [stage.alpha, stage.bravo]) {
        node.admin({ name: "primary" }, ({ ok }) => {
          answers++;
          if (ok) promoted++;
        });
        stage.advance(round / 10);
      }
      stage.until("both are answered", () => answers === 2);
      stage.check(promoted <= 1, "one Primary at most");
      for (const node of [stage.alpha, stage.bravo]) stage.do(node, { name: "secondary" });
      stage.advance(100);
    }
  },
};
