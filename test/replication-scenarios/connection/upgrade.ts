import {
  becomeInSync,
  bringUpInSync,
  demote,
  fill,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A node is stopped in order and started again, as for an upgrade, one after the other, while the guest moves along: no resync but of what was written meanwhile.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    for (const [serving, upgraded] of [
      [alpha, bravo],
      [bravo, alpha],
    ] as const) {
      if (stage.status(serving).role !== "Primary") {
        demote(stage, upgraded);
        promote(stage, serving);
      }
      stage.do(upgraded, { name: "disconnect" });
      stage.do(upgraded, { name: "detach", volume: 0 });
      upgraded.crash();
      fill(stage, serving, 0, 10);
      upgraded.start();
      becomeInSync(stage);
      stage.check(/ 40 KB/.test(stage.record.lastNotice(upgraded, "resync-began")), "40 KiB");
    }
  },
};
