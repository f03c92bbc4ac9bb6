import {
  becomeInSync,
  bringUpInSync,
  fill,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A disk that was left behind is attached while its peer is Primary: it is synced from the bitmap, not in full.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, bravo);
    stage.do(alpha, { name: "detach", volume: 0 });
    fill(stage, bravo, 30, 40);
    alpha.attach(0);
    becomeInSync(stage);
    stage.check(/ 40 KB/.test(stage.record.lastNotice(alpha, "resync-began")), "40 KiB, not all");
  },
};
