import {
  becomeInSync,
  bringUpInSync,
  cut,
  demote,
  fill,
  mend,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A Primary without a disk loses the only copy; the copy is promoted and written to: the diskless one is refused until it is Secondary, and what it holds is not taken for newer.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    stage.record.expectErrors("connection-refused");
    stage.do(alpha, { name: "detach", volume: 0 });
    promote(stage, alpha);
    fill(stage, alpha, 0, 4);
    cut(stage);
    stage.do(bravo, { name: "primary" });
    fill(stage, bravo, 2, 6);
    stage.do(bravo, { name: "secondary" });
    mend(stage);
    stage.advance(10_000);
    if (stage.volume(alpha).conn !== "Connected") {
      demote(stage, alpha);
      for (const node of [alpha, bravo]) stage.ask(node, { name: "connect" });
    }
    stage.becomes(bravo, { conn: "Connected" });
    alpha.attach(0);
    becomeInSync(stage);
  },
};
