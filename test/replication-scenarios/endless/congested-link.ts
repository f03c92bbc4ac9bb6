import { Load } from "../../../sim/replication/stage/load.ts";
import {
  becomeInSync,
  bringUpInSync,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The guest writes more than the link carries, under protocol A, with a resync to do (drbd 46): it does not begin again and again, and ends when the guest has rested.",
  options: { net: { protocol: "A" } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo, world } = stage;
    writeApart(stage, alpha, 0, 300);
    world.network.setLink(alpha.address, bravo.address, { delayMs: 60, jitterMs: 30 });
    const load = new Load(stage, alpha, { from: 200, blocks: 600, everyMs: 1 });
    reconnect(stage, alpha);
    stage.becomes(bravo, { conn: "SyncTarget" });
    stage.advance(5000);
    load.stop();
    becomeInSync(stage);
    stage.check(stage.record.notices(bravo, "resync-began") === 1, "it began once");
  },
};
