import { Load } from "../../../sim/replication/stage/load.ts";
import {
  becomeInSync,
  bringUpInSync,
  mend,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The guest writes more than the link carries for a long time, with pull-ahead (drbd 46): Ahead and SyncSource follow each other at leisure, the peer gets on meanwhile, and when the guest rests it ends.",
  options: { net: { protocol: "A", onCongestion: "pull-ahead", congestionFillBytes: 100 * 1024 } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo, world } = stage;
    world.network.setLink(alpha.address, bravo.address, { delayMs: 100, jitterMs: 0 });
    promote(stage, alpha);
    const load = new Load(stage, alpha, { from: 0, blocks: 400, everyMs: 3 });
    const before = stage.record.notices(alpha, "resync-began");
    stage.advance(6000);
    const began = stage.record.notices(alpha, "resync-began") - before;
    stage.check(began <= 6, `${began} resyncs began in 6 s`);
    stage.check(load.acked > 1000, `${load.acked} writes in 6 s`);
    load.stop();
    becomeInSync(stage);
    mend(stage);
  },
};
