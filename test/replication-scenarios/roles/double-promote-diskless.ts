import { bringUpInSync } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Both nodes ask for the Primary role at the same moment, with their disks and one of them without: one gets it, the other is refused.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    for (let round = 0; round < 10; round++) {
      if (round === 5) stage.do(alpha, { name: "detach", volume: 0 });
      let answers = 0;
      let promoted = 0;
      for (const node of [alpha, bravo]) {
        node.admin({ name: "primary" }, ({ ok }) => {
          answers++;
          if (ok) promoted++;
        });
        stage.advance((round % 5) / 10);
      }
      stage.until("both are answered", () => answers === 2);
      stage.check(promoted <= 1, "one Primary at most");
      for (const node of [alpha, bravo]) stage.do(node, { name: "secondary" });
      stage.advance(100);
    }
    alpha.attach(0);
  },
};
