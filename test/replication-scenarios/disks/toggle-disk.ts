import { Load } from "../../../sim/replication/stage/load.ts";
import { becomeInSync, bringUpInSync, promote } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A node lets go of its disk and takes it back, again and again, while the guest writes there: each time only what was missed is synced.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha } = stage;
    promote(stage, alpha);
    const load = new Load(stage, alpha, { from: 0, blocks: 40, everyMs: 5 });
    for (let round = 0; round < 5; round++) {
      stage.advance(100);
      stage.do(alpha, { name: "detach", volume: 0 });
      stage.advance(100);
      alpha.attach(0);
      becomeInSync(stage);
    }
    load.stop();
    const synced = / (\d+) KB/.exec(stage.record.lastNotice(alpha, "resync-began"));
    stage.check(Number(synced?.[1]) <= 160, `only what was missed: ${synced?.[1]} KiB`);
  },
};
